/** What a {@link CallTable} keeps; the key must not change while it does. */
export interface Keyed {
  /** A non-negative integer. */
  readonly key: number;
}

const MIN_SLOTS = 64;

/**
 * Finds values by integers, as a `Map` would. Calls come and go by the hundred thousand, and a `Map` under such a load makes a new
 * table again and again; each old one holds on to the next, so that the calls of all of them outlive the collections that are meant
 * for short lives. Here values lie in one array, in the order of their keys where these ascend.
 *
 * Open addressing with linear probing; removing moves what follows back, so that no marks are left (Knuth, volume 3, algorithm 6.4R).
 */
export class CallTable<V extends Keyed> {
  #slots: (V | undefined)[] = emptySlots<V>(MIN_SLOTS);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: number): V | undefined {
    return this.#slots[this.#indexOf(key)];
  }

  /** Adds a value whose key is not there. */
  add(value: V): void {
    if (2 * this.#size >= this.#slots.length) this.#resize(2 * this.#slots.length);
    this.#slots[this.#indexOf(value.key)] = value;
    this.#size++;
  }

  /** Nothing happens when there is none. */
  delete(key: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let hole = this.#indexOf(key);
    if (slots[hole] === undefined) return;
    this.#size--;
    let index = hole;
    for (;;) {
      index = (index + 1) & mask;
      const next = slots[index];
      if (next === undefined) break;
      // It may fill the hole unless it would then lie before its own place.
      if (((index - next.key) & mask) >= ((index - hole) & mask)) {
        slots[hole] = next;
        hole = index;
      }
    }
    slots[hole] = undefined;
    // After a rush: memory, and the time to look at all, are to be those of what is left.
    if (slots.length > MIN_SLOTS && 8 * this.#size < slots.length) this.#resize(slots.length / 2);
  }

  /** All of them, in no order. */
  values(): V[] {
    return this.#slots.filter((value) => value !== undefined);
  }

  /** Where a key is, or belongs. */
  #indexOf(key: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let index = key & mask;
    for (let value = slots[index]; value !== undefined && value.key !== key; value = slots[index]) {
      index = (index + 1) & mask;
    }
    return index;
  }

  #resize(length: number): void {
    const old = this.#slots;
    this.#slots = emptySlots(length);
    for (const value of old) if (value !== undefined) this.#slots[this.#indexOf(value.key)] = value;
  }
}

function emptySlots<V>(length: number): (V | undefined)[] {
  return new Array<V | undefined>(length).fill(undefined);
}
