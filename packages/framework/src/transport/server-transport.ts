import type { Endpoint } from '@tarsier/protocol';
import type { AdapterConfig } from '../adapter/adapter-config.js';
import type { Wire, WireHandlers } from '../connection/wire.js';

/** Takes what a transport has accepted for one adapter. */
export interface Acceptor {
  readonly config: AdapterConfig;
  /** Whether a peer may connect now; to be asked before a handshake costs something. A refusal is counted and logged. */
  admits(ip: string): boolean;
  /**
   * A peer has connected. The handlers are to be called from now on, not before this returned.
   *
   * @param ip address of the peer, of IPv4 in dotted form; empty for a Unix socket.
   * @returns undefined when the peer is refused; the transport then destroys the wire.
   */
  accept(wire: Wire, ip: string, port: number): WireHandlers | undefined;
  /** One datagram came; it belongs to the acceptor. `reply` sends one back to its sender, and says whether it was taken. */
  datagram(bytes: Uint8Array, ip: string, port: number, reply: (bytes: Uint8Array) => boolean): void;
  /** A datagram that `reply` had taken could not be sent. */
  datagramFailed(error: Error, ip: string, port: number): void;
  /**
   * A handshake failed, or, without an address, the port itself has trouble. `ip` is empty when the peer is not known any more.
   */
  failed(error: Error, ip?: string): void;
}

/** An open port. */
export interface Listening {
  /** Where it listens, with the port that the system chose when the configuration left it open. */
  readonly endpoint: Endpoint;
  /** Accepts no more; what was accepted stays. */
  close(): void;
  /** Of a port without connections: closes it when the last answer has left. Called after `close`, when no request runs. */
  release?(): Promise<void>;
  /** With TLS: what it proves itself with. */
  readonly certificates?: { refresh(): Promise<void>; load(): Promise<void> };
}

/** A way to listen: TCP, or whatever else. The counterpart of the client's `Transport`. */
export interface ServerTransport {
  /** Short name for messages, as `tcp`. */
  readonly name: string;
  /** Whether this transport serves such an endpoint. */
  canListen(endpoint: Endpoint): boolean;
  /**
   * Opens a port. Resolves when peers can connect.
   *
   * @throws whatever the system said; the caller says what it means.
   */
  listen(acceptor: Acceptor): Promise<Listening>;
}
