import type { SocketWriter } from '@tarsier/proxy/internal';

/** One accepted byte stream, as a connection uses it. `net.Socket` and `tls.TLSSocket` are wires as they are. */
export interface Wire extends SocketWriter {
  /** Bytes written so far, those included that are still in `writableLength`. */
  readonly bytesWritten: number;
  /** The socket that carries it, where it is not one itself. */
  readonly carrier?: object;
  /** Stops delivering; what the peer sends then waits in the network. */
  pause(): void;
  resume(): void;
  /** Sends what was written, then tells the peer that nothing more comes. */
  end(): void;
  /** Closes at once. */
  destroy(): void;
}

/**
 * What a transport tells of a wire. Nothing is called from within `Acceptor.accept` or a method of the wire; after `wireClosed`
 * nothing is called any more.
 */
export interface WireHandlers {
  /** Bytes came; the chunk belongs to the receiver. */
  receive(chunk: Uint8Array): void;
  /** The peer sends nothing any more, and may still read. */
  peerEnded(): void;
  /** After a `write` that said it is enough: the wire takes bytes again. */
  drained(): void;
  /** The network broke the wire; `wireClosed` follows. */
  wireFailed(error: Error): void;
  /** The wire holds nothing any more; called exactly once. */
  wireClosed(): void;
}
