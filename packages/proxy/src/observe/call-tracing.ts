import type { CallMessage, ClientChannels } from './client-channels.js';
import type { CallObserver, CallOutcome, ObservedCall } from './proxy-observer.js';

/** Shows the calls of one proxy on the channels `tracing:tarsier.client.call:*`. Costs two comparisons per call when nobody looks. */
export class CallTracing implements CallObserver {
  readonly #object: string;
  readonly #channels: ClientChannels['call'];
  readonly #open = new Map<ObservedCall, CallMessage>();

  constructor(object: string, channels: ClientChannels['call']) {
    this.#object = object;
    this.#channels = channels;
  }

  get isWanted(): boolean {
    return this.#channels.start.hasSubscribers;
  }

  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  begin(call: ObservedCall, run: () => void): void {
    const { request, isOneWay } = call;
    const message: CallMessage = { object: this.#object, request, isOneWay, endpoint: '' };
    this.#open.set(call, message);
    this.#channels.start.publish(message);
    run();
    this.#channels.end.publish(message);
  }

  settle(call: ObservedCall, outcome: CallOutcome, run: () => void): void {
    const message = this.#open.get(call);
    if (message === undefined) {
      run();
      return;
    }
    this.#open.delete(call);
    Object.assign(message, outcome);
    const { asyncStart, asyncEnd, error } = this.#channels;
    if (outcome.error !== undefined) error.publish(message);
    asyncStart.publish(message);
    run();
    asyncEnd.publish(message);
  }
}
