/** What happens to a packet for a peer whose send queue is full: the connection is closed, or the packet is refused. */
export type SendPolicy = 'close' | 'drop';

/** The limits of each connection of an adapter. */
export interface ConnectionLimits {
  /** A peer that sends nothing for so long is closed, in ms; 0: never. */
  readonly idleMs: number;
  /** Time for the first complete packet, in ms; 0: no limit. */
  readonly emptyConnMs: number;
  /** Bytes received and not yet taken by the parser. */
  readonly maxReceiveBytes: number;
  /** Bytes waiting to be sent. */
  readonly maxSendBytes: number;
  /** Least bytes that must leave per 5 s while the send queue is full, with policy `drop`. */
  readonly minSendBytes: number;
  readonly sendPolicy: SendPolicy;
  /** One request at a time, so that answers keep the order of the requests. */
  readonly isOrdered: boolean;
}
