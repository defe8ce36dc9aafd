/** How an adapter on `ws` or `wss` treats its peers. */
export interface WebSocketConfig {
  /** Whether text messages are taken, as their UTF-8 bytes. */
  readonly isTextAllowed: boolean;
  /** Time between two pings of a connection, in ms; 0: none. A peer that does not answer until the next is gone. */
  readonly pingMs: number;
  /** Bytes of one message. */
  readonly maxMessageBytes: number;
  /** Pages of which origins may connect, besides those of this host: `https://a.example`, `https://*.example`, or `*`. */
  readonly origins: readonly string[];
}
