/** The place of a peer that was let in: it counts from its accept until its socket is closed, its handshake included. */
export interface Admission {
  /** Address of the peer: of IPv4 in dotted form, empty for a Unix peer. It stays when the socket does not know it any more. */
  readonly ip: string;
  /** The socket is closed: another peer may have the place. May be called often. */
  leave(): void;
}
