/** What a proxy knows of one of its nodes. */
export interface EndpointState {
  /** As `tcp -h 127.0.0.1 -p 10099 -t 3000`. */
  readonly endpoint: string;
  /** `backoff`: the last attempt failed, and the next has not begun. */
  readonly state: 'idle' | 'connecting' | 'connected' | 'backoff';
  /** Connections established; more than one only with `connectionSerial`. */
  readonly connections: number;
  /** Calls that wait for a connection to this node. */
  readonly waitingCalls: number;
  /** Attempts that failed since the last success. */
  readonly failures: number;
  /** What the last failure said; absent when there was none, or a connection was established since. */
  readonly lastError?: string;
}
