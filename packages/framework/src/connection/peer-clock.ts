import type { ConnectionLimits } from './connection-limits.js';

/** What the clocks of a peer know: times in ms. */
export interface PeerTimes {
  readonly acceptedMs: number;
  /** Since when its idle clock runs. */
  readonly receivedMs: number;
  /** Whether a complete packet has come, or something was sent to it: where the server speaks first, the peer may have nothing to say. */
  readonly hasSpoken: boolean;
}

/** When the first packet of a peer has to be complete, unless the server has spoken before; Infinity for never. */
export function firstPacketDueMs({ emptyConnMs }: ConnectionLimits, times: PeerTimes): number {
  return emptyConnMs > 0 && !times.hasSpoken ? times.acceptedMs + emptyConnMs : Number.POSITIVE_INFINITY;
}

/** When a peer that says nothing is to be closed: by its idle clock, or because its first packet does not come; Infinity for never. */
export function silenceDueMs(limits: ConnectionLimits, times: PeerTimes): number {
  const { idleMs } = limits;
  return Math.min(idleMs > 0 ? times.receivedMs + idleMs : Number.POSITIVE_INFINITY, firstPacketDueMs(limits, times));
}
