import type { Logged } from './address-log.js';

/** The log of one address while it is being merged with others. */
interface Head {
  next: Logged;
  readonly entries: IterableIterator<Logged>;
}

/** Merges the logs of many addresses by their numbers, in a heap: with so many addresses each entry costs their logarithm. */
export class EarliestFirst {
  readonly #heap: Head[] = [];

  /** Adds the log of an address, each entry of which comes before the next. */
  add(entries: IterableIterator<Logged>): void {
    const first = entries.next();
    if (first.done === true) return;
    const head: Head = { next: first.value, entries };
    let at = this.#heap.push(head) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (this.#number(above) <= head.next.message.sequence) break;
      this.#heap[at] = this.#heap[above] as Head;
      at = above;
    }
    this.#heap[at] = head;
  }

  get isEmpty(): boolean {
    return this.#heap.length === 0;
  }

  /** Takes out the entry with the lowest number; undefined when there is none. */
  take(): Logged | undefined {
    const head = this.#heap[0];
    if (head === undefined) return undefined;
    const taken = head.next;
    const following = head.entries.next();
    if (following.done === true) {
      const last = this.#heap.pop() as Head;
      if (this.#heap.length > 0) this.#sink(last);
    } else {
      head.next = following.value;
      this.#sink(head);
    }
    return taken;
  }

  #number(at: number): number {
    return this.#heap[at]?.next.message.sequence ?? Number.POSITIVE_INFINITY;
  }

  /** Puts a head at the top, and lets it sink to its place. */
  #sink(head: Head): void {
    const { sequence } = head.next.message;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const below = this.#number(left + 1) < this.#number(left) ? left + 1 : left;
      if (this.#number(below) >= sequence) break;
      this.#heap[at] = this.#heap[below] as Head;
      at = below;
    }
    this.#heap[at] = head;
  }
}
