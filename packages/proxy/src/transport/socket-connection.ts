import type { Socket } from 'node:net';
import { writeAllTo, writeTo } from './socket-writes.js';
import type { TransportConnection, TransportHandlers } from './transport.js';

/** A connection that is a socket, plain or with TLS. Its maker says when it is established. */
export class SocketConnection implements TransportConnection {
  readonly #socket: Socket;
  readonly #handlers: TransportHandlers;
  #isOpen = false;
  #error: Error | undefined;

  /** @param explain puts an error of the socket in words. */
  constructor(socket: Socket, handlers: TransportHandlers, explain?: (error: Error) => Error) {
    this.#socket = socket;
    this.#handlers = handlers;
    socket.on('data', (chunk: Buffer) => {
      handlers.onData(chunk);
    });
    socket.on('drain', () => {
      handlers.onDrain();
    });
    socket.on('end', () => {
      // In a handshake it is a refusal, which comes with 'close'.
      if (this.#isOpen) handlers.onEnd();
    });
    // 'close' follows every 'error', so that the end is told once.
    socket.on('error', (error: Error) => {
      this.#error ??= explain === undefined ? error : explain(error);
    });
    socket.on('close', () => {
      handlers.onClose(this.#error);
    });
  }

  /** It is established. */
  opened(): void {
    if (this.#socket.destroyed) return;
    this.#isOpen = true;
    this.#handlers.onConnect();
  }

  get waitingBytes(): number {
    const socket = this.#socket;
    return socket.writableLength + unsentBytes(socket);
  }

  write(bytes: Uint8Array): boolean {
    return writeTo(this.#socket, bytes);
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    return writeAllTo(this.#socket, parts);
  }

  close(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/**
 * What the kernel has not taken yet of the write that is under way. Node's `writableLength` counts such a write whole until its
 * end; without this a long write to a slow peer would look stalled. 0 where Node does not tell.
 */
function unsentBytes(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle');
  const size: unknown =
    typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'writeQueueSize') : undefined;
  return typeof size === 'number' ? size : 0;
}
