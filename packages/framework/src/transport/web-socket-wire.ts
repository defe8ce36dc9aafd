import type { Socket } from 'node:net';
import { TarsDecodeException } from '@tarsier/protocol';
import type { WebSocket } from 'ws';
import type { Wire, WireHandlers } from '../connection/wire.js';
import { refuse } from './refuse.js';
import { frameHead, shortFrame } from './web-socket-frame.js';

/** Close codes of RFC 6455, section 7.4.1. */
const NORMAL = 1000;
const UNSUPPORTED_DATA = 1003;
const ABNORMAL = 1006;

/**
 * A WebSocket as a byte stream: the bytes of binary messages, one after the other, wherever they were cut; what is written in one
 * flush goes as one message.
 *
 * Messages are framed here and written past `ws`, which would make two writes of each and frame what is pushed to thousands for each of
 * them. Nothing comes between: it negotiates no extension, and writes each of its own frames (ping, pong, close) in one go.
 *
 * Source: RFC 6455.
 */
export class WebSocketWire implements Wire {
  bytesWritten = 0;
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  readonly #isTextAllowed: boolean;
  #corked: Uint8Array[] | undefined;
  /** A ping is out, and nothing has come since. */
  #isAsked = false;
  /** What comes from now on is nobody's. */
  #isRefused = false;

  constructor(webSocket: WebSocket, socket: Socket, isTextAllowed: boolean) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#isTextAllowed = isTextAllowed;
  }

  get carrier(): Socket {
    return this.#socket;
  }

  /** Hands on from now on what comes. */
  serve(handlers: WireHandlers): void {
    const webSocket = this.#webSocket;
    webSocket.on('message', (data: Buffer, isBinary: boolean) => {
      this.#isAsked = false;
      if (this.#isRefused) return;
      if (isBinary || this.#isTextAllowed) {
        // It may be a part of what the socket has read; ws never touches that again.
        if (data.length > 0) handlers.receive(data);
        return;
      }
      handlers.wireFailed(
        new TarsDecodeException('a text message came, and the adapter takes binary ones only; wstext = y allows it', {
          code: 'TARSIER_PACKET_INVALID',
        }),
      );
      this.#isRefused = true;
      refuse(this.#socket, () => {
        webSocket.close(UNSUPPORTED_DATA, 'binary messages only');
      });
    });
    webSocket.on('pong', () => {
      this.#isAsked = false;
    });
    this.#socket.on('drain', () => {
      handlers.drained();
    });
    webSocket.on('error', (error: Error) => {
      const isTooLarge = Reflect.get(error, 'code') === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
      const code = isTooLarge ? 'TARSIER_PACKET_TOO_LARGE' : 'TARSIER_PACKET_INVALID';
      const isOfPeer = String(Reflect.get(error, 'code')).startsWith('WS_ERR_');
      const why = isTooLarge ? 'a message is larger than wsmaxmessage' : error.message;
      handlers.wireFailed(isOfPeer ? new TarsDecodeException(why, { code, cause: error }) : error);
      this.#isRefused = true;
      // It has told the peer itself.
      refuse(this.#socket, () => undefined);
    });
    webSocket.on('close', (code: number) => {
      if (code === ABNORMAL) handlers.wireFailed(new Error('the WebSocket ended without a close frame'));
      handlers.wireClosed();
    });
  }

  /** Sends a ping, or gives up a peer that has not answered the last one. */
  ping(handlers: WireHandlers): void {
    if (this.#webSocket.readyState !== this.#webSocket.OPEN || this.#webSocket.isPaused) return;
    if (this.#isAsked) {
      handlers.wireFailed(new Error('the peer did not answer a ping until the next was due (wsping)'));
      this.#webSocket.terminate();
      return;
    }
    this.#isAsked = true;
    this.#webSocket.ping();
  }

  get writableLength(): number {
    return this.#socket.writableLength;
  }

  get writableNeedDrain(): boolean {
    return this.#socket.writableNeedDrain;
  }

  get #isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  write(bytes: Uint8Array): boolean {
    this.bytesWritten += bytes.length;
    const socket = this.#socket;
    if (this.#corked !== undefined) this.#corked.push(bytes);
    else if (this.#isOpen) {
      const frame = shortFrame(bytes);
      if (frame !== undefined) return socket.write(frame);
      this.#writeMessage([bytes], bytes.length);
    }
    return !socket.writableNeedDrain;
  }

  /** Without copying, in one system call. */
  #writeMessage(parts: readonly Uint8Array[], size: number): void {
    const socket = this.#socket;
    socket.cork();
    socket.write(frameHead(size));
    for (const part of parts) socket.write(part);
    socket.uncork();
  }

  cork(): void {
    this.#corked ??= [];
  }

  uncork(): void {
    const parts = this.#corked ?? [];
    this.#corked = undefined;
    if (parts.length === 0 || !this.#isOpen) return;
    let size = 0;
    for (const part of parts) size += part.length;
    this.#writeMessage(parts, size);
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  end(): void {
    this.#webSocket.close(NORMAL);
  }

  destroy(): void {
    this.#webSocket.terminate();
  }
}
