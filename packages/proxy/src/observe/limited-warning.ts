import type { Logger } from '@tarsier/protocol';

const INTERVAL_MS = 5000;

/** One kind of warning that a peer can cause as often as it likes: logged at most every 5 s, with how many were left out. */
export class LimitedWarning {
  readonly #logger: Logger;
  #nextMs = Number.NEGATIVE_INFINITY;
  #omitted = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Logs, or counts when the last line is too recent. */
  warn(nowMs: number, message: string, fields: object): void {
    if (nowMs < this.#nextMs) {
      this.#omitted++;
      return;
    }
    this.#nextMs = nowMs + INTERVAL_MS;
    const omitted = this.#omitted;
    this.#omitted = 0;
    this.#logger.warn(message, omitted > 0 ? { ...fields, omitted } : fields);
  }
}
