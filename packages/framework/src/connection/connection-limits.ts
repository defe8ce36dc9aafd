/**
 * What happens to a packet for a peer for whom too much waits already. `close`: the connection is closed. `drop-newest`: the packet is
 * refused. `drop-oldest`: those that wait longest are given up for it. `wait`: it is refused, but answers to requests are always taken,
 * and no requests are read meanwhile.
 */
export type SendPolicy = 'close' | 'drop-newest' | 'drop-oldest' | 'wait';

/** The limits of each connection of an adapter. */
export interface ConnectionLimits {
  /** A peer that sends nothing for so long is closed, in ms; 0: never. */
  readonly idleMs: number;
  /** Time for the first complete packet, in ms, unless something is sent to the peer before; 0: no limit. */
  readonly emptyConnMs: number;
  /** Bytes received and not yet taken by the parser. */
  readonly maxReceiveBytes: number;
  /** Time for a packet to complete, from its first byte on, in ms; 0: no limit. */
  readonly packetMs: number;
  /** Requests of one connection accepted and not finished, beyond which nothing is read for a while; Infinity: no limit. */
  readonly maxRequests: number;
  /** Packets that one connection may send per second; beyond it nothing is read for a while; 0: no limit. */
  readonly maxPacketRate: number;
  /** Bytes waiting to be sent. */
  readonly maxSendBytes: number;
  /** Packets waiting to be sent while the socket takes nothing; 0: no limit. */
  readonly maxSendPackets: number;
  /** How long bytes may wait to be sent, in ms; 0: no limit. */
  readonly maxSendAgeMs: number;
  /** Least bytes that must leave per 5 s once a limit was reached, unless the policy is `close`. */
  readonly minSendBytes: number;
  readonly sendPolicy: SendPolicy;
  /** One request at a time, so that answers keep the order of the requests; where the framing has no ids it is always so. */
  readonly isOrdered: boolean;
}
