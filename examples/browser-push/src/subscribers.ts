import type { Current } from '@tarsier/framework';

/** Pushes per second that a page may ask for. */
export const MAX_RATE = 200;

/** One page that is pushed to. */
interface Subscriber {
  readonly current: Current;
  rate: number;
  /** Pushes that are due and were not sent, as a fraction. */
  due: number;
}

/** The pages that are pushed to, each at the rate that it asked for. */
export class Subscribers {
  readonly #byUid = new Map<number, Subscriber>();

  /** Adds a connection, or changes its rate. */
  set(current: Current, rate: number): void {
    const known = this.#byUid.get(current.getUId());
    if (known === undefined) this.#byUid.set(current.getUId(), { current, rate, due: 0 });
    else known.rate = rate;
  }

  remove(current: Current): void {
    this.#byUid.delete(current.getUId());
  }

  get size(): number {
    return this.#byUid.size;
  }

  /** Pushes what has come due in `elapsedMs`. A page that does not keep up misses pushes; nobody waits for it. */
  push(elapsedMs: number, makePacket: () => Uint8Array): void {
    for (const subscriber of this.#byUid.values()) {
      subscriber.due += (subscriber.rate * elapsedMs) / 1000;
      while (subscriber.due >= 1) {
        subscriber.due -= 1;
        if (!subscriber.current.isCongested()) subscriber.current.sendResponse(makePacket());
      }
    }
  }
}
