import type { CallPhase } from '@tarsier/protocol';

/** Ms of each phase of a call. */
export type PhaseTimes = Record<CallPhase, number>;

/** No time was spent yet. */
export function noTimes(): PhaseTimes {
  return { resolving: 0, connecting: 0, queued: 0, sent: 0, waiting: 0 };
}

/**
 * Where the time of a call went before what its own fields tell: made only for calls that had to wait for a connection or
 * were moved to another one, so that all others do without it.
 */
export class CallHistory {
  /** Sums of the phases that are over. */
  readonly times: PhaseTimes = noTimes();
  /** Begin of the phase that it is in: resolving, connecting or queued. */
  sinceMs: number;
  isResolving = false;
  /** Nodes that it was sent to by retries, the present one included. */
  attempts = 1;

  constructor(sinceMs: number) {
    this.sinceMs = sinceMs;
  }
}
