/**
 * What a peer sends against two limits that need a memory: packets per second, and the time for a packet to complete. Made only
 * where one of them is set.
 */
export class IntakeCheck {
  readonly #perSecond: number;
  /** Packets that may come now. A second's worth at most, so that a burst after a silence is no offence. */
  #tokens: number;
  #filledMs: number;
  /** When the first byte of the packet came that is not complete yet; 0 for none. */
  #partialMs = 0;

  /** @param perSecond 0: no limit. */
  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
    this.#filledMs = nowMs;
  }

  /** Whether a packet may be taken now. */
  mayTake(nowMs: number): boolean {
    const perSecond = this.#perSecond;
    if (perSecond === 0) return true;
    if (nowMs > this.#filledMs) {
      this.#tokens = Math.min(perSecond, this.#tokens + ((nowMs - this.#filledMs) * perSecond) / 1000);
      this.#filledMs = nowMs;
    }
    return this.#tokens >= 1;
  }

  /** One was taken. */
  took(): void {
    this.#tokens--;
    this.#partialMs = 0;
  }

  /** Ms until the next packet may be taken. */
  get waitMs(): number {
    return this.#perSecond === 0 ? 0 : Math.max(0, ((1 - this.#tokens) * 1000) / this.#perSecond);
  }

  /** So many bytes were left of a chunk; whether a packet begins to wait for its rest. */
  note(left: number, nowMs: number): boolean {
    if (left === 0) {
      this.#partialMs = 0;
      return false;
    }
    if (this.#partialMs !== 0) return false;
    this.#partialMs = nowMs;
    return true;
  }

  /** The peer was not read from until now: its packet gets the whole time again. */
  pardon(nowMs: number): void {
    if (this.#partialMs !== 0) this.#partialMs = nowMs;
  }

  isLate(nowMs: number, packetMs: number): boolean {
    return packetMs > 0 && this.#partialMs !== 0 && nowMs - this.#partialMs >= packetMs;
  }

  dueMs(packetMs: number): number {
    return packetMs > 0 && this.#partialMs !== 0 ? this.#partialMs + packetMs : Number.POSITIVE_INFINITY;
  }
}
