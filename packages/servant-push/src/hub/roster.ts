/** Who may stand in a {@link Roster}: it is told where. */
export interface RosterEntry {
  /** It stands at another index now. */
  moved(roster: object, index: number): void;
}

/**
 * The members of one address: a dense array, so that going over it costs little.
 *
 * What is being gone over is a snapshot: the array itself, which is copied only when it changes while a snapshot of it was given out.
 */
export class Roster<Entry extends RosterEntry> {
  readonly address: string;
  #entries: Entry[] = [];
  #isShared = false;

  constructor(address: string) {
    this.address = address;
  }

  get size(): number {
    return this.#entries.length;
  }

  /** The entries now. It stays as it is; the same array as long as nothing changes. */
  snapshot(): readonly Entry[] {
    this.#isShared = true;
    return this.#entries;
  }

  /** @returns the index that it has until `moved` says otherwise. */
  add(entry: Entry): number {
    this.#own();
    return this.#entries.push(entry) - 1;
  }

  /** Takes the entry at an index out; the last one takes its place. */
  remove(index: number): void {
    this.#own();
    const last = this.#entries.pop();
    if (last === undefined || index === this.#entries.length) return;
    this.#entries[index] = last;
    last.moved(this, index);
  }

  #own(): void {
    if (!this.#isShared) return;
    this.#entries = this.#entries.slice();
    this.#isShared = false;
  }
}
