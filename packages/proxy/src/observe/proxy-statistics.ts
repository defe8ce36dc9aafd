/** What a proxy has counted since it was made. */
export interface ProxyStatistics {
  /** Calls begun, one-way calls included. */
  readonly calls: number;
  /** Calls that got an answer, of whatever result. */
  readonly answers: number;
  /** Calls that failed on this side: deadline, connection, abort, close. */
  readonly failures: number;
  /** Calls that were made again; a call is counted once for each time. */
  readonly retries: number;
  /** Calls not settled yet. */
  readonly pendingCalls: number;
  readonly pushes: number;
  /** Pushes that nobody took. */
  readonly droppedPushes: number;
  /** Answers that no call waited for. */
  readonly droppedAnswers: number;
  /** Connections established. */
  readonly connects: number;
  /** Established connections that ended. */
  readonly closes: number;
  /** Times that the resolver could not look the nodes up. */
  readonly resolveFailures: number;
  /** Exceptions of callbacks and event listeners. */
  readonly callbackFaults: number;
  /** Datagrams, or ends of them, that formed no packet. */
  readonly droppedDatagrams: number;
}
