import type { CallPlace } from '../call/pending-call.js';
import type { Choosable } from './node-chooser.js';

/** None is usable: probes them all, and gives the one that may be tried first. */
export function leastBad<Node extends Choosable>(
  nodes: readonly Node[],
  tried: ReadonlySet<CallPlace> | undefined,
  nowMs: number,
): Node | undefined {
  let best: Node | undefined;
  for (const node of nodes) {
    if (tried?.has(node)) continue;
    node.probe(nowMs);
    if (best === undefined || node.retryAtMs < best.retryAtMs) best = node;
  }
  return best;
}
