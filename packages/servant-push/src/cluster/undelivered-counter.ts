import type { Undelivered } from '../backplane/backplane.js';
import type { Delivery } from '../hub/delivery.js';

/** Adds up what does not reach other nodes, so that it can be told together. */
export class UndeliveredCounter {
  readonly #counts = new Map<Delivery, Undelivered>();

  /** @param reason the newest is told. */
  add(delivery: Delivery, bytes: number, reason: string): void {
    const before = this.#counts.get(delivery);
    this.#counts.set(delivery, {
      delivery,
      pushes: (before?.pushes ?? 0) + 1,
      bytes: (before?.bytes ?? 0) + bytes,
      reason,
    });
  }

  take(): Undelivered[] {
    const all = [...this.#counts.values()];
    this.#counts.clear();
    return all;
  }
}
