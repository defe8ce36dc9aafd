/**
 * Where the time of a call went before what its own fields tell: made only for calls that had to wait for a connection or
 * were moved to another one, so that all others do without it.
 */
export class CallHistory {
  /** Sums in ms of the phases that are over. */
  resolvingMs = 0;
  connectingMs = 0;
  queuedMs = 0;
  sentMs = 0;
  waitingMs = 0;
  /** Begin of the phase that it is in: resolving, connecting or queued. */
  sinceMs: number;
  isResolving = false;
  /** Nodes that it was sent to by retries, the present one included. */
  attempts = 1;

  constructor(sinceMs: number) {
    this.sinceMs = sinceMs;
  }

  /** It waited until now for its nodes or a connection. */
  waited(nowMs: number): void {
    const ms = nowMs - this.sinceMs;
    if (this.isResolving) this.resolvingMs += ms;
    else this.connectingMs += ms;
    this.isResolving = false;
    this.sinceMs = nowMs;
  }
}
