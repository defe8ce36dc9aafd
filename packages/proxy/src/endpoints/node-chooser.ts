import type { CallPlace } from '../call/pending-call.js';

/** What choosing looks at in a node. */
export interface Choosable extends CallPlace {
  /** Connected, or not known to be out of reach. */
  readonly isUsable: boolean;
  /** When its backoff ends, in ms of the communicator's clock. */
  readonly retryAtMs: number;
  /** Begins to connect, unless it does already or its backoff lasts; no call waits for it. */
  probe(nowMs: number): void;
}

/** Chooses the node for a call; one rule of balancing each. */
export interface NodeChooser {
  /** A node that is not in `tried`, or undefined when all of them are. */
  choose<Node extends Choosable>(
    nodes: readonly Node[],
    tried: ReadonlySet<CallPlace> | undefined,
    nowMs: number,
  ): Node | undefined;
}
