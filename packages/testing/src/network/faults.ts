/** A way that bytes go: from the client to the server, or back. */
export type Direction = 'toServer' | 'toClient';

/** Sizes of pieces: all of one size, the given sizes in turn and then again, or drawn between two. */
export type Cut = number | readonly number[] | { readonly min: number; readonly max: number };

/** What is wrong with one direction of a link; 0, undefined and false mean nothing. */
export interface DirectionFaults {
  readonly latency: number | readonly [min: number, max: number];
  readonly bytesPerSecond: number;
  readonly cut: Cut | undefined;
  readonly isSilent: boolean;
  readonly readsPerSecond: number;
  readonly resetAt: number | undefined;
  readonly drop: number;
  readonly duplicate: number;
  readonly reorder: number;
  readonly reorderMs: number;
}

/** What is wrong with a link. */
export interface Faults {
  readonly toServer: DirectionFaults;
  readonly toClient: DirectionFaults;
  readonly refuses: boolean;
  readonly acceptsThenSilent: boolean;
}

const HEALTHY: DirectionFaults = {
  latency: 0,
  bytesPerSecond: 0,
  cut: undefined,
  isSilent: false,
  readsPerSecond: 0,
  resetAt: undefined,
  drop: 0,
  duplicate: 0,
  reorder: 0,
  reorderMs: 0,
};

/** What a script sets; what it does not set is left to the scripts before it. */
interface FaultSet {
  toServer: Partial<DirectionFaults>;
  toClient: Partial<DirectionFaults>;
  refuses?: boolean;
  acceptsThenSilent?: boolean;
}

const NONE: Faults = { toServer: HEALTHY, toClient: HEALTHY, refuses: false, acceptsThenSilent: false };

/** All scripts of a link together; of what several set the last counts. */
export function mergeFaults(scripts: readonly FaultScript[]): Faults {
  const toServer = Object.assign({}, HEALTHY, ...scripts.map(({ set }) => set.toServer)) as DirectionFaults;
  const toClient = Object.assign({}, HEALTHY, ...scripts.map(({ set }) => set.toClient)) as DirectionFaults;
  return Object.assign({}, NONE, ...scripts.map(({ set }) => set), { toServer, toClient }) as Faults;
}

/**
 * Faults that a test switches on and off, at any time: those of a rule (`network.on(…)`) or of one link.
 *
 * Each method counts from now on and gives the script back, so that they can be written in a row. Without a direction both are meant.
 */
export class FaultScript {
  /** @internal */
  set: FaultSet = { toServer: {}, toClient: {} };
  readonly #changed: () => void;

  /** @internal */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Every packet is so many ms under way; of two numbers the time is drawn between them. A stream stays in order. */
  latency(ms: number | readonly [min: number, max: number], direction?: Direction): this {
    return this.#both({ latency: ms }, direction);
  }

  /** The line carries so many bytes per second. 0: any number. */
  bandwidth(bytesPerSecond: number, direction?: Direction): this {
    return this.#both({ bytesPerSecond }, direction);
  }

  /** A stream arrives in pieces: `1` for single bytes, `[3, 1]` for these sizes in turn, `{ min, max }` for any between. */
  cut(sizes: Cut, direction?: Direction): this {
    const isBad = (size: number) => !(size >= 1);
    const list = typeof sizes === 'number' ? [sizes] : 'min' in sizes ? [sizes.min] : sizes;
    if (list.length === 0 || list.some(isBad)) throw new RangeError('cut: a piece has at least one byte');
    return this.#both({ cut: sizes }, direction);
  }

  /**
   * Nothing arrives any more and nobody is told: a half-open link. What is sent meanwhile, and what was under way, is sent again
   * after {@link FaultScript.heal}, as TCP does; resets and datagrams are lost.
   */
  blackhole(direction?: Direction): this {
    return this.#both({ isSilent: true }, direction);
  }

  /** Ends what {@link FaultScript.blackhole} began. */
  heal(direction?: Direction): this {
    return this.#both({ isSilent: false }, direction);
  }

  /** The program at that side takes so many bytes per second from its socket; what is too much fills the buffers up to the sender. */
  slowReader(bytesPerSecond: number, side: 'client' | 'server' = 'client'): this {
    return this.#both({ readsPerSecond: bytesPerSecond }, side === 'client' ? 'toClient' : 'toServer');
  }

  /** Delivers exactly `bytes` bytes of a direction; the next one resets the connection, for both sides. */
  resetAtByte(bytes: number, direction: Direction): this {
    return this.#both({ resetAt: bytes }, direction);
  }

  /** New connections are refused. */
  refuse(does = true): this {
    return this.#one({ refuses: does });
  }

  /** New connections are established, but the server never looks at them, as a program that was stopped. Those stay so. */
  acceptThenSilent(does = true): this {
    return this.#one({ acceptsThenSilent: does });
  }

  /** Datagrams are lost with that probability, 0 to 1. */
  drop(probability: number, direction?: Direction): this {
    return this.#both({ drop: probability }, direction);
  }

  /** Datagrams come twice with that probability. */
  duplicate(probability: number, direction?: Direction): this {
    return this.#both({ duplicate: probability }, direction);
  }

  /** Datagrams come later by up to `byMs`, with that probability, so that others overtake them. */
  reorder(probability: number, byMs = 10, direction?: Direction): this {
    return this.#both({ reorder: probability, reorderMs: byMs }, direction);
  }

  /** Ends all that this script does. */
  clear(): this {
    this.set = { toServer: {}, toClient: {} };
    this.#changed();
    return this;
  }

  #both(faults: Partial<DirectionFaults>, direction: Direction | undefined): this {
    if (direction !== 'toClient') Object.assign(this.set.toServer, faults);
    if (direction !== 'toServer') Object.assign(this.set.toClient, faults);
    this.#changed();
    return this;
  }

  #one(faults: Partial<FaultSet>): this {
    Object.assign(this.set, faults);
    this.#changed();
    return this;
  }
}
