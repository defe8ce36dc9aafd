import type { Bench } from './bench.js';
import type { ProtocolFaultCode } from './protocol-fault.js';
import { shrink } from './shrink.js';
import { describe, type Outcome, Stream } from './stream.js';

/** Lengths stand in the first bytes of a packet; further on only the last ones are tried. */
const FIRST_BYTES = 64;
const LAST_BYTES = 8;
const MAX_SAMPLES = 4;
/** More than the limit is sent after so many of them, for it takes time. */
const FILLED_SAMPLES = 2;
const FILL_BYTES = 1024 * 1024;
const FIRST_STEP = 1024;
/** What a packet that never ends goes on with: nothing, and text. */
const FILLS = [0x00, 0x41] as const;

/** What is written over each place of a sample. No part of a positive one looks negative, in whatever order it is read. */
const POSITIVE = [[0x7f, 0x7f, 0x7f, 0x7f], [0x7f, 0x7f], [0x7f]];
const SMALL = [[0, 0, 0, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 0], [0, 1], [1, 0], [0], [1]];
const NEGATIVE = [
  [0xff, 0xff, 0xff, 0xff],
  [0x80, 0, 0, 0],
  [0, 0, 0, 0x80],
  [0x7f, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0x7f],
  [0xff, 0xff, 0xff, 0xfe],
  [0xfe, 0xff, 0xff, 0xff],
  [0xff, 0xff],
  [0x80, 0],
  [0, 0x80],
  [0xff],
  [0x80],
];

/** Any field may be a length: each place is written over with lengths that nobody should believe. */
export function checkLengths(bench: Bench): void {
  for (const value of [...POSITIVE, ...NEGATIVE, ...SMALL]) {
    const isNegative = value.some((byte) => byte > 0x7f);
    for (const [i, { bytes }] of bench.samples.slice(0, MAX_SAMPLES).entries()) {
      for (let at = 0; at + value.length <= bytes.length; at++) {
        if (at === FIRST_BYTES) at = Math.max(at, bytes.length - LAST_BYTES - value.length);
        const changed = bytes.slice();
        changed.set(value, at);
        tryBytes(bench, bench.streamOf(changed), isNegative, i < FILLED_SAMPLES);
      }
    }
  }
}

/** Packets whose end never comes. */
export function checkUnended(bench: Bench): void {
  for (const { bytes } of bench.samples.slice(0, 3)) {
    for (const length of new Set([0, 1, bytes.length >> 1, bytes.length - 2, bytes.length - 1])) {
      if (length < 0) continue;
      const part = bench.streamOf(bytes.subarray(0, length));
      for (const fill of FILLS) {
        bench.count('packets without end');
        const outcome = withFill(bench, part, fill);
        if (isUnbounded(bench, outcome)) failUnbounded(bench, part, fill, false);
        checkRules(bench, outcome, part, false);
      }
    }
  }
}

function tryBytes(bench: Bench, bytes: Uint8Array, isNegative: boolean, isFilled: boolean): void {
  bench.count('damaged lengths');
  const outcome = bench.feed(bytes);
  checkRules(bench, outcome, bytes, isNegative);
  // What is complete, or refused, waits for nothing.
  if (!isFilled || outcome.end !== 'waits' || outcome.held === 0) return;
  const more = withFill(bench, bytes, FILLS[0]);
  if (isUnbounded(bench, more)) failUnbounded(bench, bytes, FILLS[0], isNegative);
  checkRules(bench, more, bytes, isNegative);
}

/** As {@link Bench.checkRules}, with the smallest bytes that break the rule. */
export function checkRules(bench: Bench, outcome: Outcome, bytes: Uint8Array, isNegative: boolean): void {
  const found = outcome.violation;
  if (found === undefined) return;
  const small = shrink({ bytes, cuts: [] }, (tried) => bench.feed(tried.bytes).violation?.code === found.code);
  const violation = bench.feed(small.bytes).violation ?? found;
  // What shows without a high bit too is about something else, as a length of zero.
  const isTrusted =
    isNegative &&
    small.bytes.some((byte) => byte > 0x7f) &&
    (found.code === 'NO_PROGRESS' || (found.code === 'UNEXPECTED_ERROR' && violation.cause instanceof RangeError));
  bench.fail(isTrusted ? 'NEGATIVE_LENGTH' : found.code, { bytes: small.bytes, ...violation });
}

/** Feeds bytes, and then more than may be waited for. */
function withFill(bench: Bench, bytes: Uint8Array, fill: number): Outcome {
  const stream = new Stream(bench.half, bench.judge, 1);
  if (bytes.length > 0) stream.push(bytes.slice());
  const chunk = fillOf(fill);
  // In few and growing steps: most are refused early, and calls in between would show nothing more.
  for (let left = bench.limit + 1, step = FIRST_STEP; left > 0 && stream.isOpen; step *= 8) {
    const until = left - Math.min(left, step);
    for (; left > until; left -= Math.min(chunk.length, left - until)) stream.append(chunk.subarray(0, left - until));
    stream.parse();
  }
  const outcome = stream.outcome();
  return { ...outcome, held: outcome.held + heldBytes(stream.input.getContextData()) };
}

function isUnbounded(bench: Bench, outcome: Outcome): boolean {
  if (outcome.packets.length > 0 || outcome.held <= bench.limit) return false;
  return outcome.violation === undefined ? outcome.end === 'waits' : outcome.violation.code === 'NEGATIVE_LENGTH';
}

function failUnbounded(bench: Bench, found: Uint8Array, fill: number, isNegative: boolean): never {
  const shows = (bytes: Uint8Array): boolean => isUnbounded(bench, withFill(bench, bytes, fill));
  const { bytes } = shrink({ bytes: found, cuts: [] }, (tried) => shows(tried.bytes), 300);
  const outcome = withFill(bench, bytes, fill);
  const code: ProtocolFaultCode = isNegative || outcome.violation !== undefined ? 'NEGATIVE_LENGTH' : 'UNBOUNDED';
  const hex = fill.toString(16).padStart(2, '0');
  bench.fail(code, {
    bytes,
    at: Math.max(
      0,
      bytes.findIndex((byte) => byte !== 0),
    ),
    how: `and then ${bench.limit + 1} bytes of ${hex}`,
    expected: `a refusal before more than ${bench.limit} bytes wait (maxBufferedBytes); best as soon as the length is there`,
    actual: describe(outcome),
  });
}

const fills = new Map<number, Uint8Array>();

function fillOf(byte: number): Uint8Array {
  let chunk = fills.get(byte);
  if (chunk === undefined) {
    chunk = new Uint8Array(FILL_BYTES).fill(byte);
    fills.set(byte, chunk);
  }
  return chunk;
}

/** Bytes that a parser keeps for itself in the context of the connection; it is looked into a few levels deep. */
export function heldBytes(
  value: unknown,
  seen: (block: ArrayBufferLike) => number = ({ byteLength }) => byteLength,
  depth = 3,
): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null || depth === 0) return 0;
  if (ArrayBuffer.isView(value)) return Math.min(value.byteLength, seen(value.buffer));
  let sum = 0;
  const parts = value instanceof Map || value instanceof Set ? value.values() : Object.values(value);
  for (const part of parts) sum += heldBytes(part, seen, depth - 1);
  return sum;
}
