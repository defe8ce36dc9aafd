import type { CallPlace } from '../call/pending-call.js';
import { leastBad } from './least-bad.js';
import type { Choosable, NodeChooser } from './node-chooser.js';

/**
 * One node after the other.
 *
 * Nodes that could not be connected are passed over while another is usable; when their backoff ends, they are probed without
 * a call waiting for it. When none is usable, the one whose backoff ends first is tried at once.
 * Source: EndpointManager::getNextValidProxy (TarsCpp).
 */
export class RoundRobin implements NodeChooser {
  #next = 0;

  choose<Node extends Choosable>(
    nodes: readonly Node[],
    tried: ReadonlySet<CallPlace> | undefined,
    nowMs: number,
  ): Node | undefined {
    if (nodes.length === 1) return tried === undefined || !tried.has(nodes[0] as Node) ? nodes[0] : undefined;
    for (let i = 0; i < nodes.length; i++) {
      const index = (this.#next + i) % nodes.length;
      const node = nodes[index];
      if (node === undefined || tried?.has(node)) continue;
      if (node.isUsable) {
        this.#next = (index + 1) % nodes.length;
        return node;
      }
      node.probe(nowMs);
    }
    return leastBad(nodes, tried, nowMs);
  }
}
