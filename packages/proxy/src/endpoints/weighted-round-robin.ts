import type { CallPlace } from '../call/pending-call.js';
import { leastBad } from './least-bad.js';
import type { Choosable, NodeChooser } from './node-chooser.js';

/**
 * One node after the other, each as often as its static weight (`-v 1 -w`) says, and spread out: of weights 3 and 1 come a a b a.
 *
 * At each choice every usable node gains its weight, and the one that has most is taken and pays what all have gained. A node of
 * weight 0 gets no calls while another is usable.
 * Source: EndpointManager::getWeightedProxy (TarsCpp), for what weights mean.
 */
export class WeightedRoundRobin implements NodeChooser {
  readonly #credit = new WeakMap<Choosable, number>();

  choose<Node extends Choosable>(
    nodes: readonly Node[],
    tried: ReadonlySet<CallPlace> | undefined,
    nowMs: number,
  ): Node | undefined {
    let best: Node | undefined;
    let bestCredit = 0;
    let total = 0;
    let spare: Node | undefined;
    for (const node of nodes) {
      if (tried?.has(node)) continue;
      if (!node.isUsable) {
        node.probe(nowMs);
        continue;
      }
      const weight = Math.max(0, node.address.weight);
      if (weight === 0) {
        spare ??= node;
        continue;
      }
      const credit = (this.#credit.get(node) ?? 0) + weight;
      this.#credit.set(node, credit);
      total += weight;
      if (best === undefined || credit > bestCredit) {
        best = node;
        bestCredit = credit;
      }
    }
    if (best !== undefined) this.#credit.set(best, bestCredit - total);
    return best ?? spare ?? leastBad(nodes, tried, nowMs);
  }
}
