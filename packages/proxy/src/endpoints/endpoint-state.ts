/**
 * - `idle`: not used yet, closed, or lost after it was of use, and nothing happens without a call;
 * - `connecting`, `connected`: as they say;
 * - `backoff`: the next attempt waits: the last one failed, its connection was lost before it was of use, or, with a push callback, for
 *   whatever reason;
 * - `unhealthy`: its calls fail, so that it gets one per `tryTimeInterval` only; its connections stay open;
 * - `leaving`: the object has it no more; it finishes its calls and closes;
 * - `inactive`: the registry knows it and lets nobody call it now.
 */
export type NodeState = 'idle' | 'connecting' | 'connected' | 'backoff' | 'unhealthy' | 'leaving' | 'inactive';

/** What has been counted at a node since the proxy has it. */
export interface NodeFigures {
  /** Calls given to it, those that were moved or retried included. */
  readonly calls: number;
  /** Calls that failed there: timeouts and lost connections, not answers of any result, nor aborted calls. */
  readonly failures: number;
  /** Of the failures: deadlines that passed. */
  readonly timeouts: number;
  /** Calls on its connections now. */
  readonly inFlight: number;
  /** Connections established. */
  readonly connects: number;
  /** Moving average of the time from sending to the answer in ms, of a sample of the calls; 0 before the first. */
  readonly latencyMs: number;
}

/** What a proxy knows of one of its nodes. */
export interface EndpointState {
  /** As `tcp -h 127.0.0.1 -p 10099 -t 3000`. */
  readonly endpoint: string;
  readonly state: NodeState;
  /** Why it is in this state, where there is more to say than the state does. */
  readonly why?: string;
  /** How long it has been in this state, in ms. */
  readonly sinceMs: number;
  /** Connections established; more than one only with `connectionSerial`. */
  readonly connections: number;
  /** Calls that wait for a connection to this node. */
  readonly waitingCalls: number;
  /** Attempts to connect that failed since the last success. */
  readonly failures: number;
  /** What the last failure said; absent when there was none, or a connection was established since. */
  readonly lastError?: string;
  /** Static weight of the endpoint (`-w`); -1 for none. */
  readonly weight: number;
  /** Rank of the endpoint (`-r`): it is called only while no node of a lower one is usable. */
  readonly rank: number;
  readonly figures: NodeFigures;
}
