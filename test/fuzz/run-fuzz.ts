import { Random } from '@tarsier/testing';
import { joined, mutate } from './mutate.js';

/** Something that reads bytes of others. */
export interface FuzzTarget {
  readonly name: string;
  /** What the packages export, and this tries. */
  readonly covers: readonly string[];
  /** Bytes that are read without a fault. */
  readonly samples: readonly Uint8Array[];
  /** Parts of its language. */
  readonly words?: readonly (string | Uint8Array)[];
  /** Bytes that are well formed on one level, and hostile on the next. */
  readonly compose?: (random: Random) => Uint8Array | string;
  /** Reads; throws what it throws. */
  read(bytes: Uint8Array): void;
  /** How long a case may take, in ms: 50 unless told. */
  readonly limitMs?: number;
  /** Whether an exception is one of those that it may throw. */
  isTyped(error: unknown): boolean;
}

/** How long, and with what. */
export interface FuzzOptions {
  readonly seed: number;
  /** Time in ms, or a number of cases for each target. */
  readonly ms?: number;
  readonly cases?: number;
}

/** What came of it. */
export interface FuzzReport {
  readonly cases: number;
  /** Cases that ended with an exception of a type. */
  readonly refused: number;
  /** The slowest case, in ms. */
  readonly slowestMs: number;
  readonly slowestAt: string;
  /** How much the heap has grown over all of it, in bytes. */
  readonly heapGrowth: number;
}

/** A fault, and how to see it again. */
export class FuzzFault extends Error {
  constructor(target: FuzzTarget, seed: number, bytes: Uint8Array, what: string, cause?: unknown) {
    const shown = Buffer.from(bytes.subarray(0, 400)).toString('latin1');
    super(
      `${target.name}: ${what}\n  again: npm run fuzz -- --target '${target.name}' --case ${seed}\n  ${bytes.length} bytes: ${JSON.stringify(shown)}`,
      { cause },
    );
    this.name = 'FuzzFault';
  }
}

/** A packet may take so long. */
const CASE_MS = 50;
/** The heap may grow by so much over all cases: what a cache of the engine takes, and no more. */
const HEAP_BYTES = 24 * 1024 * 1024;
/** No case is longer. */
const MAX_BYTES = 262_144;
/** Cases of one target before the next has its turn. */
const TURN = 200;

/** The bytes of a case: they depend on the seed and on the target alone. */
export function bytesOfCase(target: FuzzTarget, seed: number): Uint8Array {
  return unboundedCase(target, seed).subarray(0, MAX_BYTES);
}

function unboundedCase(target: FuzzTarget, seed: number): Uint8Array {
  const random = new Random(seed);
  const words = (target.words ?? []).map(bytesOf);
  if (target.compose === undefined || random.isHit(0.5)) return mutate(random, target.samples, words);
  const composed = bytesOf(target.compose(random));
  return random.isHit(0.3) ? mutate(random, [composed], words) : composed;
}

/** Runs one case. @throws FuzzFault @returns whether it was refused, and how long it took, in ms. */
export function runCase(target: FuzzTarget, seed: number): { isRefused: boolean; ms: number } {
  const bytes = bytesOfCase(target, seed);
  const limitMs = target.limitMs ?? CASE_MS;
  let isRefused = false;
  let ms = Infinity;
  // What takes too long may have waited for the machine or the collector: a fault is slow each time.
  for (let attempt = 0; attempt < 3 && ms > limitMs; attempt++) {
    const own = joined(bytes);
    const beganMs = performance.now();
    try {
      target.read(own);
    } catch (error) {
      if (!target.isTyped(error)) throw new FuzzFault(target, seed, bytes, `throws ${String(error)}`, error);
      isRefused = true;
    }
    ms = Math.min(ms, performance.now() - beganMs);
  }
  if (ms > limitMs) throw new FuzzFault(target, seed, bytes, `takes ${Math.round(ms)} ms, more than ${limitMs}`);
  return { isRefused, ms };
}

/** Tries all targets by turns. @throws FuzzFault for an exception without a type, a slow case, or a heap that grows. */
export function runFuzz(
  targets: readonly FuzzTarget[],
  { seed, ms = Infinity, cases = Infinity }: FuzzOptions,
): FuzzReport {
  const seeds = new Random(seed);
  const endMs = performance.now() + ms;
  let [count, refused, slowestMs, slowestAt] = [0, 0, 0, ''];
  let before = 0;
  for (let done = 0; done < cases && performance.now() < endMs; done += TURN) {
    for (const target of targets) {
      for (let i = Math.min(TURN, cases - done); i > 0; i--) {
        const caseSeed = seeds.integer(0, 2 ** 32 - 1);
        const result = runCase(target, caseSeed);
        count++;
        if (result.isRefused) refused++;
        if (result.ms > slowestMs) [slowestMs, slowestAt] = [result.ms, `${target.name}, --case ${caseSeed}`];
      }
    }
    // The first turn fills what is kept on purpose.
    if (before === 0) before = heapBytes();
  }
  const heapGrowth = heapBytes() - before;
  if (heapGrowth > HEAP_BYTES) {
    throw new Error(`the heap has grown by ${heapGrowth} bytes over ${count} cases (--seed ${seed})`);
  }
  return { cases: count, refused, slowestMs, slowestAt, heapGrowth };
}

function heapBytes(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

function bytesOf(text: Uint8Array | string): Uint8Array {
  return typeof text === 'string' ? Buffer.from(text) : text;
}
