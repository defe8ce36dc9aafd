import type { LogInfo } from '../cluster/engine.js';
import type { BrokerLimits, BrokerSeed } from './broker.js';
import type { BrokerEntry, BrokerValue } from './broker-messages.js';

/**
 * What a node knows of the broker's state, so that it can take its place. An entry that only others have seen shows when they come: their copy does
 * not fit the log then, and it gets another epoch.
 */
export class BrokerMirror {
  readonly #limits: BrokerLimits;
  #info: LogInfo | undefined;
  #entries: BrokerEntry[] = [];
  #bytes = 0;
  readonly #values = new Map<string, BrokerValue>();

  constructor(limits: BrokerLimits) {
    this.#limits = limits;
  }

  /** A connection to a broker begins: what it has is what counts. */
  begin(): void {
    this.#values.clear();
  }

  log(info: LogInfo): void {
    if (this.#info !== undefined && this.#info.epoch !== info.epoch) {
      this.#entries = [];
      this.#bytes = 0;
    }
    this.#info = info;
  }

  entry(entry: BrokerEntry): void {
    const last = this.#entries.at(-1)?.sequence ?? 0;
    if (entry.sequence <= last) return;
    this.#entries.push(entry);
    this.#bytes += entry.bytes.length;
    const { bytes: most, entries } = this.#limits;
    if (this.#bytes <= 1.5 * most && this.#entries.length <= 1.5 * entries) return;
    while (this.#bytes > most || this.#entries.length > entries) {
      const half = this.#entries.splice(0, Math.ceil(this.#entries.length / 4));
      for (const dropped of half) this.#bytes -= dropped.bytes.length;
    }
  }

  value(key: string, value: BrokerValue | undefined): void {
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
  }

  /** What a broker here would begin with; undefined when no broker was ever seen. */
  seed(): BrokerSeed | undefined {
    const info = this.#info;
    if (info === undefined) return undefined;
    const last = Math.max(info.last, this.#entries.at(-1)?.sequence ?? 0);
    return { epoch: info.epoch, first: info.first, last, entries: this.#entries, values: this.#values };
  }
}
