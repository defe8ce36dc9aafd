/** Counts events, and gives their rate over the last second for each sample. */
export class RateMeter {
  readonly #counts: number[] = [];
  readonly #perSecond: number;
  readonly #kept: number;
  readonly samples: number[] = [];
  #current = 0;

  /**
   * @param sampleMs time between two calls of {@link RateMeter.sample}.
   * @param keptMs how far back `samples` reaches.
   */
  constructor(sampleMs: number, keptMs: number) {
    this.#perSecond = Math.round(1000 / sampleMs);
    this.#kept = Math.round(keptMs / sampleMs);
  }

  count(): void {
    this.#current++;
  }

  /** Ends a sample; returns the events of the last second. */
  sample(): number {
    this.#counts.push(this.#current);
    this.#current = 0;
    if (this.#counts.length > this.#perSecond) this.#counts.shift();
    const rate = this.#counts.reduce((sum, count) => sum + count, 0);
    this.samples.push(rate);
    if (this.samples.length > this.#kept) this.samples.shift();
    return rate;
  }
}
