import { TarsDecodeException } from '../errors/exceptions.js';

declare const performance: { now(): number };

/** What decoding one packet may cost. Every way to decode takes it, and has {@link decodeDefaults} where it is not given. */
export interface DecodeLimits {
  /**
   * Units of memory that the values of a packet may weigh together; 0: no limit. A unit is about 16 bytes: a value in a container weighs 1, a
   * list 3 to 9, a map 16, each entry of a map 10, a struct 3, half a unit for each field and what its defaults weigh.
   */
  readonly maxUnits: number;
  /**
   * Time that decoding may take beyond 1 ms for each 16 KiB that were read, in ms; 0: no limit. It ends what costs far more than its
   * bytes, as keys of a map that were chosen to collide.
   */
  readonly timeMs: number;
}

/** The limits where none are given: an honest packet of 4 MiB stays below them. */
export const decodeDefaults: DecodeLimits = { maxUnits: 10_000_000, timeMs: 100 };

/** Weights in units. What is measured: bytes of the heap and time, in Node 20 to 24. */
export const Weight = {
  EMPTY_LIST: 3,
  /** Of a list with elements, which weigh 1 each besides: what grows has room to grow. */
  LIST: 8,
  MAP: 8,
  EMPTY_MAP: 16,
  ENTRY: 10,
  BYTES: 6,
  /** An array of bytes that has memory of its own. */
  EMPTY_BYTES: 12,
  STRUCT: 3,
  MEMBER: 1,
  OBJECT: 2,
} as const;

/** Bytes or characters from one look at the clock to the next; what is shorter needs no budget at all. */
export const LOOK_EVERY = 1024;
/** The same where the last ones took long. */
const LOOK_CLOSELY = 64;
/** Honest bytes take a tenth of it. */
const LONG_MS = 0.25;
/** More than this between two looks is a process that had to wait for its processor, or a garbage collection. */
const MOST_MS = 1;
const BYTES_PER_MS = 16_384;

/**
 * What is left of the limits while one packet is decoded. Every container that is built, of TARS or of JSON, is charged here before it is built,
 * and the clock is looked at here: this is the one place where a packet that costs too much ends.
 */
export class DecodeBudget implements DecodeLimits {
  readonly maxUnits: number;
  readonly timeMs: number;
  readonly #now: () => number;
  #left: number;
  /** Time that may still be taken beyond what the bytes are worth. */
  #spareMs: number;
  /** Not known before the clock was looked at for the first time: most packets are so short that it never is. */
  #lookedAt: number | undefined = undefined;
  #step = LOOK_EVERY;

  /** @param now a clock in ms; the one of the platform unless told. */
  constructor(limits: DecodeLimits, now: () => number = () => performance.now()) {
    this.maxUnits = limits.maxUnits;
    this.timeMs = limits.timeMs;
    this.#now = now;
    this.#spareMs = limits.timeMs > 0 ? limits.timeMs : Number.POSITIVE_INFINITY;
    this.#left = limits.maxUnits > 0 ? limits.maxUnits : Number.POSITIVE_INFINITY;
  }

  /** A new budget; where the limits are what is left of one already, that. */
  static of(limits: DecodeLimits): DecodeBudget {
    return limits instanceof DecodeBudget ? limits : new DecodeBudget(limits);
  }

  /** Takes units away. @throws TarsDecodeException `TARSIER_DECODE_LIMIT` when fewer are left. */
  charge(units: number): void {
    this.#left -= units;
    if (this.#left < 0) throw this.#tooHeavy();
  }

  /**
   * Looks at the clock. A busy machine makes single steps long, what collides makes all of them long: of one step no more than a
   * millisecond counts, and after a long one the next is short.
   *
   * @returns after how many bytes, or characters, to look again.
   * @throws TarsDecodeException `TARSIER_DECODE_LIMIT` when the time is over.
   */
  look(): number {
    const now = this.#now();
    const passed = now - (this.#lookedAt ?? now);
    this.#lookedAt = now;
    const spare = this.#spareMs + this.#step / BYTES_PER_MS - Math.min(passed, MOST_MS);
    if (spare < 0) throw this.#tooLong();
    this.#spareMs = this.timeMs > 0 ? Math.min(spare, this.timeMs) : spare;
    this.#step = passed > LONG_MS ? LOOK_CLOSELY : LOOK_EVERY;
    return this.#step;
  }

  #tooHeavy(): TarsDecodeException {
    const { maxUnits } = this;
    return new TarsDecodeException(
      `the values of a packet weigh more than ${maxUnits} units (decodelimit): raise decodelimit if the peer is to be trusted, or let it send less at a time`,
      { code: 'TARSIER_DECODE_LIMIT', where: { key: 'decodelimit', limit: maxUnits } },
    );
  }

  #tooLong(): TarsDecodeException {
    const { timeMs } = this;
    return new TarsDecodeException(
      `decoding a packet takes ${timeMs} ms longer than its bytes should (decodetime): raise decodetime if the peer is to be trusted, or let it send less at a time`,
      { code: 'TARSIER_DECODE_LIMIT', where: { key: 'decodetime', limit: timeMs } },
    );
  }
}
