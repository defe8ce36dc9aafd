/** Bits of the state of a connection: most connections are idle, and each field of each of them costs. */
export const Flag = {
  /** Packets of a chunk are being served: what is sent meanwhile leaves when that is done. */
  READING: 1,
  /** A flush at the end of the tick is asked for. */
  SCHEDULED: 2,
  /** The socket does not read. */
  PAUSED: 4,
  /** A complete packet has come. */
  HAS_PACKET: 8,
  /** The end was asked for; it comes when no request is left. */
  LEAVING: 16,
  /** The adapter has been told of the end. */
  DONE: 32,
  /** What was received is not served for now: too many packets came, too many requests are in progress, or too much waits for the peer (`sendpolicy = wait`). */
  HELD: 64,
  /** The peer ended meanwhile. */
  PEER_ENDED: 128,
  /** Something was sent to the peer. */
  SENT: 256,
  /** The wire was told to close at once; nothing is expected of it but to say that it is closed. */
  DESTROYED: 512,
  /** The wire threw at that: it will not say so. */
  DEAD: 1024,
} as const;
