/** The byte behind the header of a push frame: what the packet is. */
export const FrameKind = {
  /** A request of the application, or its answer. */
  CALL: 0,
  // From the client.
  OPEN: 1,
  RESUME: 2,
  ACK: 3,
  SUBSCRIBE: 4,
  UNSUBSCRIBE: 5,
  PING: 6,
  // From the server.
  PUSH: 16,
  OPENED: 17,
  RESUMED: 18,
  EXPIRED: 19,
  GAP: 20,
  SUBSCRIBED: 21,
  UNSUBSCRIBED: 22,
  REFUSED: 23,
  PONG: 24,
  GOODBYE: 25,
  POSITION: 26,
  /** A push with an id. */
  NAMED_PUSH: 27,
  /** The session is refused; `REFUSED` is about a group. */
  DENIED: 28,
} as const;
