import type { ClientClock } from '../time/client-clock.js';
import { offAbort, onAbort } from './abort-targets.js';
import { CallTable } from './call-table.js';
import { CALL_SENT, CALL_SETTLED, type CallPlace, type PendingCall } from './pending-call.js';

/** Keys of calls that no answer is looked up for lie above all request ids. */
const FIRST_OWN_KEY = 2 ** 33;

/**
 * The calls of one proxy that are not settled, wherever they stand, with their deadlines.
 *
 * Calls whose answers bear their id are found by it; the others have a key of their own.
 */
export class PendingCalls {
  readonly #byKey = new CallTable<PendingCall>();
  readonly #clock: ClientClock;
  #nextOwnKey = FIRST_OWN_KEY;
  #nextOrder = 0;

  constructor(clock: ClientClock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#byKey.size;
  }

  has(requestId: number): boolean {
    return this.#byKey.get(requestId) !== undefined;
  }

  /** The call that an answer with this id settles, if it came from where the call was sent. */
  find(requestId: number, place: CallPlace): PendingCall | undefined {
    const call = this.#byKey.get(requestId);
    // A call that was not sent cannot have been answered: the packet belongs to an older call with the same id.
    return call !== undefined && call.state === CALL_SENT && call.place === place ? call : undefined;
  }

  /** Adds a call. `hasId`: it is found by its request id, which the caller has checked to be free. */
  add(call: PendingCall, hasId: boolean, dueMs: number): void {
    call.key = hasId ? call.request.iRequestId : this.#nextOwnKey++;
    call.order = this.#nextOrder++;
    this.#byKey.add(call);
    this.#clock.add(call, dueMs);
    if (call.signal !== undefined) onAbort(call.signal, call);
  }

  /** Takes a call out and marks it settled; what is left is to tell its caller. */
  remove(call: PendingCall): void {
    this.#byKey.delete(call);
    this.#clock.remove(call);
    if (call.signal !== undefined) offAbort(call.signal, call);
    call.state = CALL_SETTLED;
  }

  /** The calls that stand at a place, oldest first. Looks at all calls: for the end of a connection, not for every packet. */
  at(place: CallPlace): PendingCall[] {
    const calls = this.#byKey.values().filter((call) => call.place === place);
    return calls.toSorted((a, b) => a.order - b.order);
  }

  /** Whether there is one. */
  hasAt(place: CallPlace): boolean {
    return this.#byKey.values().some((call) => call.place === place);
  }

  /** How many calls each place has. */
  countByPlace(): Map<CallPlace | undefined, number> {
    const counts = new Map<CallPlace | undefined, number>();
    for (const { place } of this.#byKey.values()) counts.set(place, (counts.get(place) ?? 0) + 1);
    return counts;
  }
}
