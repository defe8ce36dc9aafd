import type { Endpoint } from '@tarsier/protocol';
import type { CallPlace } from '../call/pending-call.js';

/** What choosing looks at in a node. */
export interface Choosable extends CallPlace {
  readonly address: Endpoint;
  /** Healthy, and connected or not known to be out of reach. */
  readonly isUsable: boolean;
  /** When it may be tried again although it is not usable, in ms of the communicator's clock. */
  readonly retryAtMs: number;
  /** Begins to connect, unless it does already or it is too early; no call waits for it. */
  probe(nowMs: number): void;
}

/** Chooses the node for a call; one class for each rule of balancing. */
export interface NodeChooser {
  /**
   * A node that is not in `tried`, or undefined when all of them are.
   *
   * @param nodes a new array whenever the nodes have changed, so that what was computed of one may be kept for as long as it comes.
   * @param key of the call, where the rule needs one: an unsigned 32-bit hash.
   */
  choose<Node extends Choosable>(
    nodes: readonly Node[],
    tried: ReadonlySet<CallPlace> | undefined,
    nowMs: number,
    key?: number,
  ): Node | undefined;
}
