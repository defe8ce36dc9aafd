import type { TimeSource } from '@tarsier/protocol';
import { type Flushable, type FlushList, type TimerNode, TimerWheel } from '@tarsier/protocol/internal';
import type { Deadline } from './deadline.js';

/**
 * The time of one communicator: a clock that is read once per tick, and one timer for all deadlines.
 *
 * The timer runs only while something waits, and ends at the first step that finds nothing.
 */
export class ClientClock implements Flushable {
  readonly stepMs: number;
  readonly #flushList: FlushList;
  readonly #wheel: TimerWheel;
  readonly #time: TimeSource;
  #stopTimer: (() => void) | undefined;
  #nowMs: number;
  #isFresh = false;

  constructor(stepMs: number, flushList: FlushList, time: TimeSource) {
    this.stepMs = stepMs;
    this.#flushList = flushList;
    this.#time = time;
    this.#nowMs = time.now();
    this.#wheel = new TimerWheel(stepMs, this.#nowMs);
  }

  /** Milliseconds of a monotonic clock; the same value until the end of the tick. */
  now(): number {
    return this.#isFresh ? this.#nowMs : this.#refresh();
  }

  /** The last value that {@link ClientClock.now} gave; costs nothing, and is of this tick when a call was made in it. */
  get recentMs(): number {
    return this.#nowMs;
  }

  /** Reads the clock now, for measuring. */
  read(): number {
    return this.#time.now();
  }

  /** Deadlines waiting. */
  get size(): number {
    return this.#wheel.size;
  }

  /** Whether the timer runs. */
  get isRunning(): boolean {
    return this.#stopTimer !== undefined;
  }

  /** Lets a deadline expire at or after `dueMs`, by at most one step; one that waits already is moved. */
  add(deadline: Deadline, dueMs: number): void {
    this.#wheel.add(deadline, dueMs);
    this.#stopTimer ??= this.#time.every(this.stepMs, this.#step, true);
  }

  /** Takes a deadline out; nothing happens when it does not wait. */
  remove(deadline: Deadline): void {
    this.#wheel.remove(deadline);
  }

  /** Ends the timer now if nothing waits, instead of at its next step. */
  stopIfIdle(): void {
    if (this.#wheel.size > 0) return;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  /** The tick is over: the next `now` reads the clock again. */
  flush(): void {
    this.#isFresh = false;
  }

  #refresh(): number {
    this.#isFresh = true;
    this.#nowMs = this.#time.now();
    this.#flushList.add(this);
    return this.#nowMs;
  }

  readonly #step = (): void => {
    this.#wheel.advance(this.now(), this.#expire);
    this.stopIfIdle();
  };

  readonly #expire = (node: TimerNode): void => {
    // Only `add` puts something into the wheel.
    (node as Deadline).expire(this.#nowMs);
  };
}
