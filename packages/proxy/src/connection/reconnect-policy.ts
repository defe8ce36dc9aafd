/** Bounds of a backoff, and where its chance comes from. */
export interface ReconnectPolicyInit {
  readonly minMs: number;
  readonly maxMs: number;
  /** 0 up to, not including, 1; `Math.random` unless a test gives another. */
  readonly random?: () => number;
}

/**
 * How long to wait before the next attempt to connect: exponential backoff with full jitter.
 *
 * The wait is drawn evenly from 0 up to `min · 2^failures`, at most `max`: without a failure it is short, and many clients of
 * a server that came back do not arrive at once.
 */
export class ReconnectPolicy {
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  /** Attempts that failed since the last success. */
  failures = 0;

  constructor({ minMs, maxMs, random = Math.random }: ReconnectPolicyInit) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** Draws a wait in ms. */
  delayMs(): number {
    // Beyond 2^30 the bound is the maximum anyway.
    const bound = Math.min(this.#maxMs, this.#minMs * 2 ** Math.min(this.failures, 30));
    return Math.round(this.#random() * bound);
  }
}
