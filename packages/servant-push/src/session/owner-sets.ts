const NONE: ReadonlySet<never> = new Set<never>();

/** Things by their owner; the owner who has most is found without a look at the others. */
export class OwnerSets<Item> {
  readonly #sets = new Map<string, Set<Item>>();
  /** The sets by their size; empty ones are not kept. */
  readonly #bySize = new Map<number, Set<Set<Item>>>();
  #most = 0;

  /** What one has, in the order in which it was added. */
  of(owner: string): ReadonlySet<Item> {
    return this.#sets.get(owner) ?? NONE;
  }

  /** What the one has who has most. */
  get largest(): ReadonlySet<Item> {
    const [first] = this.#bySize.get(this.#most) ?? [];
    return first ?? NONE;
  }

  add(owner: string, item: Item): void {
    let set = this.#sets.get(owner);
    if (set === undefined) this.#sets.set(owner, (set = new Set()));
    this.#unlist(set);
    set.add(item);
    this.#list(set);
  }

  delete(owner: string, item: Item): void {
    const set = this.#sets.get(owner);
    if (set === undefined || !set.has(item)) return;
    this.#unlist(set);
    set.delete(item);
    if (set.size === 0) this.#sets.delete(owner);
    else this.#list(set);
    while (this.#most > 0 && !this.#bySize.has(this.#most)) this.#most--;
  }

  #list(set: Set<Item>): void {
    const { size } = set;
    const same = this.#bySize.get(size);
    if (same === undefined) this.#bySize.set(size, new Set([set]));
    else same.add(set);
    if (size > this.#most) this.#most = size;
  }

  #unlist(set: Set<Item>): void {
    const same = this.#bySize.get(set.size);
    same?.delete(set);
    if (same?.size === 0) this.#bySize.delete(set.size);
  }
}
