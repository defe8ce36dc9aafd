/** How much a proxy may retry. */
export interface RetryBudgetInit {
  /** Retries earned by each call. Property `retry-budget-ratio`. */
  readonly ratio: number;
  /** Retries earned in each second, whatever is called. Property `retry-budget-min`. */
  readonly perSecond: number;
  readonly nowMs: number;
}

/** What is earned and not spent fades away within about this time. */
const MEMORY_MS = 10_000;

/**
 * Keeps retries from multiplying the load of servers that are failing already: a bucket that calls and time fill.
 *
 * It is looked at only when something is to be retried, from the number of calls made since, so calls do not pay for it.
 */
export class RetryBudget {
  readonly #ratio: number;
  readonly #perMs: number;
  #tokens: number;
  #calls = 0;
  #lastMs: number;

  constructor({ ratio, perSecond, nowMs }: RetryBudgetInit) {
    this.#ratio = ratio;
    this.#perMs = perSecond / 1000;
    this.#lastMs = nowMs;
    this.#tokens = this.#perMs * MEMORY_MS;
  }

  /**
   * Takes what one retry costs; false when there is not enough.
   *
   * @param calls made by the proxy so far, retries not counted.
   */
  take(calls: number, nowMs: number): boolean {
    const elapsedMs = Math.max(0, nowMs - this.#lastMs);
    const earned = (calls - this.#calls) * this.#ratio + elapsedMs * this.#perMs;
    // Of a time longer than the memory only the last part counts, as if the calls had come evenly.
    const kept = Math.max(0, 1 - elapsedMs / MEMORY_MS);
    this.#tokens = this.#tokens * kept + earned * Math.min(1, MEMORY_MS / Math.max(1, elapsedMs));
    this.#calls = calls;
    this.#lastMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
