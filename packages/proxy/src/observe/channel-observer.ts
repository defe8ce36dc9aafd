import type { ResponsePacket, TarsException } from '@tarsier/protocol';
import type { DropReason } from '../servant-proxy-events.js';
import { CallTracing } from './call-tracing.js';
import type { ClientChannels } from './client-channels.js';
import type { ProxyObserver } from './proxy-observer.js';

/** Publishes what happens at a proxy on channels; messages are made only for those that have subscribers. */
export class ChannelObserver implements ProxyObserver {
  readonly calls: CallTracing;
  readonly #object: string;
  readonly #channels: ClientChannels;

  constructor(object: string, channels: ClientChannels) {
    this.calls = new CallTracing(object, channels.call);
    this.#object = object;
    this.#channels = channels;
  }

  connected(endpoint: string): void {
    const { connect } = this.#channels;
    if (connect.hasSubscribers) connect.publish({ object: this.#object, endpoint });
  }

  closed(event: { readonly endpoint: string; readonly error?: TarsException }): void {
    const { close } = this.#channels;
    if (close.hasSubscribers) close.publish({ object: this.#object, ...event });
  }

  pushed(endpoint: string, response: ResponsePacket): void {
    const { push } = this.#channels;
    if (push.hasSubscribers) push.publish({ object: this.#object, endpoint, response });
  }

  dropped(endpoint: string, reason: DropReason, response: ResponsePacket | undefined): void {
    const { drop } = this.#channels;
    if (!drop.hasSubscribers) return;
    drop.publish({ object: this.#object, endpoint, reason, ...(response !== undefined && { response }) });
  }
}
