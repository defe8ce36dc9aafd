/** Something that is to happen at a time. */
export interface TimedEvent {
  atMs: number;
  /** Order among events of one time. */
  serial: number;
  /** Undefined when it was called off. */
  run: (() => void) | undefined;
  /** 0: once. */
  readonly everyMs: number;
  /** For messages, as `a delivery on #1`. */
  readonly what: string;
}

function isBefore(a: TimedEvent, b: TimedEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.serial < b.serial);
}

/** Events in order of time, then of serial: a binary heap. */
export class EventQueue {
  readonly #heap: TimedEvent[] = [];

  /** The next event, those called off passed over; undefined when there is none. */
  peek(): TimedEvent | undefined {
    let first = this.#heap[0];
    while (first !== undefined && first.run === undefined) {
      this.#removeFirst();
      first = this.#heap[0];
    }
    return first;
  }

  /** Takes the event that `peek` gave. */
  pop(): void {
    this.#removeFirst();
  }

  push(event: TimedEvent): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(event);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up] as TimedEvent;
      if (!isBefore(event, parent)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = event;
  }

  /** Those that wait, soonest first. */
  list(): TimedEvent[] {
    return this.#heap.filter((event) => event.run !== undefined).toSorted((a, b) => (isBefore(a, b) ? -1 : 1));
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= heap.length) break;
      const right = heap[down + 1];
      if (right !== undefined && isBefore(right, heap[down] as TimedEvent)) down++;
      const child = heap[down] as TimedEvent;
      if (isBefore(last, child)) break;
      heap[at] = child;
      at = down;
    }
    heap[at] = last;
  }
}
