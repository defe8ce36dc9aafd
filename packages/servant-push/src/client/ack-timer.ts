import type { TimeSource } from '@tarsier/protocol';
import { after } from './session-time.js';

/** Decides when to acknowledge: after so many pushes, or so long after the first of them. */
export class AckTimer {
  readonly #every: number;
  readonly #ms: number;
  readonly #send: (sequence: number) => void;
  #acked = 0;
  #processed = 0;
  #count = 0;
  readonly #time: TimeSource;
  #stopTimer: (() => void) | undefined;

  constructor(every: number, ms: number, time: TimeSource, send: (sequence: number) => void) {
    this.#time = time;
    this.#every = every;
    this.#ms = ms;
    this.#send = send;
  }

  /** A new session: it begins here. */
  reset(sequence: number): void {
    this.stop();
    this.#acked = sequence;
    this.#processed = sequence;
    this.#count = 0;
  }

  processed(sequence: number): void {
    this.#processed = sequence;
    this.#count++;
    if (this.#count >= this.#every) this.flush();
    else this.#stopTimer ??= after(this.#time, this.#ms, () => this.flush());
  }

  /** Acknowledges now what was processed. */
  flush(): void {
    this.stop();
    if (this.#processed <= this.#acked) return;
    this.#acked = this.#processed;
    this.#count = 0;
    this.#send(this.#acked);
  }

  /** There is no connection: it is said with the next request to go on. */
  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }
}
