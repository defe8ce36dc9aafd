import { Fifo } from '../hub/fifo.js';
import type { HubMessage } from '../hub/hub-message.js';

/** A push in the log. */
export interface Logged {
  readonly message: HubMessage;
  readonly size: number;
  readonly atMs: number;
}

/** The pushes of one address that may be asked for again, oldest first, and up to where others were dropped. */
export class AddressLog {
  readonly address: string;
  readonly #entries = new Fifo<Logged>();
  bytes = 0;
  /** How many sessions may ask for it. */
  holders = 0;
  /** Everything up to this number was dropped. */
  droppedUpTo = 0;

  constructor(address: string) {
    this.address = address;
  }

  get size(): number {
    return this.#entries.size;
  }

  get oldest(): Logged | undefined {
    return this.#entries.peek();
  }

  add(logged: Logged): void {
    this.#entries.push(logged);
    this.bytes += logged.size;
  }

  /** Drops the oldest. */
  drop(): Logged | undefined {
    const logged = this.#entries.shift();
    if (logged === undefined) return undefined;
    this.bytes -= logged.size;
    this.droppedUpTo = logged.message.sequence;
    return logged;
  }

  /** The entries behind a number, oldest first. */
  after(sequence: number): IterableIterator<Logged> {
    return this.#entries.from(({ message }) => message.sequence > sequence);
  }
}
