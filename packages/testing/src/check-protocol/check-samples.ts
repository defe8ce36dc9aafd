import { PacketType } from '@tarsier/protocol';
import type { Bench, KnownSample, Sample } from './bench.js';
import { isSame, shortHex } from './bytes.js';
import { emptySlot } from './half.js';
import { ProbeBuffer } from './probe-buffer.js';
import { describe, describePacket, isSameOutcome, type Packet, Stream, thrown } from './stream.js';

/** An empty buffer says nothing; `PACKET_LESS` is the one answer. */
export function checkEmpty(bench: Bench): void {
  bench.count('empty buffer');
  let actual: string;
  let cause: unknown;
  try {
    const type = bench.half.take(new ProbeBuffer(), emptySlot());
    if (type === PacketType.PACKET_LESS) return;
    actual = `the result ${String(type)}`;
  } catch (error) {
    actual = thrown(error);
    cause = error;
  }
  bench.fail('EMPTY_BUFFER', { bytes: new Uint8Array(0), how: 'to read', expected: 'PACKET_LESS', actual, cause });
}

/** Each sample is one packet, the one that was meant, and nothing of it is left. */
export function checkWhole(bench: Bench, samples: readonly Sample[]): KnownSample[] {
  return samples.toSorted((a, b) => a.bytes.length - b.bytes.length).map((sample) => knownOf(bench, sample));
}

function knownOf(bench: Bench, sample: Sample): KnownSample {
  bench.count('whole packets');
  const bytes = bench.streamOf(sample.bytes);
  const outcome = bench.feed(bytes);
  const plain = plainOutcome(bench, bytes);
  if (outcome.violation === undefined && !isSameOutcome(outcome, plain)) {
    const expected = `what comes when the block holds nothing else: ${describe(plain)}`;
    bench.fail('IGNORES_BYTE_OFFSET', {
      bytes,
      how: 'in one chunk that is a part of a larger ArrayBuffer',
      expected,
      actual: describe(outcome),
      cause: outcome.error,
    });
  }
  bench.checkRules(outcome, bytes);
  const [packet] = outcome.packets;
  const { held, end } = outcome;
  if (packet === undefined || outcome.packets.length > 1 || end === 'refuses') {
    const expected = 'exactly one packet: the sample is whole';
    bench.fail('SAMPLE_NOT_TAKEN', {
      bytes,
      at: bytes.length - held,
      expected,
      actual: describe(outcome),
      cause: outcome.error,
    });
  }
  if (held > 0) {
    const expected = `all ${sample.bytes.length} bytes of the packet taken`;
    bench.fail('LEFT_BEHIND', { bytes, at: bytes.length - held, expected, actual: describe(outcome) });
  }
  checkContent(bench, sample, packet, bytes);
  return { ...sample, packet, closes: end === 'closes' };
}

function plainOutcome(bench: Bench, bytes: Uint8Array): ReturnType<Stream['outcome']> {
  const stream = new Stream(bench.half, bench.judge);
  stream.push(bytes.slice());
  return stream.outcome();
}

function checkContent(bench: Bench, sample: Sample, packet: Packet, bytes: Uint8Array): void {
  const isClient = bench.half.name === 'responseFunc';
  const body = isClient ? sample.body : sample.output;
  if (body !== undefined && !isSame(body, packet.bytes)) {
    bench.fail('WRONG_PACKET', { bytes, expected: `[${shortHex(body)}]`, actual: describePacket(packet) });
  }
  if (isClient && sample.requestId !== undefined && sample.requestId !== packet.requestId) {
    bench.fail('REQUEST_ID', {
      bytes,
      expected: `iRequestId ${sample.requestId}`,
      actual: `iRequestId ${packet.requestId}`,
    });
  }
}

/** Bytes that the author says are bad must be refused. */
export function checkRejects(bench: Bench, rejects: readonly Uint8Array[]): void {
  for (const bad of rejects) {
    bench.count('refused bytes');
    const bytes = bench.streamOf(bad);
    const outcome = bench.feed(bytes);
    bench.checkRules(outcome, bytes);
    if (outcome.end === 'refuses') continue;
    bench.fail('ACCEPTED', { bytes, expected: 'an exception or PACKET_ERR', actual: describe(outcome) });
  }
}
