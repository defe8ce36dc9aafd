import { encodeUtf8 } from '@tarsier/protocol';
import type { CallPlace } from '../call/pending-call.js';
import { leastBad } from './least-bad.js';
import { murmur3 } from './murmur3.js';
import type { Choosable, NodeChooser } from './node-chooser.js';

/** Points on the ring of a node without weight, or of weight 100. */
const POINTS = 160;

/**
 * A ring of 2^32 places. A node has 160 points on it (weighted: in proportion to its weight, at least one), point `i` at the hash
 * of `<Endpoint.key>#<i>`; a key goes to the next point at or after its own hash. docs/reference/consistent-hash.md has the details.
 *
 * Source: TC_ConsistentHashNew (TarsCpp), with ports included, keys hashed, and the end of the ring joined to its begin.
 */
export class ConsistentHashChooser implements NodeChooser {
  #nodes: readonly Choosable[] = [];
  #places: Uint32Array = new Uint32Array();
  #owners: readonly Choosable[] = [];

  choose<Node extends Choosable>(
    nodes: readonly Node[],
    tried: ReadonlySet<CallPlace> | undefined,
    nowMs: number,
    key = 0,
  ): Node | undefined {
    if (this.#nodes !== nodes) this.#build(nodes);
    const owners = this.#owners as readonly Node[];
    const from = this.#firstFrom(key);
    let refused: Set<Node> | undefined;
    for (let i = 0; i < owners.length; i++) {
      const node = owners[(from + i) % owners.length] as Node;
      if (node.isUsable && tried?.has(node) !== true) return node;
      refused ??= new Set();
      if (refused.has(node)) continue;
      refused.add(node);
      if (!node.isUsable) node.probe(nowMs);
      if (refused.size === nodes.length) break;
    }
    return leastBad(nodes, tried, nowMs);
  }

  #build(nodes: readonly Choosable[]): void {
    this.#nodes = nodes;
    const points: { place: number; node: Choosable }[] = [];
    for (const node of nodes) {
      const { key, weight, weightType } = node.address;
      const count = weightType === 0 ? POINTS : Math.max(1, Math.round((POINTS * Math.max(0, weight)) / 100));
      for (let i = 0; i < count; i++) points.push({ place: murmur3(encodeUtf8(`${key}#${i}`)), node });
    }
    // Two points at one place: the order of the names decides, not that of the list.
    points.sort((a, b) => a.place - b.place || (a.node.address.key < b.node.address.key ? -1 : 1));
    this.#places = Uint32Array.from(points, ({ place }) => place);
    this.#owners = points.map(({ node }) => node);
  }

  /** Index of the first point at or after a place; behind the last one comes the first. */
  #firstFrom(place: number): number {
    const places = this.#places;
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((places[middle] as number) < place) low = middle + 1;
      else high = middle;
    }
    return low === places.length ? 0 : low;
  }
}
