import type { Endpoint } from '@tarsier/protocol';
import type { AdapterConfig } from '../adapter/adapter-config.js';
import type { Admission } from '../adapter/admission.js';
import type { Wire, WireHandlers } from '../connection/wire.js';

/** Takes what a transport has accepted for one adapter. */
export interface Acceptor {
  readonly config: AdapterConfig;
  /**
   * Takes a place for a peer whose handshake would cost something; to be asked before it begins. The transport gives the place back
   * (`leave`) when the socket is closed, however it ends.
   *
   * @param ip as of {@link Acceptor.accept}.
   * @returns undefined when the peer is refused, which is counted and logged; the transport then destroys the socket.
   */
  admit(ip: string | undefined): Admission | undefined;
  /**
   * A peer has connected. The handlers are to be called from now on, not before this returned.
   *
   * @param ip address of the peer; undefined when there is none: a peer of a Unix socket, or one that has gone. On an endpoint with an
   * IP address or a port a peer without an address is refused.
   * @param admission what {@link Acceptor.admit} gave for this peer, whose address counts then; without it a place is taken now and
   * given back with the end of the connection.
   * @returns undefined when the peer is refused; the transport then destroys the wire.
   */
  accept(wire: Wire, ip: string | undefined, port: number, admission?: Admission): WireHandlers | undefined;
  /**
   * One datagram came; it belongs to the acceptor. `reply` sends one back to its sender, and says whether it was taken. A sender without
   * an address is refused.
   */
  datagram(bytes: Uint8Array, ip: string | undefined, port: number, reply: (bytes: Uint8Array) => boolean): void;
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
