import type { TimeSource } from '@tarsier/protocol';
import { LOG } from '../log/log.js';

const EVERY_MS = 300_000;

/** Warns of something that goes on failing: at once, and then rarely. */
export class RareWarning {
  readonly #time: TimeSource;
  #warnedMs = Number.NEGATIVE_INFINITY;

  constructor(time: TimeSource) {
    this.#time = time;
  }

  warn(text: string, fields: object): void {
    const nowMs = this.#time.now();
    if (nowMs - this.#warnedMs < EVERY_MS) return;
    this.#warnedMs = nowMs;
    LOG.warn(text, fields);
  }

  /** It went well: the next failure is news. */
  clear(): void {
    this.#warnedMs = Number.NEGATIVE_INFINITY;
  }
}
