import { Deadline } from './deadline.js';

/**
 * Calls a function when its time has come: the deadline of everything but a call.
 *
 * One class for all of them, and not one each: the engine makes the fields of an object fast only while few classes share the
 * base that has them, and calls are made a million times a second.
 */
export class Alarm extends Deadline {
  readonly #run: (nowMs: number) => void;

  /** @param run must not throw. */
  constructor(run: (nowMs: number) => void) {
    super();
    this.#run = run;
  }

  override expire(nowMs: number): void {
    this.#run(nowMs);
  }
}
