import type { Bench } from './bench.js';
import { asReceived, concat, everyByte } from './bytes.js';
import { heldBytes } from './check-lengths.js';
import { describe, isSameOutcome, Stream } from './stream.js';

/** Linear work is 4 times as much for 4 times the bytes, and steps of a doubling buffer a little more; n² is 16 times. */
const MAX_GROWTH = 9;
/** Once it is known that the cost is not linear, a small packet shows it well enough with this. */
const SHOWN_GROWTH = 6;
/** Below so much work for each byte nothing is wrong, whatever it grows like. */
const FREE_WORK = 16;
const SIZES = [4096, 1024, 256, 64];
const SMALL_SIZES = [16, 24, 32, 48, 64, 96, 128, 192, 256, 512, 1024];
const MANY = 256;
/** Copies that cannot be seen can be felt: so many bytes one by one take some ms, or, with n² copies, half a second.
 * That is 8 times as long as for an eighth, or, with n², 64 times. */
const FELT_BYTES = 65_536;
const FELT_MS = 200;
const FELT_GROWTH = 16;

/** Makes a packet of about so many bytes; undefined where that is not possible. */
export type PacketOf = (bytes: number) => Uint8Array | undefined;

/** What a byte costs must not depend on how many there are. */
export function checkCost(bench: Bench, packetOf: PacketOf): void {
  checkMany(bench);
  const usable: PacketOf = (size) => usablePacket(bench, packetOf(size));
  const large = SIZES.map(usable).find((packet) => packet !== undefined) ?? bench.samples.at(-1)?.bytes;
  if (large === undefined || large.length < (SIZES.at(-1) as number)) {
    bench.skip('cost of a large packet', 'give packetOf, or a sample of 64 bytes or more');
    return;
  }
  checkDrip(bench, large, usable);
  const felt = usable(FELT_BYTES);
  if (felt !== undefined) checkFelt(bench, felt, usable(FELT_BYTES / 8));
}

function usablePacket(bench: Bench, packet: Uint8Array | undefined): Uint8Array | undefined {
  if (packet === undefined) return undefined;
  const { packets, held, end } = bench.feed(bench.streamOf(packet));
  return packets.length === 1 && held === 0 && end !== 'refuses' ? packet : undefined;
}

/** A large packet that comes byte by byte. */
function checkDrip(bench: Bench, large: Uint8Array, packetOf: PacketOf): void {
  bench.count('cost byte by byte');
  const [quarter, all] = dripWork(bench, large);
  if (isLinear(quarter, all, large.length)) return;
  const small = SMALL_SIZES.filter((size) => size < large.length)
    .map(packetOf)
    .find((packet) => packet !== undefined && isSteep(dripWork(bench, packet)));
  const bytes = bench.streamOf(small ?? large);
  const [before, after] = dripWork(bench, small ?? large);
  const from = small === undefined ? '' : `; at ${large.length} bytes ${quarter} and ${all}`;
  bench.fail('NOT_LINEAR', {
    bytes,
    cuts: everyByte(bytes.length),
    at: bytes.length >> 2,
    how: 'byte by byte',
    expected: 'four times the bytes cost about four times as much: ask for the bytes you need, not for all',
    actual: `${before} bytes looked at, asked for or copied at a quarter of the packet, and ${after} at its end${from}`,
  });
}

/** The work until a quarter of a packet has come, and until its last byte but one. */
function dripWork(bench: Bench, packet: Uint8Array): [quarter: number, all: number] {
  const stream = new Stream(bench.half, bench.judge);
  if (bench.preamble.length > 0) stream.push(bench.preamble);
  const blocks = new WeakSet<ArrayBufferLike>();
  let copied = 0;
  let quarter = 0;
  for (let i = 0; i < packet.length - 1; i++) {
    stream.push(packet.slice(i, i + 1));
    // What a parser gathers by itself: a block that was not there before was copied.
    const before = copied;
    heldBytes(stream.input.getContextData(), (block) => {
      if (!blocks.has(block)) copied += block.byteLength;
      blocks.add(block);
      return 0;
    });
    if (copied - before < 2) copied = before;
    if (i === packet.length >> 2) quarter = stream.input.work + copied;
  }
  return [quarter, stream.input.work + copied];
}

/** Many small packets that come at once. */
function checkMany(bench: Bench): void {
  const sample = bench.samples.find(({ closes }) => !closes);
  if (sample === undefined) return;
  bench.count('cost of many packets');
  const few = manyWork(bench, sample.bytes, MANY / 4);
  const many = manyWork(bench, sample.bytes, MANY);
  if (isLinear(few, many, MANY * sample.bytes.length)) return;
  bench.fail('NOT_LINEAR', {
    bytes: bench.streamOf(sample.bytes),
    how: `${MANY} times in one chunk`,
    expected: 'four times the packets cost about four times as much: ask for the bytes you need, not for all',
    actual: `${few} bytes looked at, asked for or copied for ${MANY / 4} packets, and ${many} for ${MANY}`,
  });
}

function manyWork(bench: Bench, packet: Uint8Array, count: number): number {
  const stream = new Stream(bench.half, bench.judge);
  stream.push(bench.streamOf(...Array.from({ length: count }, () => packet)));
  return stream.input.work;
}

function isSteep([quarter, all]: [quarter: number, all: number]): boolean {
  return all > SHOWN_GROWTH * quarter;
}

function isLinear(quarter: number, all: number, bytes: number): boolean {
  return all <= MAX_GROWTH * quarter || all <= FREE_WORK * bytes;
}

/** A large packet, whole and byte by byte: the same, and in a time that does not grow with the square. */
function checkFelt(bench: Bench, felt: Uint8Array, eighth: Uint8Array | undefined): void {
  bench.count('slow drip of a large packet');
  const bytes = bench.streamOf(felt);
  const ms = dripMs(bench, felt);
  const cuts = everyByte(bytes.length);
  const dripped = new Stream(bench.half, bench.judge);
  for (let at = 0; at < bytes.length; at += 1000) dripped.push(asReceived(bytes.subarray(at, at + 1000)));
  const [whole, slow] = [bench.feed(bytes), dripped.outcome()];
  if (!isSameOutcome(whole, slow)) {
    const expected = `as in one chunk: ${describe(whole)}`;
    const thousands = cuts.filter((cut) => cut % 1000 === 0);
    bench.fail('DEPENDS_ON_CHUNKS', { bytes, cuts: thousands, at: 1000, expected, actual: describe(slow) });
  }
  if (ms < FELT_MS || eighth === undefined) return;
  // The machine may have been busy: three times is no chance.
  let [least, leastEighth] = [ms, dripMs(bench, eighth)];
  for (let i = 0; i < 2; i++) {
    least = Math.min(least, dripMs(bench, felt));
    leastEighth = Math.min(leastEighth, dripMs(bench, eighth));
  }
  if (least < FELT_MS || least < FELT_GROWTH * leastEighth) return;
  bench.fail('NOT_LINEAR', {
    bytes: bench.samples[0]?.bytes ?? bytes,
    how: `as an example; a packet of ${felt.length} bytes came byte by byte`,
    expected: 'eight times the bytes take about eight times as long',
    actual: `${leastEighth.toFixed(0)} ms for ${eighth.length} bytes, and ${least.toFixed(0)} ms for ${felt.length}`,
  });
}

function dripMs(bench: Bench, packet: Uint8Array): number {
  const stream = new Stream(bench.half, bench.judge);
  if (bench.preamble.length > 0) stream.push(bench.preamble);
  const begin = performance.now();
  for (let i = 0; i < packet.length; i++) stream.push(packet.subarray(i, i + 1));
  return performance.now() - begin;
}

/** Bytes that are text, so that protocols of text take them too. */
export function bodyOf(size: number): Uint8Array {
  return concat([new Uint8Array(Math.max(0, size)).fill(0x78)]);
}
