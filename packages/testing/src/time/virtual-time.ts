import type { TimeSource } from '@tarsier/protocol';
import { LabError } from '../lab-error.js';
import { EventQueue, type TimedEvent } from './event-queue.js';

/** How a {@link VirtualTime} begins. */
export interface VirtualTimeOptions {
  /** What the clock shows first; 0 unless given. */
  readonly startMs?: number;
  /** Stands behind the text of every error, as `seed 7`. */
  readonly note?: string;
}

/** How long {@link VirtualTime.runUntil} goes on. */
export interface RunLimit {
  /** Virtual milliseconds from now; 60,000 unless given. */
  readonly limitMs?: number;
}

const DEFAULT_LIMIT_MS = 60_000;
/** Turns of the loop that one event may keep busy with `setImmediate`, before the next event comes anyway. */
const MAX_TURNS = 32;
/** Lines of an error that tell what waits. */
const MAX_LISTED = 8;

// Taken now: a test that replaces the timers of Node must not stop the lab.
const soon = setImmediate;

/**
 * A clock that a test moves, for `Communicator`, `Application` and {@link MemoryNetwork} alike.
 *
 * Nothing happens until `advance` or `runUntil` is called. They run what is due in order of time, and of scheduling among equals. After
 * each event they wait until promise jobs, `process.nextTick` and `setImmediate` have settled, so that code runs as it would
 * between two events of a real loop. Real timers and real I/O are not waited for.
 *
 * ```ts
 * const time = new VirtualTime();
 * const communicator = new Communicator({}, { time, transports: [network.transport] });
 * await time.advance(3000); // returns at once; three seconds have passed for the communicator
 * ```
 */
export class VirtualTime implements TimeSource {
  readonly #queue = new EventQueue();
  readonly #note: string;
  #nowMs: number;
  #serial = 0;
  #isRunning = false;

  constructor(options: VirtualTimeOptions = {}) {
    this.#nowMs = options.startMs ?? 0;
    this.#note = options.note === undefined ? '' : ` (${options.note})`;
  }

  now(): number {
    return this.#nowMs;
  }

  /** As `setInterval`: first after `ms`, at least 1. Nothing of it keeps the process alive, whatever is asked for. */
  every(ms: number, run: () => void, _keepsAlive = false): () => void {
    const everyMs = Math.max(1, ms);
    return this.#add({ atMs: this.#nowMs + everyMs, serial: 0, run, everyMs, what: `a timer of every ${everyMs} ms` });
  }

  /**
   * Runs a function once, after a delay; 0 means when everything that is due now is done.
   *
   * @param what for the errors that list what waits.
   * @returns calls it off.
   */
  schedule(delayMs: number, run: () => void, what = 'a function'): () => void {
    return this.scheduleAt(this.#nowMs + Math.max(0, delayMs), run, what);
  }

  /** As {@link VirtualTime.schedule}, at a point of time; one that has passed means now. */
  scheduleAt(atMs: number, run: () => void, what = 'a function'): () => void {
    return this.#add({ atMs: Math.max(this.#nowMs, atMs), serial: 0, run, everyMs: 0, what });
  }

  /** A promise that resolves after so many virtual milliseconds. */
  delay(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(ms, resolve, `a delay of ${ms} ms`);
    });
  }

  /** What is scheduled, soonest first, as `at 1500 ms: a timer of every 10 ms`. */
  waiting(): string[] {
    return this.#queue.list().map((event) => `at ${round(event.atMs)} ms: ${event.what}`);
  }

  /**
   * Lets so much time pass, with everything that falls due. What was begun before has settled when it resolves.
   *
   * @throws LabError when `advance` or `runUntil` runs already; and what an event throws.
   */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await this.#drive(() => {
      const event = this.#queue.peek();
      if (event !== undefined && event.atMs <= endMs) return event;
      this.#nowMs = endMs;
      return undefined;
    });
  }

  /**
   * Lets time pass until a promise settles or a function gives true, and not a moment longer.
   *
   * @returns what the promise resolves with; rejects as it does.
   * @throws LabError, that lists what waits, when nothing is scheduled any more or the limit is passed.
   */
  async runUntil<T>(until: Promise<T> | (() => T), { limitMs = DEFAULT_LIMIT_MS }: RunLimit = {}): Promise<T> {
    const startMs = this.#nowMs;
    let isDone: () => boolean;
    if (typeof until === 'function') {
      isDone = () => Boolean(until());
    } else {
      let isSettled = false;
      const settled = () => {
        isSettled = true;
      };
      until.then(settled, settled);
      isDone = () => isSettled;
    }
    await this.#drive(() => {
      if (isDone()) return undefined;
      const event = this.#queue.peek();
      if (event === undefined) {
        throw new LabError(
          `nothing is scheduled any more at ${round(this.#nowMs)} ms, and what runUntil waits for has not happened${this.#note}`,
        );
      }
      if (event.atMs > startMs + limitMs) throw this.#tooLate(limitMs);
      return event;
    });
    return typeof until === 'function' ? until() : until;
  }

  #tooLate(limitMs: number): LabError {
    const waiting = this.waiting();
    const listed = waiting.slice(0, MAX_LISTED).map((line) => `\n  ${line}`);
    if (waiting.length > MAX_LISTED) listed.push(`\n  and ${waiting.length - MAX_LISTED} more`);
    const text = `what runUntil waits for has not happened within ${limitMs} ms, at ${round(this.#nowMs)} ms${this.#note}. Scheduled are:`;
    return new LabError(text + listed.join(''));
  }

  #add(event: TimedEvent): () => void {
    event.serial = ++this.#serial;
    this.#queue.push(event);
    return () => {
      event.run = undefined;
    };
  }

  /** Runs the events that `next` gives, until it gives none. */
  async #drive(next: () => TimedEvent | undefined): Promise<void> {
    if (this.#isRunning)
      throw new LabError(`advance and runUntil cannot run side by side; await the first${this.#note}`);
    this.#isRunning = true;
    try {
      await new Promise<void>((resolve, reject) => {
        let turns = 0;
        let isOver = false;
        const act = (): void => {
          if (turns > 0) return;
          try {
            const event = next();
            if (event === undefined) isOver = true;
            else this.#run(event);
          } catch (error) {
            isOver = true;
            reject(error instanceof Error ? error : new LabError(`an event threw ${String(error)}`, { cause: error }));
          }
        };
        // Queued together with `act`: between the two Node runs the ticks and promise jobs that the event has begun.
        const settle = (): void => {
          if (isOver) {
            resolve();
            return;
          }
          turns = turns < MAX_TURNS && hasImmediates() ? turns + 1 : 0;
          // Behind the immediates that the event has queued.
          soon(act);
          soon(settle);
        };
        soon(settle);
      });
    } finally {
      this.#isRunning = false;
    }
  }

  #run(event: TimedEvent): void {
    const { run, everyMs } = event;
    this.#queue.pop();
    this.#nowMs = Math.max(this.#nowMs, event.atMs);
    if (everyMs === 0) {
      // Called off from now on does nothing, and it is listed no more.
      event.run = undefined;
    } else {
      event.atMs += everyMs;
      event.serial = ++this.#serial;
      this.#queue.push(event);
    }
    run?.();
  }
}

/** Whether code waits for the next turn of the loop. */
function hasImmediates(): boolean {
  return process.getActiveResourcesInfo().includes('Immediate');
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
