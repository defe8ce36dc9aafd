/** What became of bytes that were given to a connection. Only `REFUSED` is falsy. */
export const SendResult = {
  /** Not taken: the peer is gone, or what waits for it has reached a limit. */
  REFUSED: 0,
  /** Taken; the peer is behind, so they wait until it takes what was sent before. */
  QUEUED: 1,
  /** Taken; they leave with the end of this tick. */
  ACCEPTED: 2,
} as const;

/** One of the values of {@link SendResult}. */
export type SendResult = (typeof SendResult)[keyof typeof SendResult];
