import type { CallPlace } from '../call/pending-call.js';
import { leastBad } from './least-bad.js';
import type { Choosable, NodeChooser } from './node-chooser.js';

/**
 * The node at place `key mod n` of the list sorted by `Endpoint.key`; while it is not usable, the same among those that are. Inactive
 * nodes keep their places in that list.
 *
 * Source: EndpointManager::getHashProxyForNormal (TarsCpp).
 */
export class HashChooser implements NodeChooser {
  readonly #inactive: readonly Choosable[];
  #nodes: readonly Choosable[] = [];
  #sorted: readonly Choosable[] = [];

  constructor(inactive: readonly Choosable[] = []) {
    this.#inactive = inactive;
  }

  choose<Node extends Choosable>(
    nodes: readonly Node[],
    tried: ReadonlySet<CallPlace> | undefined,
    nowMs: number,
    key = 0,
  ): Node | undefined {
    if (this.#nodes !== nodes) {
      this.#nodes = nodes;
      this.#sorted = [...nodes, ...this.#inactive].toSorted((a, b) => (a.address.key < b.address.key ? -1 : 1));
    }
    const sorted = this.#sorted as readonly Node[];
    const wanted = sorted[key % sorted.length];
    if (wanted === undefined) return undefined;
    const isFree = (node: Node): boolean => node.isUsable && tried?.has(node) !== true;
    if (isFree(wanted)) return wanted;
    if (!wanted.isUsable) wanted.probe(nowMs);
    const usable = sorted.filter(isFree);
    return (
      usable[key % usable.length] ??
      leastBad(
        sorted.filter((node) => nodes.includes(node)),
        tried,
        nowMs,
      )
    );
  }
}
