import { type Bench, isAsExpected, type KnownSample } from './bench.js';
import { asReceived } from './bytes.js';
import { describe, type Outcome, Stream } from './stream.js';

const MAX_SAMPLES = 4;
const MAX_CUTS = 64;

/** What one connection received must not change what another one reads. */
export function checkIsolation(bench: Bench): void {
  const samples = bench.samples.slice(0, MAX_SAMPLES);
  for (const a of samples) {
    const streamA = bench.streamOf(a.bytes);
    for (const b of samples) {
      for (let cut = 1; cut < Math.min(streamA.length, MAX_CUTS); cut++) {
        checkAbandoned(bench, streamA, cut, b);
        checkInterleaved(bench, a, b, cut);
      }
    }
  }
}

/** A connection that broke off in the middle of a packet, then a new one. */
function checkAbandoned(bench: Bench, streamA: Uint8Array, cut: number, b: KnownSample): void {
  bench.count('connections apart');
  const part = streamA.subarray(0, cut);
  bench.feed(part);
  const bytes = bench.streamOf(b.bytes);
  const outcome = bench.feed(bytes);
  if (isAsExpected(outcome, [b.packet])) return;
  report(bench, bytes, [], `in one chunk, after another connection broke off behind ${hexOf(part)}`, outcome);
}

/** Two connections that receive in turn. */
function checkInterleaved(bench: Bench, a: KnownSample, b: KnownSample, cut: number): void {
  const [streamA, streamB] = [bench.streamOf(a.bytes), bench.streamOf(b.bytes)];
  if (cut >= streamB.length) return;
  // What goes wrong alone too is not about two connections.
  if (!isAsExpected(bench.feed(streamA, [cut]), [a.packet]) || !isAsExpected(bench.feed(streamB, [cut]), [b.packet]))
    return;
  bench.count('connections apart');
  const [one, two] = [new Stream(bench.half, bench.judge), new Stream(bench.half, bench.judge)];
  one.push(asReceived(streamA.subarray(0, cut)));
  two.push(asReceived(streamB.subarray(0, cut)));
  one.push(asReceived(streamA.subarray(cut)));
  two.push(asReceived(streamB.subarray(cut)));
  for (const [stream, bytes, sample, other] of [
    [one, streamA, a, streamB],
    [two, streamB, b, streamA],
  ] as const) {
    const outcome = stream.outcome();
    if (isAsExpected(outcome, [sample.packet])) continue;
    const how = `in two chunks, between which another connection received ${hexOf(other.subarray(0, cut))}`;
    report(bench, bytes, [cut], how, outcome);
  }
}

function report(bench: Bench, bytes: Uint8Array, cuts: readonly number[], how: string, outcome: Outcome): never {
  bench.checkRules(outcome, bytes, cuts);
  bench.fail('SHARED_STATE', {
    bytes,
    cuts,
    at: cuts[0] ?? 0,
    how,
    expected: 'the packet that comes when there is no other connection; keep state in input.setContextData',
    actual: describe(outcome),
    cause: outcome.error,
  });
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
