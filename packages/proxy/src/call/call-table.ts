/** What a {@link CallTable} keeps. */
export interface TableEntry<V> {
  /** A non-negative integer, which must not change while the table has the value. */
  readonly key: number;
  /** Belongs to the table: another one in the same slot. */
  behind: V | undefined;
}

const MIN_SLOTS = 64;

/**
 * Finds values by integers, as a `Map` would. Calls come and go by the hundred thousand, and a `Map` under such a load makes a new
 * table again and again; each old one holds on to the next, so that the calls of all of them outlive the collections that are meant
 * for short lives. Here there is one array, chained by the values themselves; keys that follow each other have a slot of their own.
 */
export class CallTable<V extends TableEntry<V>> {
  #slots: (V | undefined)[] = emptySlots<V>(MIN_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: number): V | undefined {
    const slots = this.#slots;
    let value = slots[key & (slots.length - 1)];
    while (value !== undefined && value.key !== key) value = value.behind;
    return value;
  }

  /** Adds a value whose key is not there. */
  add(value: V): void {
    if (this.#size >= this.#slots.length) this.#resize(2 * this.#slots.length);
    this.#put(value);
    this.#size++;
  }

  #put(value: V): void {
    const slots = this.#slots;
    const index = value.key & (slots.length - 1);
    value.behind = slots[index];
    slots[index] = value;
  }

  /** Nothing happens when it is not there. */
  delete(value: V): void {
    const slots = this.#slots;
    const index = value.key & (slots.length - 1);
    let before: V | undefined;
    let found = slots[index];
    while (found !== undefined && found !== value) {
      before = found;
      found = found.behind;
    }
    if (found === undefined) return;
    if (before === undefined) slots[index] = value.behind;
    else before.behind = value.behind;
    value.behind = undefined;
    this.#size--;
    // After a rush: memory, and the time to look at all, are to be those of what is left.
    if (slots.length > MIN_SLOTS && 8 * this.#size < slots.length) this.#resize(slots.length / 2);
  }

  /** All of them, in no order. */
  values(): V[] {
    const all: V[] = [];
    for (const slot of this.#slots) for (let value = slot; value !== undefined; value = value.behind) all.push(value);
    return all;
  }

  #resize(length: number): void {
    const all = this.values();
    this.#slots = emptySlots(length);
    for (const value of all) this.#put(value);
  }
}

function emptySlots<V>(length: number): (V | undefined)[] {
  return new Array<V | undefined>(length).fill(undefined);
}
