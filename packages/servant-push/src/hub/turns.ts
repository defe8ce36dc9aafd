import { Fifo } from './fifo.js';

/** What waits at one connection. */
interface Line {
  readonly waiting: Fifo<() => void>;
  bytes: number;
}

/**
 * Runs what each connection asks for one after the other, in the order in which it was asked: the next begins when the one before it has
 * ended, however long its hooks take.
 */
export class Turns {
  readonly #lines = new Map<number, Line>();
  readonly #maxWaiting: number;
  readonly #maxBytes: number;

  /** @param maxWaiting how many may wait at one connection. @param maxBytes of all of them. */
  constructor(maxWaiting: number, maxBytes: number) {
    this.#maxWaiting = maxWaiting;
    this.#maxBytes = maxBytes;
  }

  /** Whether something of a connection runs or waits. */
  isBusy(uid: number): boolean {
    return this.#lines.size > 0 && this.#lines.has(uid);
  }

  /**
   * Runs it now, or when its turn comes.
   *
   * @param bytes what is kept alive while it waits.
   * @returns what it returns; undefined when more would wait than may: it does not run then.
   */
  run<T>(uid: number, bytes: number, task: () => T | Promise<T>): T | Promise<T> | undefined {
    const line = this.#lines.get(uid);
    if (line === undefined) {
      const result = task();
      if (!(result instanceof Promise)) return result;
      this.#lines.set(uid, { waiting: new Fifo(), bytes: 0 });
      return this.#ending(uid, result);
    }
    if (line.waiting.size >= this.#maxWaiting || line.bytes + bytes > this.#maxBytes) return undefined;
    line.bytes += bytes;
    return new Promise<T>((resolve) => {
      line.waiting.push(() => {
        line.bytes -= bytes;
        // What it throws at once rejects the promise too.
        resolve(this.#ending(uid, new Promise<T>((run) => run(task()))));
      });
    });
  }

  async #ending<T>(uid: number, running: Promise<T>): Promise<T> {
    try {
      return await running;
    } finally {
      const line = this.#lines.get(uid);
      const next = line?.waiting.shift();
      if (next === undefined) this.#lines.delete(uid);
      else next();
    }
  }
}
