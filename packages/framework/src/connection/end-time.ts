import { CloseType } from '../close-type.js';

/** How long who is refused has to take the refusal and to leave, in ms. Nobody holds a place longer whom the server does not want. */
export const REFUSAL_MS = 750;
/** How long a peer has to take its last answers, and to close its side, in ms. */
const LINGER_MS = 3000;

/** What is known of a connection that ends. Times in ms of one clock. */
export interface EndState {
  /** Why it ends. */
  readonly type: CloseType;
  /** When the end began. */
  readonly sinceMs: number;
  /** When the last byte came. */
  readonly receivedMs: number;
  /** Bytes that the peer has not taken yet. */
  readonly pendingBytes: number;
}

/**
 * Whether the socket of a connection that ends is destroyed now. A peer that broke the protocol gets no longer than any other that is
 * refused, whatever it does; one that is served to the end gets more while it still takes, or sends: a reset would take its last
 * answers with it.
 */
export function isEndOver({ type, sinceMs, receivedMs, pendingBytes }: EndState, nowMs: number): boolean {
  const tookMs = nowMs - sinceMs;
  if (tookMs < REFUSAL_MS) return false;
  if (tookMs >= LINGER_MS || type === CloseType.EM_PROTOCOL_ERROR_CLOSE) return true;
  const sendsOn = receivedMs > Math.max(sinceMs, nowMs - REFUSAL_MS);
  return pendingBytes === 0 && !sendsOn;
}

/** When {@link isEndOver} is to be asked next. */
export function endDueMs(sinceMs: number, nowMs: number): number {
  const beganMs = nowMs - sinceMs < REFUSAL_MS ? sinceMs : nowMs;
  return Math.min(beganMs + REFUSAL_MS, sinceMs + LINGER_MS);
}
