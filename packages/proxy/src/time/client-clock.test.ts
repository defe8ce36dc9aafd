import { FlushList } from '@tarsier/protocol/internal';
import { describe, expect, it } from 'vitest';
import { ClientClock } from './client-clock.js';
import { Deadline } from './deadline.js';
import { systemTime } from './system-time.js';

class Alarm extends Deadline {
  readonly rang: Promise<number>;
  #ring: (nowMs: number) => void = () => undefined;

  constructor() {
    super();
    this.rang = new Promise((resolve) => {
      this.#ring = resolve;
    });
  }

  override expire(nowMs: number): void {
    this.#ring(nowMs);
  }
}

function makeClock(): { clock: ClientClock; endTick: () => void } {
  let run: (() => void) | undefined;
  const clock = new ClientClock(
    1,
    new FlushList((flush) => {
      run = flush;
    }),
    systemTime,
  );
  return { clock, endTick: () => run?.() };
}

describe('ClientClock', () => {
  it('reads the clock once per tick', () => {
    const { clock, endTick } = makeClock();
    const first = clock.now();
    const until = performance.now() + 2;
    while (performance.now() < until);
    expect(clock.now()).toBe(first);
    endTick();
    expect(clock.now()).toBeGreaterThanOrEqual(first + 2);
    expect(clock.recentMs).toBe(clock.now());
  });

  it('lets deadlines expire in their order, never early, and runs no timer when none waits', async () => {
    const { clock, endTick } = makeClock();
    const [early, late, never] = [new Alarm(), new Alarm(), new Alarm()];
    const begin = performance.now();
    expect(clock.isRunning).toBe(false);
    clock.add(late, begin + 20);
    clock.add(early, begin + 5);
    clock.add(never, begin + 1);
    clock.remove(never);
    const ticks = setInterval(endTick, 1);
    const earlyMs = await early.rang;
    const lateMs = await late.rang;
    clearInterval(ticks);
    expect(earlyMs).toBeGreaterThanOrEqual(begin + 5);
    expect(lateMs).toBeGreaterThanOrEqual(begin + 20);
    expect(lateMs).toBeGreaterThan(earlyMs);
    expect([clock.size, clock.isRunning]).toEqual([0, false]);
  });

  it('stops at once when told that it may', () => {
    const { clock } = makeClock();
    const alarm = new Alarm();
    clock.add(alarm, performance.now() + 1000);
    clock.stopIfIdle();
    expect(clock.isRunning).toBe(true);
    clock.remove(alarm);
    clock.stopIfIdle();
    expect(clock.isRunning).toBe(false);
  });
});
