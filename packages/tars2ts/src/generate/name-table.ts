/** Names that are given out once each: what is taken gets an underscore more. */
export class NameTable {
  readonly #taken: Set<string>;
  readonly #isReserved: (name: string) => boolean;

  constructor(isReserved: (name: string) => boolean = () => false, taken: Iterable<string> = []) {
    this.#isReserved = isReserved;
    this.#taken = new Set(taken);
  }

  /** A table that begins with what is taken here. */
  fork(): NameTable {
    return new NameTable(this.#isReserved, this.#taken);
  }

  take(wanted: string): string {
    let name = wanted;
    while (this.#taken.has(name) || this.#isReserved(name)) name += '_';
    this.#taken.add(name);
    return name;
  }
}
