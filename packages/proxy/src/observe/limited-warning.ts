import type { Logger } from '@tarsier/protocol';
import type { ClientClock } from '../time/client-clock.js';

const INTERVAL_MS = 5000;

/** One kind of warning that a peer can cause as often as it likes: logged at most every 5 s, with how many were left out. */
export class LimitedWarning {
  readonly #logger: Logger;
  readonly #clock: Pick<ClientClock, 'now'>;
  #nextMs = Number.NEGATIVE_INFINITY;
  #omitted = 0;

  constructor(logger: Logger, clock: Pick<ClientClock, 'now'>) {
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Logs, or counts when the last line is too recent. */
  warn(message: string, fields: object): void {
    const nowMs = this.#clock.now();
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
