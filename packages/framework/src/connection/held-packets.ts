import type { Bytes } from '@tarsier/protocol';

/** Taken packets at the front are cut off when there are so many. */
const CUT = 256;

/** Packets that wait one by one, so that the oldest can still be given up. A queue in two arrays; amortized O(1). */
export class HeldPackets {
  #bytes: (Bytes | undefined)[] = [];
  #times: number[] = [];
  #first = 0;
  #length = 0;
  /** How many were taken out. */
  #taken = 0;
  /** Which of them are answers, by their number. */
  readonly #answers = new Set<number>();
  /** Whether what was taken out last is an answer. */
  wasAnswer = false;

  get size(): number {
    return this.#bytes.length - this.#first;
  }

  /** Bytes of all of them. */
  get length(): number {
    return this.#length;
  }

  /** When the oldest came; Infinity when there is none. */
  get oldestMs(): number {
    return this.#times[this.#first] ?? Number.POSITIVE_INFINITY;
  }

  push(bytes: Bytes, nowMs: number, isAnswer = false): void {
    if (isAnswer) this.#answers.add(this.#taken + this.size);
    this.#bytes.push(bytes);
    this.#times.push(nowMs);
    this.#length += bytes.length;
  }

  /** Takes the oldest out. */
  shift(): Bytes | undefined {
    const bytes = this.#bytes[this.#first];
    if (bytes === undefined) return undefined;
    this.#bytes[this.#first] = undefined;
    this.#first++;
    this.wasAnswer = this.#answers.delete(this.#taken++);
    this.#length -= bytes.length;
    if (this.#first >= CUT && this.#first * 2 >= this.#bytes.length) {
      this.#bytes = this.#bytes.slice(this.#first);
      this.#times = this.#times.slice(this.#first);
      this.#first = 0;
    }
    return bytes;
  }
}
