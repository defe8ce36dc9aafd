/** How an adapter on `ws` or `wss` treats its peers. */
export interface WebSocketConfig {
  /** Whether text messages are taken, as their UTF-8 bytes. */
  readonly isTextAllowed: boolean;
  /** Time between two pings of a connection, in ms; 0: none. A peer that does not answer until the next is gone. */
  readonly pingMs: number;
  /** Bytes of one message. */
  readonly maxMessageBytes: number;
  /** The names that are served, as `www.example.com`, `*.example.com` or `[::1]:8080`; empty for every name. */
  readonly hosts: readonly string[];
  /** Pages of which origins may connect, as `https://a.example`, `https://*.example`, or `*`; empty for those of the host that is asked. */
  readonly origins: readonly string[];
}
