import type { Socket } from 'node:net';
import { writeAllTo, writeTo } from './socket-writes.js';
import type { TransportConnection, TransportHandlers } from './transport.js';

/** What a transport knows of the ends of its sockets. */
export interface EndWords {
  /** Puts an error of the socket in words. */
  error(error: Error): Error;
  /** What it means that the peer has ended the connection now; undefined for an orderly end. */
  end(): Error | undefined;
}

/** A connection that is a socket, plain or with TLS. Its maker says when it is established. */
export class SocketConnection implements TransportConnection {
  readonly #socket: Socket;
  readonly #handlers: TransportHandlers;
  #isOpen = false;
  #isClosing = false;
  #error: Error | undefined;

  constructor(socket: Socket, handlers: TransportHandlers, words?: EndWords) {
    this.#socket = socket;
    this.#handlers = handlers;
    socket.on('data', (chunk: Buffer) => {
      handlers.onData(chunk);
    });
    socket.on('drain', () => {
      handlers.onDrain();
    });
    socket.on('end', () => {
      // In a handshake it is a refusal, which comes with 'close'; so does an error before it, as an alert of TLS.
      if (!this.#isOpen || this.#error !== undefined) return;
      if (!this.#isClosing) this.#error = words?.end();
      if (this.#error === undefined) handlers.onEnd();
      else socket.destroy();
    });
    // 'close' follows every 'error', so that the end is told once.
    socket.on('error', (error: Error) => {
      this.#error ??= words === undefined ? error : words.error(error);
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
    this.#isClosing = true;
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
