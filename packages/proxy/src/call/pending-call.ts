import type { CallPhase, CallType, ReqStatus, RequestPacket, ResponsePacket, TarsException } from '@tarsier/protocol';
import type { DispatchCallback } from '../servant-proxy-callback.js';
import { Deadline } from '../time/deadline.js';
import { CallHistory, type PhaseTimes } from './call-history.js';
import { answerMessage, type CallbackFaults, failureMessage, resultError, runCallback } from './call-messages.js';
import type { CallPlan } from './call-plan.js';
import type { TableEntry } from './call-table.js';

// Constants, and no object: bundlers put their values where they are used.
/** States of a call: it waits for a connection. */
export const CALL_WAITING = 0;
/** Its bytes lie in the send queue of a connection. */
export const CALL_QUEUED = 1;
/** Its bytes were handed to the network; it waits for the answer. */
export const CALL_SENT = 2;
/** It has ended. */
export const CALL_SETTLED = 3;

/** How far a call is. It moves from WAITING to SENT, back to WAITING when it is moved or retried, and to SETTLED once, from any. */
export type CallState = typeof CALL_WAITING | typeof CALL_QUEUED | typeof CALL_SENT | typeof CALL_SETTLED;

/** Where a call stands: the node at whose queue it waits, or the connection that carries it. */
export interface CallPlace {
  readonly endpoint: string;
  /** The call was settled otherwise than by an answer. */
  leave(call: PendingCall): void;
}

/** A place that can tell how a call fares there. */
export interface CallCarrier extends CallPlace {
  /** State of its node, as `ServantProxy.endpoints` tells it; empty when there is none yet. */
  readonly nodeState: string;
  /** When the network had taken what was handed to it at `sentMs`; Infinity when it has not. Absent where nothing is handed to it. */
  takenMs?(sentMs: number): number;
  /** The deadline of a call passed there. Absent where that says nothing about the node. */
  timedOut?(nowMs: number): void;
}

/** Who settles a call when neither an answer nor the end of a connection does. */
export interface CallOwner {
  readonly notifier: CallbackFaults;
  readonly runtime: { readonly clock: { now(): number } };
  expired(call: PendingCall, nowMs: number): void;
  aborted(call: PendingCall): void;
}

/** A promise's two functions, or the callback, or nothing for a one-way call. */
export interface Settlement {
  readonly resolve?: ((result: unknown) => void) | undefined;
  readonly reject?: ((error: TarsException) => void) | undefined;
  /** Makes of the answer what the promise resolves with; without it that is the answer. */
  readonly read?: ((response: ResponsePacket) => unknown) | undefined;
  readonly callback?: DispatchCallback | undefined;
}

/**
 * One call from its begin to its end, in one object: request, deadline, who waits for it, where it stands.
 *
 * The fields are written by whoever carries the call; settling goes through `ObjectProxy`, which sees to it that it happens once.
 */
export class PendingCall extends Deadline implements TableEntry<PendingCall> {
  readonly owner: CallOwner;
  readonly eType: CallType;
  readonly request: RequestPacket;
  readonly beginMs: number;
  readonly signal: AbortSignal | undefined;
  readonly #resolve: ((result: unknown) => void) | undefined;
  readonly #reject: ((error: TarsException) => void) | undefined;
  readonly #read: ((response: ResponsePacket) => unknown) | undefined;
  readonly #callback: DispatchCallback | undefined;
  /** Under which `PendingCalls` keeps it. */
  key = 0;
  /** See `TableEntry`. */
  behind: PendingCall | undefined = undefined;
  /** Tells which of two calls is older. */
  order = 0;
  state: CallState = 0;
  sentMs = 0;
  place: CallCarrier | undefined = undefined;
  /** How to choose its node and whether to retry; undefined for the many that say nothing of it. */
  readonly plan: CallPlan | undefined;
  /** What happened before it was queued; undefined when it was queued at once. */
  history: CallHistory | undefined = undefined;
  /** Nodes that could not be connected for it, or failed it. */
  tried: Set<CallPlace> | undefined = undefined;
  /** How often it had to look for another connection. */
  moves = 0;
  /** The function that makes the call still runs: a callback must wait until it has returned. */
  isStarting = true;

  constructor(
    owner: CallOwner,
    eType: CallType,
    request: RequestPacket,
    beginMs: number,
    signal: AbortSignal | undefined,
    settlement: Settlement,
    plan: CallPlan | undefined,
  ) {
    super();
    this.owner = owner;
    this.eType = eType;
    this.request = request;
    this.beginMs = beginMs;
    this.signal = signal;
    this.#resolve = settlement.resolve;
    this.#reject = settlement.reject;
    this.#read = settlement.read;
    this.#callback = settlement.callback;
    this.plan = plan;
  }

  /** The time, in ms of the clock that `beginMs` is of. */
  get nowMs(): number {
    return this.owner.runtime.clock.now();
  }

  /** Whether its result goes to a promise, hence never runs code of the program at once. */
  get hasPromise(): boolean {
    return this.#resolve !== undefined;
  }

  get hasCallback(): boolean {
    return this.#callback !== undefined;
  }

  get isOneWay(): boolean {
    return this.#callback === undefined && this.#resolve === undefined;
  }

  /** It waits from now on: for its nodes (`isResolving`), or for a connection. What it did before is added up. */
  wait(nowMs: number, isResolving: boolean): void {
    if (this.state === CALL_SETTLED) return;
    this.history ??= new CallHistory(this.beginMs);
    const { history } = this;
    this.addTimes(nowMs, history.times);
    history.sinceMs = nowMs;
    history.isResolving = isResolving;
    this.state = CALL_WAITING;
  }

  /** Adds what the phases that its fields tell of have taken until now; gives the last of them. */
  addTimes(nowMs: number, times: PhaseTimes): CallPhase {
    const { history, state, sentMs } = this;
    const sinceMs = history?.sinceMs ?? this.beginMs;
    if (state < CALL_SENT) {
      const isResolving = history?.isResolving === true;
      const phase = state === CALL_QUEUED ? 'queued' : isResolving ? 'resolving' : 'connecting';
      times[phase] += nowMs - sinceMs;
      return phase;
    }
    const takenMs = this.place?.takenMs?.(sentMs) ?? sentMs;
    times.queued += sentMs - sinceMs;
    times.sent += Math.min(takenMs, nowMs) - sentMs;
    times.waiting += Math.max(0, nowMs - takenMs);
    return takenMs > nowMs ? 'sent' : 'waiting';
  }

  markTried(place: CallPlace): void {
    (this.tried ??= new Set()).add(place);
  }

  override expire(nowMs: number): void {
    this.owner.expired(this, nowMs);
  }

  /** The `abort` event of the signal. */
  handleEvent(): void {
    this.owner.aborted(this);
  }

  /** Hands the answer over. */
  deliver(response: ResponsePacket, endpoint: string, nowMs: number): void {
    if (this.#callback !== undefined) {
      runCallback(this.#callback, answerMessage(this, response, endpoint, nowMs), this.owner.notifier);
    } else if (response.iRet === 0) {
      this.#resolveWith(response);
    } else {
      this.#reject?.(resultError(this.request, response, endpoint));
    }
  }

  #resolveWith(response: ResponsePacket): void {
    let result: unknown = response;
    if (this.#read !== undefined) {
      try {
        result = this.#read(response);
      } catch (error) {
        this.#reject?.(error as TarsException);
        return;
      }
    }
    this.#resolve?.(result);
  }

  /** Hands a failure of this side over. */
  deliverFailure(error: TarsException, status: ReqStatus, nowMs: number): void {
    if (this.#callback !== undefined) {
      runCallback(this.#callback, failureMessage(this, error, status, nowMs), this.owner.notifier);
    } else {
      this.#reject?.(error);
    }
  }
}
