import { afterEach, describe, expect, it, vi } from 'vitest';
import { onRestartSignal, onShutdownSignal, onWorkerSignal, type SignalClock } from './shutdown-signals.js';

/** A clock that the test moves. */
class Clock implements SignalClock {
  #nowMs = 0;
  readonly #timers = new Map<() => void, number>();

  now(): number {
    return this.#nowMs;
  }

  after(ms: number, run: () => void): () => void {
    this.#timers.set(run, this.#nowMs + ms);
    return () => this.#timers.delete(run);
  }

  /** @param isStuck the loop stands still: no timer runs. */
  move(ms: number, isStuck = false): void {
    this.#nowMs += ms;
    if (isStuck) return;
    for (const [run, dueMs] of this.#timers) {
      if (dueMs > this.#nowMs) continue;
      this.#timers.delete(run);
      run();
    }
  }

  get timers(): number {
    return this.#timers.size;
  }
}

const names = ['SIGINT', 'SIGTERM', 'SIGUSR2'] as const;
const counts = (): number[] => names.map((name) => process.listenerCount(name));

describe('signals', () => {
  const before = counts();
  let clock = new Clock();
  let remove = (): void => {};

  afterEach(() => {
    remove();
    vi.restoreAllMocks();
    expect(counts()).toEqual(before);
    clock = new Clock();
  });

  it.each([
    ['SIGTERM', 'SIGTERM'],
    ['SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGINT'],
    ['SIGINT', 'SIGTERM'],
  ] as const)('%s and %s within a second are one order', (first, second) => {
    const orders: string[] = [];
    remove = onShutdownSignal((signal) => orders.push(signal), clock);
    process.emit(first, first);
    for (const ms of [30, 0, 969]) {
      clock.move(ms);
      process.emit(second, second);
    }
    expect(orders).toEqual([first]);
  });

  it('leaves a signal after that to the system, which ends the process', () => {
    remove = onShutdownSignal(() => {}, clock);
    process.emit('SIGTERM', 'SIGTERM');
    clock.move(1000);
    expect(counts()).toEqual(before);
  });

  it('ends the process at a later signal also when the loop stood still meanwhile', () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    remove = onShutdownSignal(() => {}, clock);
    process.emit('SIGTERM', 'SIGTERM');
    clock.move(1000, true);
    process.emit('SIGINT', 'SIGINT');
    expect(kill.mock.calls).toEqual([[process.pid, 'SIGINT']]);
    expect(counts()).toEqual(before);
  });

  it('keeps no timer when it is over', () => {
    const stop = onShutdownSignal(() => {}, clock);
    process.emit('SIGTERM', 'SIGTERM');
    expect(clock.timers).toBe(1);
    stop();
    expect(clock.timers).toBe(0);
  });

  it('does the same with SIGTERM in a worker, which leaves the other signals to its supervisor', () => {
    const orders: string[] = [];
    remove = onWorkerSignal((signal) => orders.push(signal), clock);
    process.emit('SIGINT', 'SIGINT');
    process.emit('SIGUSR2', 'SIGUSR2');
    process.emit('SIGTERM', 'SIGTERM');
    clock.move(999);
    process.emit('SIGTERM', 'SIGTERM');
    expect(orders).toEqual(['SIGTERM']);
    clock.move(1);
    expect(process.listenerCount('SIGTERM')).toBe(before[1]);
    // It must not end while it does what SIGTERM has told it.
    expect(process.listenerCount('SIGINT')).toBe((before[0] ?? 0) + 1);
  });

  it('restarts once for what comes within a second', () => {
    let restarts = 0;
    remove = onRestartSignal(() => restarts++, clock);
    for (const ms of [0, 30, 969, 1, 30]) {
      clock.move(ms);
      process.emit('SIGUSR2', 'SIGUSR2');
    }
    expect(restarts).toBe(2);
  });
});
