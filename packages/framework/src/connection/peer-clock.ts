import type { ConnectionLimits } from './connection-limits.js';

/** What the clocks of a peer know: times in ms. */
export interface PeerTimes {
  readonly acceptedMs: number;
  /** Since when its idle clock runs. */
  readonly receivedMs: number;
  /** Whether a complete packet has come. */
  readonly hasPacket: boolean;
}

/** When a peer that says nothing is to be closed: by its idle clock, or because its first packet does not come; Infinity for never. */
export function silenceDueMs({ idleMs, emptyConnMs }: ConnectionLimits, times: PeerTimes): number {
  const idleDueMs = idleMs > 0 ? times.receivedMs + idleMs : Number.POSITIVE_INFINITY;
  return emptyConnMs > 0 && !times.hasPacket ? Math.min(idleDueMs, times.acceptedMs + emptyConnMs) : idleDueMs;
}
