/** Addresses and how many members each has. */
export type Counts = readonly (readonly [address: string, count: number])[];

/** What is known of one other node. */
interface NodeIndex {
  readonly counts: Map<string, number>;
  /** Of the last change that is in it; -1 before a snapshot has come. */
  version: number;
  /** Changes that came before the snapshot that they belong behind. */
  waiting: { readonly version: number; readonly counts: Counts }[];
  /** A snapshot on its way. */
  parts: { readonly version: number; readonly counts: Counts[]; readonly of: number } | undefined;
}

/** Changes of a node that wait for its snapshot; what is left out shows by the next version. */
const MAX_WAITING = 1000;

/** What other nodes have, and the sums. A change that was lost is noticed by the versions. */
export class PresenceIndex {
  readonly #nodes = new Map<string, NodeIndex>();
  readonly #sums = new Map<string, number>();

  /** How many members all other nodes have. */
  sum(address: string): number {
    return this.#sums.get(address) ?? 0;
  }

  names(): IterableIterator<string> {
    return this.#nodes.keys();
  }

  get size(): number {
    return this.#nodes.size;
  }

  /** Nodes of which no snapshot has come. */
  get waiting(): number {
    let waiting = 0;
    for (const { version } of this.#nodes.values()) if (version < 0) waiting++;
    return waiting;
  }

  /** There is such a node; false when it was known. */
  meet(node: string): boolean {
    if (this.#nodes.has(node)) return false;
    this.#nodes.set(node, { counts: new Map(), version: -1, waiting: [], parts: undefined });
    return true;
  }

  /** It is gone, with all that it had. */
  leave(node: string): void {
    const known = this.#nodes.get(node);
    if (known === undefined) return;
    for (const [address, count] of known.counts) this.#add(address, -count);
    this.#nodes.delete(node);
  }

  /** Whether a snapshot has to be asked for, because the node is further than what is known of it. */
  isBehind(node: string, version: number): boolean {
    return (this.#nodes.get(node)?.version ?? -1) < version;
  }

  /** A change of a node; false when one before it is missing. */
  change(node: string, version: number, counts: Counts): boolean {
    this.meet(node);
    const known = this.#nodes.get(node) as NodeIndex;
    if (version <= known.version) return true;
    if (version !== known.version + 1) {
      // More than that comes with the snapshot that is asked for.
      if (known.waiting.length < MAX_WAITING) known.waiting.push({ version, counts });
      return false;
    }
    this.#apply(known, version, counts);
    return true;
  }

  /** A part of a snapshot. */
  snapshot(node: string, version: number, part: number, of: number, counts: Counts): void {
    this.meet(node);
    const known = this.#nodes.get(node) as NodeIndex;
    if (known.parts?.version !== version || part === 0) known.parts = { version, counts: [], of };
    if (part !== known.parts.counts.length) return;
    known.parts.counts.push(counts);
    if (known.parts.counts.length < known.parts.of) return;
    const all = known.parts.counts;
    known.parts = undefined;
    if (version < known.version) return;
    for (const [address, count] of known.counts) this.#add(address, -count);
    known.counts.clear();
    for (const one of all) this.#apply(known, version, one);
    const waiting = known.waiting.toSorted((a, b) => a.version - b.version);
    known.waiting = [];
    for (const { version: next, counts } of waiting) this.change(node, next, counts);
  }

  #apply(known: NodeIndex, version: number, counts: Counts): void {
    known.version = version;
    for (const [address, count] of counts) {
      this.#add(address, count - (known.counts.get(address) ?? 0));
      if (count > 0) known.counts.set(address, count);
      else known.counts.delete(address);
    }
  }

  #add(address: string, by: number): void {
    const sum = this.sum(address) + by;
    if (sum > 0) this.#sums.set(address, sum);
    else this.#sums.delete(address);
  }
}
