import { describe, expect, it } from 'vitest';
import { LabError } from '../lab-error.js';
import { VirtualTime } from './virtual-time.js';

describe('VirtualTime', () => {
  it('runs what is due in order of time, then of scheduling, and shows its time', async () => {
    const time = new VirtualTime({ startMs: 100 });
    const log: string[] = [];
    const tell = (what: string) => () => log.push(`${what} ${time.now()}`);
    time.schedule(20, tell('late'));
    time.schedule(10, tell('a'));
    time.schedule(10, tell('b'));
    time.schedule(5, () => time.schedule(5, tell('c')));
    time.scheduleAt(0, tell('past'));
    await time.advance(15);
    expect(log).toEqual(['past 100', 'a 110', 'b 110', 'c 110']);
    expect(time.now()).toBe(115);
    await time.advance(4.5);
    expect(time.now()).toBe(119.5);
    expect(log).toHaveLength(4);
    await time.advance(1);
    expect(log.at(-1)).toBe('late 120');
  });

  it('keeps the order of thousands of events that come in any order', async () => {
    const time = new VirtualTime();
    const seen: number[] = [];
    for (let i = 0; i < 2000; i++) {
      const at = (i * 7919) % 501;
      const cancel = time.schedule(at, () => seen.push(at));
      if (i % 3 === 0) cancel();
    }
    await time.advance(501);
    expect(seen).toHaveLength(1333);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(time.waiting()).toEqual([]);
  });

  it('repeats, until it is called off, also from within', async () => {
    const time = new VirtualTime();
    const seen: number[] = [];
    const stop = time.every(10, () => seen.push(time.now()));
    const stopSelf = time.every(7, () => {
      seen.push(-1);
      stopSelf();
    });
    await time.advance(35);
    stop();
    await time.advance(35);
    expect(seen).toEqual([-1, 10, 20, 30]);
  });

  it('lets what an event begins settle before the next one: jobs, ticks, immediates, and those of those', async () => {
    const time = new VirtualTime();
    const log: string[] = [];
    time.schedule(1, () => {
      void (async () => {
        await Promise.resolve();
        log.push('job');
        await new Promise<void>((resolve) => {
          process.nextTick(resolve);
        });
        log.push('tick');
        for (let i = 0; i < 5; i++) {
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
        }
        log.push('immediates');
        time.schedule(0, () => log.push('scheduled'));
      })();
    });
    time.schedule(1, () => log.push('next'));
    await time.advance(1);
    expect(log).toEqual(['job', 'tick', 'immediates', 'next', 'scheduled']);
  });

  it('goes on though somebody uses setImmediate for ever', async () => {
    const time = new VirtualTime();
    let isOn = true;
    const spin = () => {
      if (isOn) setImmediate(spin);
    };
    spin();
    await time.advance(10);
    isOn = false;
    expect(time.now()).toBe(10);
  });

  it('runs until a promise settles, or something is true, and stops right there', async () => {
    const time = new VirtualTime();
    time.every(10, () => {});
    expect(await time.runUntil(time.delay(25).then(() => 'done'))).toBe('done');
    expect(time.now()).toBe(25);
    await expect(time.runUntil(time.delay(5).then(() => Promise.reject(new Error('no'))))).rejects.toThrow('no');
    expect(await time.runUntil(() => time.now() >= 50 && time.now())).toBe(50);
    expect(await time.runUntil(Promise.resolve(1))).toBe(1);
    expect(time.now()).toBe(50);
  });

  it('says so when nothing is scheduled, or it takes too long', async () => {
    const time = new VirtualTime({ note: 'seed 5' });
    const never = new Promise<void>(() => {});
    await expect(time.runUntil(never)).rejects.toThrow(/nothing is scheduled any more at 0 ms.*seed 5/);
    time.every(10, () => {});
    time.schedule(1500, () => {}, 'the answer');
    const error: unknown = await time.runUntil(never, { limitMs: 1000 }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).message).toBe(
      'what runUntil waits for has not happened within 1000 ms, at 1000 ms (seed 5). Scheduled are:\n' +
        '  at 1010 ms: a timer of every 10 ms\n  at 1500 ms: the answer',
    );
  });

  it('gives what an event throws to who lets time pass, and goes on afterwards', async () => {
    const time = new VirtualTime();
    time.schedule(1, () => {
      throw new Error('broken');
    });
    await expect(time.advance(5)).rejects.toThrow('broken');
    await time.advance(5);
    expect(time.now()).toBe(6);
  });

  it('is not moved by two at once', async () => {
    const time = new VirtualTime();
    const first = time.advance(5);
    await expect(time.advance(5)).rejects.toThrow('side by side');
    await first;
    expect(time.now()).toBe(5);
  });

  it('passes an hour of a timer of 10 ms in a moment', async () => {
    const time = new VirtualTime();
    let count = 0;
    time.every(10, () => count++);
    const begin = performance.now();
    await time.advance(3_600_000);
    expect(count).toBe(360_000);
    // 0.5 s where this was written.
    expect(performance.now() - begin).toBeLessThan(10_000);
  });
});
