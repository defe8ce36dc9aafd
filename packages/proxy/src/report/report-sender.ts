import { encodeArgs, type Logger, ProtocolVersion, type TarsFunction, type TimeSource } from '@tarsier/protocol';
import { causeText } from '../connection/connection-end.js';
import type { ReportProxy } from './report-proxy.js';

/** What a packet has besides the names and the entries, at most. */
const PACKET_BYTES = 64;
/** Between two warnings that reports do not arrive. */
const WARN_MS = 600_000;

/** What a {@link ReportSender} is made of. */
export interface ReportSenderInit {
  readonly proxy: ReportProxy;
  /** Largest packet. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly time: TimeSource;
}

/** Sends reports to one object. What does not arrive is lost, counted, and told now and then. */
export class ReportSender {
  readonly #init: ReportSenderInit;
  #dropped = 0;
  #warnMs = Number.NEGATIVE_INFINITY;

  constructor(init: ReportSenderInit) {
    this.#init = init;
    const { proxy, timeoutMs } = init;
    proxy.asyncTimeout(timeoutMs);
    proxy.on('error', (error) => {
      this.#lost(error);
    });
  }

  /** Reports that did not arrive; of what the network has taken nobody knows. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Room for the entries of one report. */
  roomFor(func: string): number {
    const { proxy, maxBytes } = this.#init;
    return maxBytes - PACKET_BYTES - proxy.name.length - func.length;
  }

  send<Args extends unknown[]>(fn: TarsFunction<Args, unknown>, args: Args): void {
    try {
      this.#init.proxy.tarsInvokeAsync(fn.name, encodeArgs(fn, args, ProtocolVersion.TARSVERSION), null);
    } catch (error) {
      this.#lost(error);
    }
  }

  /** Settles when it is connected, or cannot be, or after a while. */
  ready(limitMs: number): Promise<void> {
    const { proxy, time } = this.#init;
    return new Promise((resolve) => {
      const stop = time.every(limitMs, () => settle(), true);
      const settle = (): void => {
        stop();
        resolve();
      };
      // What it cannot connect for is told by the report that follows.
      proxy.connect().then(settle, settle);
    });
  }

  #lost(error: unknown): void {
    this.#dropped++;
    const { proxy, logger, time } = this.#init;
    const nowMs = time.now();
    if (nowMs - this.#warnMs < WARN_MS) return;
    this.#warnMs = nowMs;
    const text = `reports to ${proxy.fullName} are lost, ${this.#dropped} until now: ${causeText(error)}`;
    logger.warn(text, { object: proxy.name, dropped: this.#dropped, error });
  }
}
