import { TimerNode } from '@tarsier/protocol/internal';

/** Something that waits in the wheel of a {@link ClientClock}. */
export abstract class Deadline extends TimerNode {
  get isWaiting(): boolean {
    return this.slot >= 0;
  }

  /** Its time has come; it waits no longer. Must not throw. */
  abstract expire(nowMs: number): void;
}
