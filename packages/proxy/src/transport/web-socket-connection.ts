import type { TransportConnection, TransportHandlers } from './transport.js';
import {
  CLOSE_NORMAL,
  CLOSE_TOO_LARGE,
  CLOSE_UNSUPPORTED,
  closeError,
  textError,
  tooLargeError,
} from './web-socket-closes.js';

/** What a connection needs of a WebSocket, whoever made it. */
export interface WebSocketPort {
  /** Bytes taken and not handed to the network yet. */
  readonly bufferedAmount: number;
  /** Sends one binary message. */
  send(message: Uint8Array): void;
  /** Begins the closing handshake, behind what was sent. */
  close(code: number, reason: string): void;
  /** Ends at once. */
  terminate(): void;
  /** Calls back, once, when most of what was taken has left. */
  whenDrained(run: () => void): void;
}

/** A write says that it is enough while more bytes wait. */
export const HIGH_WATER_BYTES = 1_048_576;
/** Pieces are joined to messages of about so many bytes, so that a server with a limit takes them. */
const JOINED_BYTES = 262_144;
/** How long a server that was told of its fault has to close too. */
const FAULT_LINGER_MS = 500;

/**
 * A WebSocket as a byte stream: the bytes of binary messages, wherever they were cut. Its owner tells it what happens to the
 * WebSocket. Source: RFC 6455.
 */
export class WebSocketConnection implements TransportConnection {
  readonly #handlers: TransportHandlers;
  readonly #port: WebSocketPort;
  readonly #maxMessageBytes: number;
  #wasOpen = false;
  /** Messages are sent and taken. */
  #isOpen = false;
  #isWanted = true;
  #isReleased = false;
  #isFull = false;
  #error: Error | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;

  constructor(handlers: TransportHandlers, port: WebSocketPort, maxMessageBytes: number) {
    this.#handlers = handlers;
    this.#port = port;
    this.#maxMessageBytes = maxMessageBytes;
  }

  get waitingBytes(): number {
    return this.#port.bufferedAmount;
  }

  write(bytes: Uint8Array): boolean {
    if (!this.#isOpen) return true;
    this.#port.send(bytes);
    return this.#hasRoom();
  }

  /** Several pieces are one message, because each message costs an event on the other side. A long piece is never cut. */
  writeAll(parts: readonly Uint8Array[]): boolean {
    if (!this.#isOpen) return true;
    let begin = 0;
    let size = 0;
    for (let i = 0; i < parts.length; i++) {
      const length = parts[i]?.length ?? 0;
      if (size > 0 && size + length > JOINED_BYTES) {
        this.#port.send(joined(parts, begin, i, size));
        begin = i;
        size = 0;
      }
      size += length;
    }
    if (size > 0) this.#port.send(joined(parts, begin, parts.length, size));
    return this.#hasRoom();
  }

  #hasRoom(): boolean {
    if (this.#isFull) return false;
    if (this.#port.bufferedAmount <= HIGH_WATER_BYTES) return true;
    this.#isFull = true;
    this.#port.whenDrained(() => {
      this.#isFull = false;
      if (this.#isOpen) this.#handlers.onDrain();
    });
    return false;
  }

  close(): void {
    this.#isWanted = false;
    this.#isOpen = false;
    this.#port.close(CLOSE_NORMAL, '');
  }

  destroy(): void {
    this.#isWanted = false;
    this.#isOpen = false;
    this.#port.terminate();
  }

  /** The handshake is over. */
  opened(): void {
    if (!this.#isWanted) return;
    this.#wasOpen = true;
    this.#isOpen = true;
    this.#handlers.onConnect();
  }

  /** A binary message came. */
  received(message: Uint8Array): void {
    if (!this.#isOpen) return;
    if (message.length > this.#maxMessageBytes) {
      this.#refuse(CLOSE_TOO_LARGE, tooLargeError(this.#maxMessageBytes));
    } else if (message.length > 0) {
      this.#handlers.onData(message);
    }
  }

  /** A text message came. */
  receivedText(): void {
    if (this.#isOpen) this.#refuse(CLOSE_UNSUPPORTED, textError());
  }

  #refuse(code: number, error: Error): void {
    this.failed(error);
    this.#port.close(code, '');
  }

  /** The WebSocket has failed, and will soon be closed. */
  failed(error: Error): void {
    this.#error ??= error;
    this.#isOpen = false;
    this.#linger ??= setTimeout(() => {
      this.#port.terminate();
    }, FAULT_LINGER_MS);
  }

  /** The WebSocket is closed. */
  closed(code: number, reason: string): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#isOpen = false;
    clearTimeout(this.#linger);
    const error = this.#isWanted ? (this.#error ?? closeError(code, reason, this.#wasOpen)) : undefined;
    this.#handlers.onClose(error);
  }
}

function joined(parts: readonly Uint8Array[], begin: number, end: number, size: number): Uint8Array {
  const first = parts[begin];
  if (first !== undefined && first.length === size) return first;
  const all = new Uint8Array(size);
  let at = 0;
  for (let i = begin; i < end; i++) {
    const part = parts[i];
    if (part === undefined) continue;
    all.set(part, at);
    at += part.length;
  }
  return all;
}
