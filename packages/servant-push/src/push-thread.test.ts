import { LogLevel, setLogger, setLogLevel } from '@tarsier/framework';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PushThread } from './push-thread.js';

class TestThread extends PushThread {
  readonly #run: (thread: TestThread) => void | Promise<void>;

  constructor(run: (thread: TestThread) => void | Promise<void> = () => {}) {
    super();
    this.#run = run;
  }

  override run(): void | Promise<void> {
    return this.#run(this);
  }
}

const logged: unknown[] = [];
const ignore = () => {};

beforeEach(() => {
  vi.useFakeTimers();
  logged.length = 0;
  setLogLevel(LogLevel.ERROR);
  setLogger({ debug: ignore, info: ignore, warn: ignore, error: (...line) => logged.push(line) });
});

afterEach(() => {
  setLogger(undefined);
  setLogLevel(LogLevel.INFO);
  vi.useRealTimers();
});

describe('the loop', () => {
  it('runs after start has returned, until it is terminated', async () => {
    let rounds = 0;
    const thread = new TestThread(async (self) => {
      while (!self.isTerminated) {
        rounds++;
        await self.timedWait(1000);
      }
    });
    expect(thread.isAlive).toBe(false);
    thread.start();
    expect(rounds).toBe(0);
    expect(thread.isAlive).toBe(true);
    await vi.advanceTimersByTimeAsync(2999);
    expect(rounds).toBe(3);
    thread.terminate();
    await thread.join();
    expect(rounds).toBe(3);
    expect(thread.isAlive).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('runs once only', async () => {
    const thread = new TestThread();
    thread.start();
    expect(() => thread.start()).toThrow(expect.objectContaining({ code: 'TARSIER_INVALID_ARGUMENT' }));
    await thread.join();
    expect(() => thread.start()).toThrow('a push thread runs once');
  });

  it('does not run when it was terminated before', async () => {
    const run = vi.fn();
    const thread = new TestThread(run);
    thread.terminate();
    thread.start();
    await thread.join();
    expect(run).not.toHaveBeenCalled();
  });

  it('does not run when it is terminated before its first turn', async () => {
    const run = vi.fn();
    const thread = new TestThread(run);
    thread.start();
    thread.terminate();
    await thread.join();
    expect(run).not.toHaveBeenCalled();
  });

  it('joins at once when it was never started', async () => {
    await expect(new TestThread().join()).resolves.toBeUndefined();
  });

  it.each([
    ['throws', () => Promise.resolve().then(() => Promise.reject(new Error('broken')))],
    [
      'throws synchronously',
      () => {
        throw new Error('broken');
      },
    ],
  ])('ends when run %s: logged, and told to who joins', async (_what, run) => {
    const thread = new TestThread(run);
    thread.start();
    await expect(thread.join()).rejects.toThrow('broken');
    expect(thread.isAlive).toBe(false);
    expect(logged).toEqual([
      [expect.any(String), { thread: 'TestThread', err: expect.objectContaining({ message: 'broken' }) }],
    ]);
  });

  it('wakes others that wait with it when it fails', async () => {
    const thread = new TestThread(() => Promise.reject(new Error('broken')));
    const wait = thread.timedWait(1000);
    thread.start();
    await expect(wait).resolves.toBe(true);
    await expect(thread.join()).rejects.toThrow('broken');
  });
});

describe('timedWait', () => {
  it('resolves with false when the time is over, not before', async () => {
    const thread = new TestThread();
    const woken = vi.fn();
    void thread.timedWait(1000).then(woken);
    await vi.advanceTimersByTimeAsync(999);
    expect(woken).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(woken).toHaveBeenCalledExactlyOnceWith(false);
  });

  it('resolves with true when notified, the longest wait first', async () => {
    const thread = new TestThread();
    const first = thread.timedWait(1000);
    const second = vi.fn();
    void thread.timedWait(1000).then(second);
    thread.notify();
    await expect(first).resolves.toBe(true);
    expect(second).not.toHaveBeenCalled();
    thread.notify();
    await vi.advanceTimersByTimeAsync(0);
    expect(second).toHaveBeenCalledExactlyOnceWith(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('resolves for all with notifyAll, and loses a notification that nobody waits for', async () => {
    const thread = new TestThread();
    thread.notify();
    thread.notifyAll();
    const waits = [thread.timedWait(1000), thread.timedWait(1000)];
    expect(vi.getTimerCount()).toBe(2);
    thread.notifyAll();
    await expect(Promise.all(waits)).resolves.toEqual([true, true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is over when the thread is terminated, and at once afterwards', async () => {
    const thread = new TestThread();
    const wait = thread.timedWait(1000);
    thread.terminate();
    await expect(wait).resolves.toBe(true);
    const late = thread.timedWait(1000);
    await vi.advanceTimersByTimeAsync(0);
    await expect(late).resolves.toBe(true);
  });

  it('leaves the event loop alive under a loop that ignores its end', async () => {
    vi.useRealTimers();
    let isEnough = false;
    const thread = new TestThread(async (self) => {
      while (!isEnough) await self.timedWait(1000);
    });
    thread.start();
    await Promise.resolve();
    thread.terminate();
    await new Promise((resolve) => setTimeout(resolve, 0));
    isEnough = true;
    await thread.join();
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31])('rejects %s ms', async (ms) => {
    await expect(new TestThread().timedWait(ms)).rejects.toMatchObject({ code: 'TARSIER_INVALID_ARGUMENT' });
  });
});
