/**
 * Numbers that look random and are the same each time for one seed. Not for secrets.
 *
 * The generator is splitmix32: a counter and a mix of it, so that near seeds give unlike runs.
 */
export class Random {
  readonly seed: number;
  #state: number;

  /** @param seed an integer; its lower 32 bits count. */
  constructor(seed: number) {
    this.seed = seed;
    this.#state = seed | 0;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  }

  /** From `min` up to `max`, with fractions. */
  between(min: number, max: number): number {
    return min + this.next() * (max - min);
  }

  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  /** True with that probability. Draws nothing for 0, so that faults that are off change no run. */
  isHit(probability: number): boolean {
    return probability > 0 && this.next() < probability;
  }
}
