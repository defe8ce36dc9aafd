import type { CallObserver, CallOutcome, ObservedCall } from '../observe/proxy-observer.js';

/** Gets each call that has ended, and for which somebody waited. */
export type CountCall = (call: ObservedCall, outcome: CallOutcome) => void;

/**
 * Counts the calls of a proxy, and shows them to another observer if that wants them.
 *
 * One-way calls are not counted: nobody knows how they end.
 */
export class StatCalls implements CallObserver {
  readonly isWanted = true;
  readonly isOpen = true;
  readonly #inner: CallObserver;
  readonly #count: CountCall;

  constructor(inner: CallObserver, count: CountCall) {
    this.#inner = inner;
    this.#count = count;
  }

  begin(call: ObservedCall, run: () => void): void {
    if (this.#inner.isWanted) this.#inner.begin(call, run);
    else run();
  }

  settle(call: ObservedCall, outcome: CallOutcome, run: () => void): void {
    if (!call.isOneWay) this.#count(call, outcome);
    if (this.#inner.isOpen) this.#inner.settle(call, outcome, run);
    else run();
  }
}
