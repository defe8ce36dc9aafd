import { Fifo } from './fifo.js';
import type { HubMessage } from './hub-message.js';

/** Who is sent to. */
export interface Receiver {
  /** Takes pushes that lie ready, in order; each is counted in its `push`. */
  deliver(messages: readonly HubMessage[]): void;
}

/** Pushes to the same receivers, made in one tick. */
interface Job {
  readonly messages: HubMessage[];
  readonly receivers: readonly Receiver[];
  /** Which of the receivers; all when undefined. */
  readonly filter: ((receiver: Receiver) => boolean) | undefined;
  /** The next receiver. */
  next: number;
  /** Which log its numbers are of. */
  readonly log: number;
  /** Told when it is done. */
  readonly done?: () => void;
}

/** How the event loop is asked for a turn, and the time is told. */
export interface FanOutClock {
  now(): number;
  /** Runs it when the running code is done. */
  defer(run: () => void): void;
  /** Runs it after the event loop has seen to everything else that is ready. */
  yield(run: () => void): void;
}

/** The clock is looked at once per so many receivers. */
const LOOK = 16;

/**
 * Hands pushes to many receivers, a slice at a time, so that the event loop does other things in between.
 *
 * Jobs run one after the other, first in first out: every receiver gets pushes in the order in which they were made. Pushes of one tick to
 * the same receivers share a job, so that each receiver gets them together.
 */
export class FanOut {
  readonly #clock: FanOutClock;
  readonly #budgetMs: number;
  readonly #failed: (error: unknown) => void;
  readonly #jobs = new Fifo<Job>();
  #isScheduled = false;
  #doneSequence = 0;
  #log = 0;
  readonly #run: () => void = () => {
    this.#slice();
  };

  /**
   * @param budgetMs length of a slice.
   * @param failed is told what a receiver throws; the others get theirs.
   */
  constructor(clock: FanOutClock, budgetMs: number, failed: (error: unknown) => void) {
    this.#clock = clock;
    this.#budgetMs = budgetMs;
    this.#failed = failed;
  }

  /** Jobs that are not done. */
  get pending(): number {
    return this.#jobs.size;
  }

  /** The number of the last reliable push that every receiver has been given. */
  get doneSequence(): number {
    return this.#doneSequence;
  }

  /** Numbers are those of another log from now on. */
  renumber(): void {
    this.#log++;
    this.#doneSequence = 0;
  }

  add(message: HubMessage, receivers: readonly Receiver[], filter?: (receiver: Receiver) => boolean): void {
    const last = this.#jobs.last();
    if (
      last !== undefined &&
      last.next === 0 &&
      last.receivers === receivers &&
      last.filter === filter &&
      last.log === this.#log
    ) {
      last.messages.push(message);
      return;
    }
    this.#jobs.push({ messages: [message], receivers, filter, next: 0, log: this.#log });
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#clock.defer(this.#run);
  }

  /** Runs it when all that was added before is handed out: at once when that is so now. */
  afterAll(done: () => void): void {
    if (this.#jobs.size === 0) done();
    else this.#jobs.push({ messages: [], receivers: [], filter: undefined, next: 0, log: this.#log, done });
  }

  #slice(): void {
    const clock = this.#clock;
    const endMs = clock.now() + this.#budgetMs;
    let untilLook = LOOK;
    for (let job = this.#jobs.peek(); job !== undefined; job = this.#jobs.peek()) {
      const { receivers, messages, filter } = job;
      while (job.next < receivers.length) {
        if (untilLook-- === 0) {
          untilLook = LOOK;
          if (clock.now() >= endMs) {
            clock.yield(this.#run);
            return;
          }
        }
        const receiver = receivers[job.next++] as Receiver;
        try {
          if (filter === undefined || filter(receiver)) receiver.deliver(messages);
        } catch (error) {
          this.#failed(error);
        }
      }
      this.#jobs.shift();
      for (const { push, sequence } of messages) {
        if (sequence > 0 && job.log === this.#log) this.#doneSequence = sequence;
        push?.finish();
      }
      job.done?.();
    }
    this.#isScheduled = false;
  }
}
