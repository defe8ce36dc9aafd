import type { TimeSource } from '@tarsier/protocol';

interface Interval {
  readonly everyMs: number;
  nextMs: number;
  readonly run: () => void;
}

/** A clock that a test moves by hand. */
export class ManualTime implements TimeSource {
  readonly #intervals = new Set<Interval>();
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  every(ms: number, run: () => void): () => void {
    const interval: Interval = { everyMs: ms, nextMs: this.#nowMs + ms, run };
    this.#intervals.add(interval);
    return () => {
      this.#intervals.delete(interval);
    };
  }

  /** Timers that run. */
  get timers(): number {
    return this.#intervals.size;
  }

  /** Lets time pass; between two timers all that was deferred runs. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      await turn();
      let next: Interval | undefined;
      for (const one of this.#intervals) if (next === undefined || one.nextMs < next.nextMs) next = one;
      if (next === undefined || next.nextMs > endMs) break;
      this.#nowMs = next.nextMs;
      next.nextMs += next.everyMs;
      next.run();
    }
    this.#nowMs = endMs;
    await turn();
  }

  /** Time passes while the process cannot do anything: no timer runs before all of it is over. */
  async freeze(ms: number): Promise<void> {
    this.#nowMs += ms;
    for (const one of Array.from(this.#intervals)) {
      one.nextMs = this.#nowMs + one.everyMs;
      one.run();
    }
    await turn();
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
