import type { Endpoint } from '@tarsier/protocol';
import type { ConnectOptions } from './connect-options.js';

/**
 * What a transport tells about one connection. Nothing is called from within `Transport.connect`, `write` or `close`;
 * after `onClose` nothing is called any more.
 */
export interface TransportHandlers {
  /** The connection is established; called at most once, and before any other but `onClose`. */
  onConnect(): void;
  /** Bytes came. The chunk now belongs to the receiver: the transport does not write to it again. */
  onData(chunk: Uint8Array): void;
  /** After a `write` that answered false: the transport takes bytes again. */
  onDrain(): void;
  /** The peer sends nothing any more. */
  onEnd(): void;
  /** Everything is released; called exactly once. `error` says why, unless one of the two sides closed on purpose. */
  onClose(error?: Error): void;
}

/** One connection that a transport made. Writing to one that is closed does nothing. */
export interface TransportConnection {
  /** Each `write` is one datagram, and so is each chunk that comes: packets are whole, or lost. Absent for byte streams. */
  readonly isDatagram?: boolean;
  /** The largest datagram that `write` can take; absent when that is not known. */
  readonly maxDatagramBytes?: number;
  /** Bytes that it has taken and the network has not, where that is known: while it shrinks, a write is slow but not stalled. */
  readonly waitingBytes?: number;
  /** Takes the bytes; false when it has enough and the next should wait for `onDrain`. */
  write(bytes: Uint8Array): boolean;
  /** Takes several pieces at once, in order. */
  writeAll(parts: readonly Uint8Array[]): boolean;
  /** Sends what it has taken, then closes. */
  close(): void;
  /** Closes at once. */
  destroy(): void;
}

/** A way to reach endpoints: TCP, or whatever an environment has. Source: TC_Transceiver (TarsCpp). */
export interface Transport {
  /** Short name for messages, as `tcp`. */
  readonly name: string;
  /** Whether this transport serves such an endpoint. */
  canConnect(endpoint: Endpoint): boolean;
  /** Begins to connect. The outcome comes through the handlers; an exception counts as a refused connection. */
  connect(endpoint: Endpoint, handlers: TransportHandlers, options: ConnectOptions): TransportConnection;
}
