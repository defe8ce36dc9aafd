/** Counts calls and measures them. */
export class CallReport {
  readonly #latenciesMs: Float64Array;
  readonly #beganMs = performance.now();
  #answers = 0;
  #errors = 0;
  #firstError = '';

  /** @param count calls that will be made at most. */
  constructor(count: number) {
    this.#latenciesMs = new Float64Array(count);
  }

  get errors(): number {
    return this.#errors;
  }

  /** A call was answered; an answer that is not what was sent is an error. */
  answer(latencyMs: number, isRight: boolean): void {
    if (!isRight) {
      this.failure(new Error('the answer is not as long as the request'));
      return;
    }
    this.#latenciesMs[this.#answers++] = latencyMs;
  }

  failure(error: unknown): void {
    this.#errors++;
    if (this.#errors === 1) this.#firstError = error instanceof Error ? error.message : String(error);
  }

  /** How far it has come. */
  progress(): string {
    const done = this.#answers + this.#errors;
    return `${done} of ${this.#latenciesMs.length} calls, ${this.#perSecond()} calls/s`;
  }

  /** What came of it, as lines. */
  summary(): string[] {
    const sorted = this.#latenciesMs.subarray(0, this.#answers).toSorted();
    const at = (part: number) => (sorted[Math.ceil(part * sorted.length) - 1] ?? 0).toFixed(2);
    const lines = [
      `finish count: ${this.#answers}, ${this.#perSecond()} calls/s, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, errors ${this.#errors}`,
    ];
    if (this.#errors > 0) lines.push(`first error: ${this.#firstError}`);
    return lines;
  }

  #perSecond(): number {
    const seconds = (performance.now() - this.#beganMs) / 1000;
    return Math.round((this.#answers + this.#errors) / seconds);
  }
}
