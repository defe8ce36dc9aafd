import { FlushList } from '@tarsier/protocol/internal';
import { describe, expect, it } from 'vitest';
import { ClientClock } from './client-clock.js';
import { Deadline } from './deadline.js';
import { ManualTime } from './manual-time.testkit.js';

class Alarm extends Deadline {
  /** What the clock showed when it rang, each time. */
  readonly rang: number[] = [];

  override expire(nowMs: number): void {
    this.rang.push(nowMs);
  }
}

function makeClock(): { clock: ClientClock; time: ManualTime; endTick: () => void } {
  let run: (() => void) | undefined;
  const time = new ManualTime();
  const clock = new ClientClock(
    1,
    new FlushList((flush) => {
      run = flush;
    }),
    time,
  );
  return { clock, time, endTick: () => run?.() };
}

describe('ClientClock', () => {
  it('reads the clock once per tick', async () => {
    const { clock, time, endTick } = makeClock();
    const first = clock.now();
    await time.advance(2);
    expect([clock.now(), clock.recentMs, clock.read()]).toEqual([first, first, first + 2]);
    endTick();
    expect([clock.now(), clock.recentMs]).toEqual([first + 2, first + 2]);
  });

  it('lets deadlines expire in their order, never early, and runs no timer when none waits', async () => {
    const { clock, time, endTick } = makeClock();
    const [early, late, never] = [new Alarm(), new Alarm(), new Alarm()];
    expect([clock.isRunning, time.timers]).toEqual([false, 0]);
    clock.add(late, 20);
    clock.add(early, 5);
    clock.add(never, 1);
    clock.remove(never);
    const stopTicks = time.every(1, endTick);
    await time.advance(4);
    expect([early.rang, late.rang, clock.size]).toEqual([[], [], 2]);
    await time.advance(1);
    expect([early.rang, late.rang, clock.size]).toEqual([[5], [], 1]);
    await time.advance(14);
    expect([early.rang, late.rang, clock.isRunning]).toEqual([[5], [], true]);
    await time.advance(1);
    expect([early.rang, late.rang, never.rang]).toEqual([[5], [20], []]);
    stopTicks();
    expect([clock.size, clock.isRunning, time.timers]).toEqual([0, false, 0]);
  });

  it('stops at once when told that it may', () => {
    const { clock, time } = makeClock();
    const alarm = new Alarm();
    clock.add(alarm, 1000);
    clock.stopIfIdle();
    expect([clock.isRunning, time.timers]).toEqual([true, 1]);
    clock.remove(alarm);
    clock.stopIfIdle();
    expect([clock.isRunning, time.timers]).toEqual([false, 0]);
  });
});
