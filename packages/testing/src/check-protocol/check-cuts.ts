import { type Bench, isAsExpected, type KnownSample } from './bench.js';
import { concat, everyByte } from './bytes.js';
import { randomCuts } from './random.js';
import { type Case, shrink } from './shrink.js';
import { describe, isSameOutcome, Stream } from './stream.js';

/** Pairs are made of all samples up to so many; of more, of neighbours. */
const ALL_PAIRS = 6;
/** In a longer stream not every place is cut. */
const ALL_CUTS = 400;
/** From so many bytes on a chunk is surely kept as it came. */
const LONG_CHUNK = 600;

/** Each part of a packet is waited for, wherever it ends. */
export function checkTruncated(bench: Bench): void {
  for (const sample of bench.samples) {
    const stream = bench.streamOf(sample.bytes);
    for (const length of placesIn(bench, stream.length)) {
      bench.count('truncated packets');
      const part = stream.subarray(0, length);
      const outcome = bench.feed(part);
      if (outcome.violation === undefined && outcome.end === 'waits' && outcome.packets.length === 0) continue;
      bench.fail(outcome.packets.length === 0 ? 'TRUNCATED' : 'DEPENDS_ON_CHUNKS', {
        bytes: stream,
        cuts: [length],
        at: length,
        how: `of which the first ${length} have come`,
        expected: 'PACKET_LESS until the rest comes',
        actual: describe(outcome),
        cause: outcome.error,
      });
    }
  }
}

/** Packets sent in one piece are all taken. */
export function checkGlued(bench: Bench): void {
  for (const group of [
    ...pairsOf(bench.samples),
    [...bench.samples],
    [...bench.samples, ...bench.samples].toReversed(),
  ]) {
    bench.count('glued packets');
    const bytes = bench.streamOf(...group.map((sample) => sample.bytes));
    const at = bytes.length - (group.at(-1)?.bytes.length ?? 0);
    bench.checkPackets(bench.feed(bytes), bench.expected(group), 'LOSES_PACKET', { bytes, at });
  }
}

/** The packets do not depend on the cuts. */
export function checkCuts(bench: Bench): void {
  for (const group of [...bench.samples.map((sample) => [sample]), ...pairsOf(bench.samples)]) {
    const stream = bench.streamOf(...group.map((sample) => sample.bytes));
    for (const cut of placesIn(bench, stream.length)) checkSame(bench, group, stream, [cut]);
    checkSame(bench, group, stream, everyByte(stream.length));
  }
  if (bench.samples.length === 0) return;
  checkLongChunks(bench);
  for (let run = 0; run < bench.runs; run++) {
    const group = Array.from({ length: 1 + bench.random(6) }, () => {
      return bench.samples[bench.random(bench.samples.length)] as KnownSample;
    });
    const stream = bench.streamOf(...group.map((sample) => sample.bytes));
    checkSame(bench, group, stream, randomCuts(bench.random, stream.length, 12));
  }
}

/** Short chunks are gathered by the buffer, which hides the border; long ones are not. */
function checkLongChunks(bench: Bench): void {
  for (const [i, sample] of bench.samples.entries()) {
    const group = [sample];
    let size = 0;
    for (let k = i; size < LONG_CHUNK; k++) {
      const next = bench.samples[k % bench.samples.length] as KnownSample;
      group.push(next);
      size += Math.max(1, next.bytes.length);
    }
    const stream = bench.streamOf(...group.map(({ bytes }) => bytes));
    for (const cut of placesIn(bench, bench.preamble.length + sample.bytes.length))
      checkSame(bench, group, stream, [cut]);
  }
}

function checkSame(bench: Bench, group: readonly KnownSample[], stream: Uint8Array, cuts: readonly number[]): void {
  bench.count('cuts');
  const outcome = bench.feed(stream, cuts);
  if (isAsExpected(outcome, bench.expected(group))) return;
  failSmallest(bench, { bytes: stream, cuts });
}

/** Two ways to cut the same bytes that give different packets; the smallest of these that can be found. */
export function failSmallest(bench: Bench, found: Case): never {
  const start = bench.preamble.length;
  const small = shrink(found, ({ bytes, cuts }) => {
    if (cuts.length === 0 || bytes.length < start) return false;
    return !isSameOutcome(bench.feed(bytes), bench.feed(bytes, cuts));
  });
  const whole = bench.feed(small.bytes);
  const cut = bench.feed(small.bytes, small.cuts);
  bench.fail(cut.violation?.code === 'OUTPUT_CHANGES' ? 'OUTPUT_CHANGES' : 'DEPENDS_ON_CHUNKS', {
    ...small,
    at: small.cuts[0] ?? 0,
    expected: `as in one chunk: ${describe(whole)}`,
    actual: describe(cut),
    cause: cut.error,
  });
}

/** What follows a packet neither changes it nor is taken with it. */
export function checkOverRead(bench: Bench): void {
  for (const sample of bench.samples) {
    const noise = Uint8Array.from({ length: 8 }, () => bench.random(256));
    const others = bench.samples.slice(0, 3).map(({ bytes }) => bytes);
    for (const follower of [Uint8Array.of(0), Uint8Array.of(0xff), Uint8Array.of(0x0a, 0x0d), noise, ...others]) {
      if (!isOverRead(bench, sample, follower)) continue;
      const small = shrink(
        { bytes: follower, cuts: [] },
        ({ bytes }) => bytes.length > 0 && isOverRead(bench, sample, bytes),
      );
      failOverRead(bench, sample, small.bytes);
    }
  }
}

function isOverRead(bench: Bench, sample: KnownSample, follower: Uint8Array): boolean {
  bench.count('bytes behind a packet');
  const outcome = bench.feed(bench.streamOf(sample.bytes, follower), [], 1);
  if (sample.closes) return !isAsExpected({ ...outcome, held: 0 }, [sample.packet]);
  return outcome.held !== follower.length || !isAsExpected({ ...outcome, held: 0 }, [sample.packet]);
}

function failOverRead(bench: Bench, sample: KnownSample, follower: Uint8Array): never {
  const bytes = bench.streamOf(sample.bytes, follower);
  const stream = new Stream(bench.half, bench.judge, 1);
  stream.push(bytes);
  const outcome = stream.outcome();
  const at = bytes.length - follower.length;
  bench.fail('OVER_READ', {
    bytes,
    at,
    expected: describe({ ...bench.feed(bench.streamOf(sample.bytes)), end: 'stopped', held: follower.length }),
    actual: describe(outcome),
    cause: outcome.error,
  });
}

function pairsOf(samples: readonly KnownSample[]): KnownSample[][] {
  return samples.flatMap((a, i) => {
    const seconds = samples.length <= ALL_PAIRS ? samples : samples.slice(i, i + 2);
    return seconds.map((b) => [a, b]);
  });
}

/** Places to cut: all of a short stream; of a long one both ends, and some between. */
export function placesIn(bench: Bench, length: number): number[] {
  if (length <= ALL_CUTS) return everyByte(length);
  const places = new Set<number>();
  for (let i = 1; i <= ALL_CUTS / 4; i++) {
    places.add(i).add(length - i);
    places.add(1 + bench.random(length - 1)).add(Math.min(length - 1, i * 256));
  }
  return [...places].toSorted((a, b) => a - b);
}

/** Joins packets to one stream, for the checks that damage it. */
export function someStream(bench: Bench): Uint8Array {
  const count = 1 + bench.random(3);
  const parts = Array.from({ length: count }, () => {
    return (bench.samples[bench.random(bench.samples.length)] as KnownSample).bytes.subarray(0, 2000);
  });
  return concat(parts);
}
