/** Names that are given out once each: what is taken gets an underscore more. */
export class NameTable {
  readonly #taken = new Set<string>();
  readonly #isReserved: (name: string) => boolean;

  constructor(isReserved: (name: string) => boolean = () => false) {
    this.#isReserved = isReserved;
  }

  take(wanted: string): string {
    let name = wanted;
    while (this.#taken.has(name) || this.#isReserved(name)) name += '_';
    this.#taken.add(name);
    return name;
  }
}
