import { checkDurationMs, LOG, TarsException } from '@tarsier/framework';

/**
 * A C++ thread as an async loop: `run()` pushes, waits with {@link PushThread.timedWait} and looks at
 * {@link PushThread.isTerminated}; others wake it with `notify` and end it with `terminate` and `join`.
 *
 * As with the condition variable of C++, a notification that comes while nobody waits is lost. While the loop waits it
 * keeps the process alive; once terminated it does not.
 *
 * @example
 * ```ts
 * class Clock extends PushThread {
 *   override async run() {
 *     while (!this.isTerminated) {
 *       users.pushAll(encode(new Date().toISOString()));
 *       await this.timedWait(1000);
 *     }
 *   }
 * }
 * ```
 *
 * Source: TC_Thread and TC_ThreadLock (util/include/util/tc_thread.h, tc_monitor.h).
 */
export abstract class PushThread {
  /** Settles with the loop; never made when it was never started. */
  #ended: Promise<void> | undefined;
  #isAlive = false;
  #isTerminated = false;
  /** In the order in which they began to wait. */
  readonly #waiting = new Set<(isNotified: boolean) => void>();

  /** The loop. Runs once, beginning after {@link PushThread.start} has returned. */
  abstract run(): void | Promise<void>;

  /**
   * Runs the loop. A thread runs once: it is not started again after its end, and not at all after `terminate`.
   *
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` when it was started before.
   */
  start(): void {
    if (this.#ended !== undefined) {
      throw new TarsException(
        `${this.constructor.name}.start() was called twice; a push thread runs once, make a new one`,
        { code: 'TARSIER_INVALID_ARGUMENT' },
      );
    }
    this.#isAlive = true;
    this.#ended = this.#live();
    // It was logged, and whoever joins is told; without a join it must not end the process.
    this.#ended.catch(() => {});
  }

  async #live(): Promise<void> {
    try {
      // A thread begins beside its starter: what run() throws must not come out of start().
      await Promise.resolve();
      if (!this.#isTerminated) await this.run();
    } catch (error) {
      LOG.error('a push thread failed and has ended', { thread: this.constructor.name, err: error });
      throw error;
    } finally {
      this.#isAlive = false;
      // Others may wait with it; nobody is left to wake them.
      this.notifyAll();
    }
  }

  /** Whether the loop was started and has not ended. Source: TC_Thread::isAlive. */
  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Whether `terminate` was called; the loop then has to end. */
  get isTerminated(): boolean {
    return this.#isTerminated;
  }

  /**
   * Waits for a notification. Several may wait at the same time.
   *
   * @param ms how long at most, 0 to 2147483647.
   * @returns true when notified or terminated, false when the time is over. Rejects with `TARSIER_INVALID_ARGUMENT` for
   *   another time.
   * Source: TC_Monitor::timedWait.
   */
  timedWait(ms: number): Promise<boolean> {
    try {
      checkDurationMs(`${this.constructor.name}.timedWait()`, ms, { min: 0 });
    } catch (error) {
      return Promise.reject(error as TarsException);
    }
    return new Promise((resolve) => {
      if (this.#isTerminated) {
        // Not within this tick: a loop that forgets to look at isTerminated must not stop everything else.
        setImmediate(resolve, true);
        return;
      }
      const wake = (isNotified: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve(isNotified);
      };
      const timer = setTimeout(wake, ms, false);
      this.#waiting.add(wake);
    });
  }

  /** Wakes the one that has waited longest, if any. */
  notify(): void {
    for (const wake of this.#waiting) {
      wake(true);
      return;
    }
  }

  /** Wakes all that wait now. */
  notifyAll(): void {
    for (const wake of this.#waiting) wake(true);
  }

  /** Asks the loop to end: wakes it, and every later wait is over at once. May be called often. */
  terminate(): void {
    this.#isTerminated = true;
    this.notifyAll();
  }

  /**
   * Resolves when the loop has ended, at once when it was never started. It does not ask it to: call `terminate` before.
   *
   * @returns Rejects with what `run()` threw.
   * Source: TC_ThreadControl::join.
   */
  join(): Promise<void> {
    return this.#ended ?? Promise.resolve();
  }
}
