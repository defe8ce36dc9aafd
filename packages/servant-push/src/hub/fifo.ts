/** Taken entries at the front are cut off when there are so many. */
const CUT = 256;

/** A queue in an array; amortized O(1). */
export class Fifo<T> {
  #items: (T | undefined)[] = [];
  #first = 0;

  get size(): number {
    return this.#items.length - this.#first;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  peek(): T | undefined {
    return this.#items[this.#first];
  }

  /** The entry that came last. */
  last(): T | undefined {
    return this.size === 0 ? undefined : this.#items.at(-1);
  }

  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#first];
    this.#items[this.#first] = undefined;
    this.#first++;
    if (this.size === 0) {
      this.#items = [];
      this.#first = 0;
    } else if (this.#first >= CUT && this.#first * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return item;
  }

  /** From the first for which it is true to the newest; it must be false for all before that one, and true for all behind it. */
  *from(isWanted: (item: T) => boolean): IterableIterator<T> {
    const items = this.#items;
    let low = this.#first;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isWanted(items[middle] as T)) high = middle;
      else low = middle + 1;
    }
    for (let i = low; i < items.length; i++) yield items[i] as T;
  }
}
