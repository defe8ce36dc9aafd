import type { CallPhase, Where } from '@tarsier/protocol';
import { noTimes } from './call-history.js';
import type { PendingCall } from './pending-call.js';

/** Where the time of a call went. */
export interface CallPhases {
  /** The one that it is in. */
  readonly phase: CallPhase;
  /** Whole ms of each phase that it has entered. */
  readonly phases: NonNullable<Where['phases']>;
}

/** Computed when a call fails, from what it carries then. */
export function phasesOf(call: PendingCall, nowMs: number): CallPhases {
  const times = { ...(call.history?.times ?? noTimes()) };
  const phase = call.addTimes(nowMs, times);
  const phases: Partial<Record<CallPhase, number>> = {};
  for (const [name, ms] of Object.entries(times) as [CallPhase, number][]) {
    if (ms > 0 || name === phase) phases[name] = Math.max(0, Math.round(ms));
  }
  return { phase, phases };
}

/** As `: connecting 1500 ms, waiting 1498 ms`; empty when nearly all of the time was spent in one phase. */
export function phasesText({ phases = {} }: Pick<Where, 'phases'>): string {
  const worth = Object.entries(phases).filter(([, ms]) => ms >= 1);
  return worth.length < 2 ? '' : `: ${worth.map(([phase, ms]) => `${phase} ${ms} ms`).join(', ')}`;
}
