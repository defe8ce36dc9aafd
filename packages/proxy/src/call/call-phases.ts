import type { CallPhase, Where } from '@tarsier/protocol';
import { CallState, type PendingCall } from './pending-call.js';

/** Where the time of a call went. */
export interface CallPhases {
  /** The one that it is in. */
  readonly phase: CallPhase;
  /** Whole ms of each phase that it has entered. */
  readonly phases: NonNullable<Where['phases']>;
}

/** Computed when a call fails, from what it carries then. */
export function phasesOf(call: PendingCall, nowMs: number): CallPhases {
  const { history } = call;
  const sinceMs = history?.sinceMs ?? call.beginMs;
  let [resolving, connecting, queued, sent, waiting] = [0, 0, 0, 0, 0];
  if (history !== undefined) {
    ({
      resolvingMs: resolving,
      connectingMs: connecting,
      queuedMs: queued,
      sentMs: sent,
      waitingMs: waiting,
    } = history);
  }
  let phase: CallPhase = 'connecting';
  if (call.state === CallState.WAITING) {
    if (history?.isResolving === true) {
      phase = 'resolving';
      resolving += nowMs - sinceMs;
    } else {
      connecting += nowMs - sinceMs;
    }
  } else if (call.state === CallState.QUEUED) {
    phase = 'queued';
    queued += nowMs - sinceMs;
  } else {
    const takenMs = call.place?.takenMs(call.sentMs) ?? call.sentMs;
    phase = takenMs > nowMs ? 'sent' : 'waiting';
    queued += call.sentMs - sinceMs;
    sent += Math.min(takenMs, nowMs) - call.sentMs;
    waiting += Math.max(0, nowMs - takenMs);
  }
  const known: Record<CallPhase, number> = { resolving, connecting, queued, sent, waiting };
  const phases: Partial<Record<CallPhase, number>> = {};
  for (const [name, ms] of Object.entries(known) as [CallPhase, number][]) {
    if (ms > 0 || name === phase) phases[name] = Math.max(0, Math.round(ms));
  }
  return { phase, phases };
}

/** As `: connecting 1500 ms, waiting 1498 ms`; empty when nearly all of the time was spent in one phase. */
export function phasesText({ phases = {} }: Pick<Where, 'phases'>): string {
  const worth = Object.entries(phases).filter(([, ms]) => ms >= 1);
  return worth.length < 2 ? '' : `: ${worth.map(([phase, ms]) => `${phase} ${ms} ms`).join(', ')}`;
}
