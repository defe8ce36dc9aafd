import type { PendingCall } from '../call/pending-call.js';
import { ConsistentHashChooser } from './consistent-hash-chooser.js';
import { HashChooser } from './hash-chooser.js';
import { leastBad } from './least-bad.js';
import type { Choosable, NodeChooser } from './node-chooser.js';
import { RoundRobin } from './round-robin.js';
import { WeightedRoundRobin } from './weighted-round-robin.js';

/**
 * The rules of balancing of one proxy: one for calls that bring no key, and those that need one, made with the first such call.
 *
 * Where nodes have different ranks (`-r`), each rank has rules of its own, and a call goes to the lowest that has a usable node.
 */
export class Choosers {
  #spread: NodeChooser = new RoundRobin();
  #hash: NodeChooser | undefined;
  #consistentHash: NodeChooser | undefined;
  /** Those of each rank, the lowest first; empty when all nodes are of one. */
  #ranks: readonly Choosers[] = [];
  /** The same array until the list changes. */
  #nodes: readonly Choosable[] = [];
  #inactive: readonly Choosable[] = [];

  /**
   * The list has changed. Weights count only when all endpoints of a rank have one, as in TARS.
   *
   * @param inactive nodes that are not called, and counted by `hash` where there is one rank.
   */
  update(nodes: readonly Choosable[], inactive: readonly Choosable[] = this.#inactive): void {
    this.#inactive = inactive;
    this.#hash = undefined;
    const isWeighted = nodes.length > 0 && nodes.every(({ address }) => address.weightType !== 0);
    this.#spread = isWeighted ? new WeightedRoundRobin() : new RoundRobin();
    this.#nodes = nodes;
    const ranks = [...new Set(nodes.map(({ address }) => address.rank))].toSorted((a, b) => a - b);
    this.#ranks = [];
    if (ranks.length < 2) return;
    this.#ranks = ranks.map((rank) => {
      const choosers = new Choosers();
      choosers.update(nodes.filter(({ address }) => address.rank === rank));
      return choosers;
    });
  }

  /** A node that the call has not tried; undefined when there is none. */
  choose<Node extends Choosable>(nodes: readonly Node[], call: PendingCall, nowMs: number): Node | undefined {
    if (this.#ranks.length > 0) return this.#chooseRanked(nodes, call, nowMs);
    const { plan, tried } = call;
    let chooser = this.#spread;
    if (plan?.balance === 'hash') chooser = this.#hash ??= new HashChooser(this.#inactive);
    if (plan?.balance === 'consistentHash') chooser = this.#consistentHash ??= new ConsistentHashChooser();
    return chooser.choose(nodes, tried, nowMs, plan?.key);
  }

  #chooseRanked<Node extends Choosable>(nodes: readonly Node[], call: PendingCall, nowMs: number): Node | undefined {
    // A node that leaves may move its calls before the proxy is told of the new list.
    if (this.#nodes !== nodes) this.update(nodes);
    const { tried } = call;
    for (const rank of this.#ranks) {
      const ofRank = rank.#nodes as readonly Node[];
      if (ofRank.some((node) => node.isUsable && !tried?.has(node))) return rank.choose(ofRank, call, nowMs);
      // They are tried without a call, so that calls come back to this rank.
      for (const node of ofRank) if (!node.isUsable) node.probe(nowMs);
    }
    return leastBad(nodes, tried, nowMs);
  }
}
