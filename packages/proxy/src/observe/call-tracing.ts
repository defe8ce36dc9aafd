import type { ResponsePacket, TarsException } from '@tarsier/protocol';
import type { PendingCall } from '../call/pending-call.js';
import type { CallMessage, ClientChannels } from './client-channels.js';

/** Shows the calls of one proxy on the channels `tracing:tarsier.client.call:*`. Costs two comparisons per call when nobody looks. */
export class CallTracing {
  readonly #object: string;
  readonly #channels: ClientChannels['call'];
  readonly #open = new Map<PendingCall, CallMessage>();

  constructor(object: string, channels: ClientChannels['call']) {
    this.#object = object;
    this.#channels = channels;
  }

  /** Whether the next call is to be shown. */
  get isWanted(): boolean {
    return this.#channels.start.hasSubscribers;
  }

  /** Whether calls are under way whose begin was shown. */
  get isOpen(): boolean {
    return this.#open.size > 0;
  }

  /** Runs what begins a call. */
  begin(call: PendingCall, run: () => void): void {
    const { request, isOneWay } = call;
    const message: CallMessage = { object: this.#object, request, isOneWay, endpoint: '' };
    this.#open.set(call, message);
    this.#channels.start.publish(message);
    run();
    this.#channels.end.publish(message);
  }

  /** Runs what tells the outcome of a call: of one without either nobody waits for anything. */
  settle(
    call: PendingCall,
    outcome: { response?: ResponsePacket; error?: TarsException; endpoint: string },
    run: () => void,
  ): void {
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
