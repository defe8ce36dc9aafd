import type { Current } from '../current.js';

/** Reading stops when so many requests of one connection wait, and goes on when there are few. */
const MANY = 64;
const FEW = 16;

/** The requests of one connection that wait for the one before them. */
export class OrderedRequests {
  readonly #waiting: { current: Current; addedMs: number }[] = [];
  /** When the request that was taken last was added. */
  takenAddedMs = 0;

  get size(): number {
    return this.#waiting.length;
  }

  /** Whether the peer shall not send more for now. */
  get isFull(): boolean {
    return this.#waiting.length >= MANY;
  }

  /** Whether the peer, stopped before, may send again. */
  get isLow(): boolean {
    return this.#waiting.length <= FEW;
  }

  add(current: Current, addedMs: number): void {
    this.#waiting.push({ current, addedMs });
  }

  take(): Current | undefined {
    const first = this.#waiting.shift();
    if (first !== undefined) this.takenAddedMs = first.addedMs;
    return first?.current;
  }
}
