import type { Endpoint } from '@tarsier/protocol';
import type { PendingCall } from '../call/pending-call.js';
import { ConsistentHashChooser } from './consistent-hash-chooser.js';
import { HashChooser } from './hash-chooser.js';
import type { Choosable, NodeChooser } from './node-chooser.js';
import { RoundRobin } from './round-robin.js';
import { WeightedRoundRobin } from './weighted-round-robin.js';

/** The rules of balancing of one proxy: one for calls that bring no key, and those that need one, made with the first such call. */
export class Choosers {
  #spread: NodeChooser = new RoundRobin();
  #hash: NodeChooser | undefined;
  #consistentHash: NodeChooser | undefined;

  /** The list has changed. Weights count only when all endpoints have one, as in TARS. */
  update(endpoints: readonly Endpoint[]): void {
    const isWeighted = endpoints.length > 0 && endpoints.every(({ weightType }) => weightType !== 0);
    this.#spread = isWeighted ? new WeightedRoundRobin() : new RoundRobin();
  }

  /** A node that the call has not tried; undefined when there is none. */
  choose<Node extends Choosable>(nodes: readonly Node[], call: PendingCall, nowMs: number): Node | undefined {
    const { plan, tried } = call;
    if (plan === undefined || plan.balance === 'spread') return this.#spread.choose(nodes, tried, nowMs);
    if (plan.balance === 'hash') {
      this.#hash ??= new HashChooser();
      return this.#hash.choose(nodes, tried, nowMs, plan.key);
    }
    this.#consistentHash ??= new ConsistentHashChooser();
    return this.#consistentHash.choose(nodes, tried, nowMs, plan.key);
  }
}
