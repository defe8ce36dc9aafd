const WINDOW_MS = 1000;

/** Lets so many lines a second through, so that a hostile peer cannot fill the disk, and counts the rest. */
export class LogLimiter {
  readonly #perSecond: number;
  #windowStart = Number.NEGATIVE_INFINITY;
  #written = 0;
  #suppressed = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /**
   * Whether a line may be written now.
   *
   * @returns -1 when not; otherwise how many lines were held back since the last that was written.
   */
  admit(nowMs: number): number {
    if (nowMs - this.#windowStart >= WINDOW_MS) {
      this.#windowStart = nowMs;
      this.#written = 0;
    }
    if (this.#written >= this.#perSecond) {
      this.#suppressed++;
      return -1;
    }
    this.#written++;
    const held = this.#suppressed;
    this.#suppressed = 0;
    return held;
  }
}
