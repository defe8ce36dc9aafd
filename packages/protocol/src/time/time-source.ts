/** Where time comes from: the environment, or a test that plays the clock. */
export interface TimeSource {
  /** Milliseconds of a monotonic clock, with fractions. */
  now(): number;
  /**
   * Runs a function every `ms`, until the returned function is called.
   *
   * @param keepsAlive whether the process stays for it; only Node knows the difference.
   */
  every(ms: number, run: () => void, keepsAlive: boolean): () => void;
}
