import type { Current } from '../current.js';

/** Reading stops when so many requests of one connection wait, and goes on when there are few. */
const MANY = 64;
const FEW = 16;
/** So many places at the front are left empty before the rest moves up: moving it for each would cost the square of their number. */
const EMPTY_PLACES = 1024;

/** A request that waits for the one before it. */
export interface OrderedRequest {
  readonly current: Current;
  readonly addedMs: number;
  /** False: it is refused when its turn comes. */
  readonly isAdmitted: boolean;
}

/** The requests of one connection that wait for the one before them. */
export class OrderedRequests {
  #waiting: (OrderedRequest | undefined)[] = [];
  #first = 0;

  get size(): number {
    return this.#waiting.length - this.#first;
  }

  /** Whether the peer shall not send more for now. */
  get isFull(): boolean {
    return this.size >= MANY;
  }

  /** Whether the peer, stopped before, may send again. */
  get isLow(): boolean {
    return this.size <= FEW;
  }

  add(request: OrderedRequest): void {
    this.#waiting.push(request);
  }

  take(): OrderedRequest | undefined {
    const waiting = this.#waiting;
    const request = waiting[this.#first];
    if (request === undefined) return undefined;
    waiting[this.#first++] = undefined;
    if (this.#first === waiting.length) {
      this.#waiting = [];
      this.#first = 0;
    } else if (this.#first >= EMPTY_PLACES && this.#first * 2 >= waiting.length) {
      this.#waiting = waiting.slice(this.#first);
      this.#first = 0;
    }
    return request;
  }
}
