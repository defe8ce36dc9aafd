/** Something that shall be flushed at the end of the tick. */
export interface Flushable {
  flush(): void;
}

/** Runs a function when the running code and all that it has started synchronously is done. */
export type Defer = (run: () => void) => void;

/**
 * Collects what was written to in this tick and flushes each once at its end.
 *
 * In Node `defer` is `process.nextTick`: asked for while promise jobs run, it comes after all of them, so the answers of
 * many async handlers leave together.
 */
export class FlushList {
  #items: Flushable[] = [];
  #isScheduled = false;
  readonly #defer: Defer;
  readonly #run: () => void = () => {
    this.#flush();
  };

  constructor(defer: Defer) {
    this.#defer = defer;
  }

  /** Adds an item; the caller sees to it that it does not add one twice before its flush. */
  add(item: Flushable): void {
    this.#items.push(item);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#defer(this.#run);
  }

  #flush(): void {
    const items = this.#items;
    this.#items = [];
    this.#isScheduled = false;
    let done = 0;
    try {
      for (const item of items) {
        done++;
        item.flush();
      }
    } finally {
      // One that throws must not keep the others from their flush.
      for (; done < items.length; done++) this.add(items[done] as Flushable);
    }
  }
}
