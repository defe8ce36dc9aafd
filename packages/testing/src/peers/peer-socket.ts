/** What a script needs of a connection, real or in memory. */
export interface PeerSocket {
  write(bytes: Uint8Array): void;
  pause(): void;
  resume(): void;
  /** Closes the sending side. */
  end(): void;
  /** Sends what was written, then closes both sides. */
  close(): void;
  /** Closes both sides at once. */
  destroy(): void;
  /** Breaks the connection: the other side gets a reset. */
  reset(): void;
}

/** What a connection tells its script. */
export interface PeerEvents {
  data(bytes: Uint8Array): void;
  ended(): void;
  /** Comes once. */
  closed(error: Error | undefined): void;
}

/** Where fake peers live: on real sockets, or on a network in memory with its clock. */
export interface PeerPlace {
  /** Runs a function after so many ms. @returns calls it off. */
  after(ms: number, run: () => void): () => void;
  /** @returns the endpoint as text, and what closes the port. */
  listen(
    endpoint: string,
    accept: (socket: PeerSocket) => PeerEvents,
  ): Promise<{ readonly endpoint: string; close(): void }>;
  /** Rejects when the connection is refused. */
  connect(endpoint: string, begin: (socket: PeerSocket) => PeerEvents): Promise<void>;
}
