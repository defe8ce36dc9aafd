import { Fifo } from '../hub/fifo.js';
import type { PushState } from '../hub/push.js';

/** A reliable push that the engine has not confirmed. */
export interface Outgoing {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly push: PushState | undefined;
  isConfirmed: boolean;
}

/** What may wait for the engine. */
export interface OutboxLimits {
  readonly bytes: number;
  readonly pushes: number;
}

/** What an attempt to send it all came to. */
export interface OutboxHost {
  append(outgoing: Outgoing): Promise<void>;
  /** An attempt failed, and nothing is under way any more. */
  stalled(error: unknown): void;
}

/** At most so many appends are under way. */
const WINDOW = 1000;

/** The reliable pushes that wait for the engine, in order; each stays until it is confirmed. */
export class Outbox {
  readonly #limits: OutboxLimits;
  readonly #host: OutboxHost;
  /** Those that are under way come first. */
  readonly #entries = new Fifo<Outgoing>();
  #sent: Outgoing[] = [];
  readonly #known = new Set<number>();
  #bytes = 0;
  #isOpen = false;
  #underWay = 0;
  #error: unknown;
  #attempt = 0;

  constructor(limits: OutboxLimits, host: OutboxHost) {
    this.#limits = limits;
    this.#host = host;
  }

  get size(): number {
    return this.#entries.size + this.#sent.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The number of the oldest that is not confirmed. */
  get firstNumber(): number {
    return (this.#sent[0] ?? this.#entries.peek())?.number ?? 0;
  }

  /** Whether a push of this size may wait. */
  hasRoom(bytes: number): boolean {
    return this.size < this.#limits.pushes && this.#bytes + bytes <= this.#limits.bytes;
  }

  add(outgoing: Outgoing): void {
    this.#entries.push(outgoing);
    this.#bytes += outgoing.bytes.length;
    this.#pump();
  }

  /** The engine is there: sends all that is not confirmed, in order. */
  open(): void {
    this.#isOpen = true;
    this.#pump();
  }

  /** It is away: what was under way may have been stored or not, and is sent again. */
  shut(): void {
    this.#isOpen = false;
    this.#attempt++;
    this.#underWay = 0;
    this.#error = undefined;
    const again = this.#sent;
    this.#sent = [];
    if (again.length === 0) return;
    while (this.#entries.size > 0) again.push(this.#entries.shift() as Outgoing);
    for (const outgoing of again) this.#entries.push(outgoing);
  }

  /** The log has it, though no confirmation came: it is not sent again. */
  confirm(number: number): void {
    if (!this.#isOpen && number >= this.firstNumber && this.size > 0) this.#known.add(number);
  }

  /** All that waits. */
  drain(): Outgoing[] {
    this.shut();
    const all: Outgoing[] = [];
    while (this.#entries.size > 0) all.push(this.#entries.shift() as Outgoing);
    this.#bytes = 0;
    return all;
  }

  #pump(): void {
    while (this.#isOpen && this.#error === undefined && this.#underWay < WINDOW) {
      const outgoing = this.#entries.shift();
      if (outgoing === undefined) {
        this.#known.clear();
        return;
      }
      if (this.#known.delete(outgoing.number)) {
        this.#bytes -= outgoing.bytes.length;
        continue;
      }
      this.#sent.push(outgoing);
      this.#underWay++;
      const attempt = this.#attempt;
      this.#host.append(outgoing).then(
        () => {
          if (attempt === this.#attempt) this.#confirmed(outgoing);
        },
        (error: unknown) => {
          if (attempt === this.#attempt) this.#failed(error);
        },
      );
    }
  }

  #confirmed(outgoing: Outgoing): void {
    outgoing.isConfirmed = true;
    this.#bytes -= outgoing.bytes.length;
    // Confirmations come in order nearly always.
    if (this.#sent[0] === outgoing) this.#sent.shift();
    else this.#sent = this.#sent.filter((one) => one !== outgoing);
    this.#settled();
  }

  /** The others that are under way fail most of the time too; then all go again in their order. */
  #failed(error: unknown): void {
    this.#error ??= error;
    this.#settled();
  }

  #settled(): void {
    this.#underWay--;
    if (this.#error === undefined) this.#pump();
    else if (this.#underWay === 0) {
      const error = this.#error;
      this.shut();
      this.#host.stalled(error);
    }
  }
}
