import { encodeUtf8 } from '@tarsier/protocol';
import type { Bench, KnownSample } from './bench.js';
import { concat, countOf, cutAt, shortHex } from './bytes.js';
import { Stream } from './stream.js';

/** What a peer may repeat: spaces and ends of lines, quotes and brackets, separators, digits, letters, and bytes that are no text. */
const UNITS: readonly Uint8Array[] = [
  ...Array.from(' \t\r\n"\'\\[]{}(<,:;=%?/*-.09aF\0\u2028', (character) => encodeUtf8(character)),
  encodeUtf8('\r\n'),
  Uint8Array.of(0xff),
];
/** Sizes of runs in bytes. A cost that grows with a power of the run is found with a short one, before a long one takes minutes. */
const SIZES = [24, 32, 1024, 7680, 15_360, 61_440];
/** A shorter time is never a fault. */
const FELT_MS = 50;
/** Eight times the bytes take 8 times as long, or 64 times when the time grows with the square. */
const MAX_GROWTH = 24;
/** A machine may be busy; the least of so many times is not by chance. */
const TRIES = 6;
const MAX_SAMPLES = 3;
const MAX_PLACES = 7;
const CHUNK = 64;
/** Short packets, as empty lines are, are not what is measured here. */
const MAX_PACKETS = 64;

/** A byte that is repeated somewhere in a packet. */
interface Run {
  readonly sample: KnownSample;
  readonly place: number;
  readonly unit: Uint8Array;
  readonly isChunked: boolean;
}

/** What a byte costs must not depend on how often it is repeated, wherever in a packet it stands. */
export function checkRuns(bench: Bench): void {
  const step = Math.max(1, bench.samples.length / MAX_SAMPLES);
  for (let i = 0; i < bench.samples.length; i += step) {
    const sample = bench.samples[Math.floor(i)] as KnownSample;
    const places = placesIn(sample.bytes);
    const middle = places[places.length >> 1];
    for (const unit of UNITS) {
      for (const place of places) checkRun(bench, { sample, place, unit, isChunked: false });
      if (middle !== undefined) checkRun(bench, { sample, place: middle, unit, isChunked: true });
    }
  }
}

/** Where a run is put in: the ends and borders between words and what parts them, some of them when there are many. */
function placesIn(bytes: Uint8Array): number[] {
  const borders = Array.from({ length: bytes.length }, (_, i) => i).filter((i) => i < 2 || isBorder(bytes, i));
  // A word that holds a run in its middle differs from one with a run at its end.
  const inner = [bytes.length >> 2, bytes.length >> 1, (bytes.length * 3) >> 2];
  const step = Math.max(1, borders.length / MAX_PLACES);
  const some = Array.from(
    { length: Math.min(MAX_PLACES, borders.length) },
    (_, i) => borders[Math.floor(i * step)] as number,
  );
  return [...new Set([...some, ...inner, bytes.length])].toSorted((a, b) => a - b);
}

function isBorder(bytes: Uint8Array, at: number): boolean {
  return isWord(bytes[at - 1] as number) !== isWord(bytes[at] as number);
}

function isWord(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
}

function checkRun(bench: Bench, run: Run): void {
  bench.count(run.isChunked ? 'cost of repeated bytes in chunks' : 'cost of repeated bytes');
  for (const size of SIZES) {
    if (size > bench.limit) return;
    const { ms, isRefused } = timeOf(bench, run, size);
    if (ms >= FELT_MS) checkGrowth(bench, run, size, ms);
    if (isRefused) return;
  }
}

/** Fails when the time does not grow with the bytes. */
function checkGrowth(bench: Bench, run: Run, size: number, ms: number): void {
  let least = ms;
  let leastEighth = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TRIES; i++) {
    leastEighth = Math.min(leastEighth, timeOf(bench, run, size >> 3).ms);
    if (i > 0) least = Math.min(least, timeOf(bench, run, size).ms);
    if (least < FELT_MS || least < MAX_GROWTH * leastEighth) return;
  }
  const { sample, place, unit, isChunked } = run;
  const name = nameOf(unit);
  bench.fail('NOT_LINEAR', {
    bytes: bench.streamOf(sample.bytes),
    at: bench.preamble.length + place,
    how: `with ${name} repeated up to ${countOf(size)} before the marked place${isChunked ? `, in chunks of ${CHUNK}` : ''}`,
    expected:
      'eight times the bytes take about eight times as long: search for them in one pass, not by a regular expression',
    actual: `${leastEighth.toFixed(2)} ms for ${countOf(size >> 3)} of ${name}, and ${least.toFixed(0)} ms for ${countOf(size)}`,
  });
}

/** The time that a packet with a run takes, and whether it was refused. */
function timeOf(
  bench: Bench,
  { sample, place, unit, isChunked }: Run,
  size: number,
): { ms: number; isRefused: boolean } {
  const filled = repeated(unit, size);
  const begun = concat([bench.preamble, sample.bytes.subarray(0, place), filled]);
  const cuts = isChunked
    ? Array.from({ length: Math.floor((begun.length - 1) / CHUNK) }, (_, i) => (i + 1) * CHUNK)
    : [];
  const chunks = [...cutAt(begun, cuts), sample.bytes.slice(place)];
  const stream = new Stream(bench.half, bench.judge, MAX_PACKETS);
  const begin = performance.now();
  for (const chunk of chunks) stream.push(chunk);
  return { ms: performance.now() - begin, isRefused: !stream.isOpen };
}

function repeated(unit: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size - (size % unit.length)).fill(unit[0] as number);
  for (let i = 1; i < unit.length; i++) {
    for (let at = i; at < bytes.length; at += unit.length) bytes[at] = unit[i] as number;
  }
  return bytes;
}

function nameOf(unit: Uint8Array): string {
  const count = unit.length === 1 ? 'the byte' : 'the bytes';
  return `${count} 0x${shortHex(unit).replaceAll(' ', ' 0x')}`;
}
