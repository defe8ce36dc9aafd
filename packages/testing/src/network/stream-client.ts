import type { TransportConnection, TransportHandlers } from '@tarsier/framework';
import { writeAllTo, writeTo } from '@tarsier/proxy/internal';
import type { ClientHandlers } from './memory-link.js';
import type { StreamEnd } from './stream-end.js';

/** Between the client's end of a link and the handlers of a transport: what {@link StreamEnd} is to a wire, with other names. */
export class StreamClient implements ClientHandlers {
  readonly allowsHalfOpen = false;
  readonly #handlers: TransportHandlers;
  #error: Error | undefined;

  constructor(handlers: TransportHandlers) {
    this.#handlers = handlers;
  }

  connected(): void {
    this.#handlers.onConnect();
  }

  receive(chunk: Uint8Array): void {
    this.#handlers.onData(chunk);
  }

  peerEnded(): void {
    this.#handlers.onEnd();
  }

  drained(): void {
    this.#handlers.onDrain();
  }

  wireFailed(error: Error): void {
    this.#error ??= error;
  }

  wireClosed(): void {
    this.#handlers.onClose(this.#error);
  }
}

/** The connection that a client writes to, on its end of a link. */
export function connectionOf(end: StreamEnd): TransportConnection {
  return new StreamConnection(end);
}

class StreamConnection implements TransportConnection {
  readonly #end: StreamEnd;

  constructor(end: StreamEnd) {
    this.#end = end;
  }

  get waitingBytes(): number {
    return this.#end.writableLength;
  }

  write(bytes: Uint8Array): boolean {
    return writeTo(this.#end, bytes);
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    return writeAllTo(this.#end, parts);
  }

  close(): void {
    this.#end.end();
  }

  destroy(): void {
    this.#end.destroy();
  }
}
