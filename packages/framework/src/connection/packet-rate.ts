/** Counts what a peer sends against `maxpacketrate`. Made only where it is set. */
export class PacketRate {
  readonly #perSecond: number;
  /** Packets that may come now. A second's worth at most, so that a burst after a silence is no offence. */
  #tokens: number;
  #filledMs: number;

  constructor(perSecond: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
    this.#filledMs = nowMs;
  }

  /** Whether a packet may be taken now. */
  mayTake(nowMs: number): boolean {
    const perSecond = this.#perSecond;
    if (nowMs > this.#filledMs) {
      this.#tokens = Math.min(perSecond, this.#tokens + ((nowMs - this.#filledMs) * perSecond) / 1000);
      this.#filledMs = nowMs;
    }
    return this.#tokens >= 1;
  }

  /** One was taken. */
  took(): void {
    this.#tokens--;
  }

  /** Ms until the next packet may be taken. */
  get waitMs(): number {
    return Math.max(0, ((1 - this.#tokens) * 1000) / this.#perSecond);
  }
}
