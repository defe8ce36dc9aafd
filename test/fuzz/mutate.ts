import type { Random } from '@tarsier/testing';

/** Bytes that mean something to some parser. */
const SHARP = [
  0, 1, 0x09, 0x0a, 0x0b, 0x0d, 0x20, 0x22, 0x27, 0x2c, 0x3a, 0x3b, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x7f, 0x80, 0xc0,
  0xff,
];
/** Lengths and counts at which something turns over. */
const NUMBERS = [
  0, 1, 2, 4, 5, 8, 9, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff,
];
/** So long a run of one byte is: what costs more than its length shows. */
const LONG_RUN = 65_536;

/** The element at a random place. */
export function pick<T>(random: Random, all: readonly T[]): T {
  return all[random.integer(0, all.length - 1)] as T;
}

/**
 * Hostile bytes: one or two of the samples one behind the other, damaged in up to six places; now and then noise.
 *
 * @param words parts of the language of the parser, which are put in anywhere.
 */
export function mutate(random: Random, samples: readonly Uint8Array[], words: readonly Uint8Array[]): Uint8Array {
  if (random.isHit(0.05)) return noise(random, random.integer(1, 300));
  let bytes = pick(random, samples);
  if (random.isHit(0.3)) bytes = joined(bytes, pick(random, samples));
  for (let left = random.integer(1, 6); left > 0; left--) bytes = damage(random, bytes, samples, words);
  return bytes;
}

function damage(
  random: Random,
  bytes: Uint8Array,
  samples: readonly Uint8Array[],
  words: readonly Uint8Array[],
): Uint8Array {
  const at = random.integer(0, bytes.length);
  const to = random.integer(at, Math.min(bytes.length, at + 64));
  switch (random.integer(0, 8)) {
    case 0:
      return spliced(bytes, at, at + 1, Uint8Array.of(pick(random, SHARP)));
    case 1:
      return spliced(bytes, at, at + 1, Uint8Array.of((bytes[at] ?? 0) ^ (1 << random.integer(0, 7))));
    case 2:
      return spliced(bytes, at, to, new Uint8Array());
    case 3:
      // The same part again and again.
      return spliced(bytes, at, at, repeated(bytes.subarray(at, to), random.integer(1, 200)));
    case 4: {
      const size = pick(random, [1, 2, 4]);
      return spliced(bytes, at, at + size, number(pick(random, NUMBERS), size, random.isHit(0.3)));
    }
    case 5: {
      const other = pick(random, samples);
      const from = random.integer(0, other.length);
      return spliced(bytes, at, to, other.subarray(from, random.integer(from, other.length)));
    }
    case 6:
      return words.length === 0 ? bytes.subarray(0, at) : spliced(bytes, at, to, pick(random, words));
    case 7:
      return random.isHit(0.05)
        ? spliced(bytes, at, at, new Uint8Array(random.integer(1, LONG_RUN)).fill(pick(random, SHARP)))
        : spliced(bytes, at, at, noise(random, random.integer(1, 8)));
    default:
      return random.isHit(0.5) ? bytes.subarray(0, at) : bytes.subarray(at);
  }
}

/** The bytes with the range from `start` to `end` replaced. */
function spliced(bytes: Uint8Array, start: number, end: number, part: Uint8Array): Uint8Array {
  return joined(bytes.subarray(0, start), part, bytes.subarray(Math.min(end, bytes.length)));
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function repeated(part: Uint8Array, times: number): Uint8Array {
  return joined(...Array.from({ length: times }, () => part));
}

function noise(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.integer(0, 255));
}

function number(value: number, size: number, isLittle: boolean): Uint8Array {
  const bytes = Uint8Array.from({ length: size }, (_, i) => (value >>> (8 * (size - 1 - i))) & 0xff);
  return isLittle ? bytes.toReversed() : bytes;
}
