import { describe, expect, it } from 'vitest';
import { FanOut, type FanOutClock, type Receiver } from './fan-out.js';
import type { HubMessage } from './hub-message.js';
import { PushState } from './push.js';

const message = (name: string): HubMessage => ({
  address: 'g:x',
  topic: name,
  delivery: 'reliable',
  key: '',
  where: undefined,
  payload: new Uint8Array(0),
  sequence: 0,
  bytes: undefined,
  push: new PushState(),
  name: '',
  id: '',
  namedBytes: undefined,
  isRepeated: false,
});

function fail(error: unknown): never {
  throw error;
}

/** A clock on which each delivery takes a ms, and turns of the event loop that the test gives. */
class TestClock implements FanOutClock {
  nowMs = 0;
  readonly turns: (() => void)[] = [];
  readonly log: string[] = [];

  now(): number {
    return this.nowMs;
  }

  defer(run: () => void): void {
    this.turns.push(run);
  }

  yield(run: () => void): void {
    this.log.push('|');
    this.turns.push(run);
  }

  turn(): boolean {
    const run = this.turns.shift();
    run?.();
    return run !== undefined;
  }

  receiver(name: string): Receiver {
    return {
      deliver: (messages) => {
        this.nowMs++;
        this.log.push(`${name}:${messages.map(({ topic }) => topic).join('')}`);
      },
    };
  }
}

describe('fan-out', () => {
  it('hands pushes of one tick to the same receivers together, after the tick', () => {
    const clock = new TestClock();
    const fanOut = new FanOut(clock, 1000, fail);
    const both = [clock.receiver('1'), clock.receiver('2')];
    fanOut.add(message('a'), both);
    fanOut.add(message('b'), both);
    expect(clock.log).toEqual([]);
    clock.turn();
    expect(clock.log).toEqual(['1:ab', '2:ab']);
    expect(clock.turn()).toBe(false);
    expect(fanOut.pending).toBe(0);
  });

  it('keeps the order of pushes to different receivers', () => {
    const clock = new TestClock();
    const fanOut = new FanOut(clock, 1000, fail);
    const one = clock.receiver('1');
    const all = [one, clock.receiver('2')];
    fanOut.add(message('a'), all);
    fanOut.add(message('b'), [one]);
    fanOut.add(message('c'), all);
    clock.turn();
    expect(clock.log).toEqual(['1:a', '2:a', '1:b', '1:c', '2:c']);
  });

  it('does not join pushes with different filters', () => {
    const clock = new TestClock();
    const fanOut = new FanOut(clock, 1000, fail);
    const [one, two] = [clock.receiver('1'), clock.receiver('2')];
    const all = [one, two];
    fanOut.add(message('a'), all, (receiver) => receiver === one);
    fanOut.add(message('b'), all, (receiver) => receiver === two);
    fanOut.add(message('c'), all);
    clock.turn();
    expect(clock.log).toEqual(['1:a', '2:b', '1:c', '2:c']);
  });

  it('yields when its time is used up, goes on where it was, and does not let later pushes overtake', () => {
    const clock = new TestClock();
    const fanOut = new FanOut(clock, 20, fail);
    const many = Array.from({ length: 100 }, (_, i) => clock.receiver(String(i)));
    const first = message('a');
    fanOut.add(first, many);
    clock.turn();
    expect(clock.log.filter((line) => line === '|')).toHaveLength(1);
    const slice = clock.log.length - 1;
    // The clock is looked at every 16.
    expect(slice).toBeGreaterThanOrEqual(20);
    expect(slice).toBeLessThanOrEqual(20 + 16);
    expect(first.push?.isDone).toBe(false);
    // The job has begun: what comes now must not be taken for a part of it.
    fanOut.add(message('b'), many);
    while (clock.turn());
    const got = clock.log.filter((line) => line !== '|');
    expect(got).toEqual([
      ...Array.from({ length: 100 }, (_, i) => `${i}:a`),
      ...Array.from({ length: 100 }, (_, i) => `${i}:b`),
    ]);
    expect(first.push?.isDone).toBe(true);
  });

  it('tells when every receiver has been seen to', async () => {
    const clock = new TestClock();
    const fanOut = new FanOut(clock, 1000, fail);
    const pushed = message('a');
    fanOut.add(pushed, [clock.receiver('1')]);
    const done = pushed.push?.done;
    clock.turn();
    expect(await done).toEqual({ sent: 0, queued: 0, coalesced: 0, dropped: 0, gone: 0 });
    expect(await pushed.push?.done).toEqual(await done);
  });
});
