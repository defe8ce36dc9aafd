import { concat, isSame } from './bytes.js';
import type { Half } from './half.js';
import { ProtocolFault, type ProtocolFaultCode, type ProtocolHalf } from './protocol-fault.js';
import type { CheckProtocolOptions } from './protocol-options.js';
import { type Random, seeded } from './random.js';
import { describe, feed, isMeant, type Judge, type Outcome, type Packet } from './stream.js';

/** A packet, and what is known of it. */
export interface Sample {
  readonly bytes: Uint8Array;
  readonly body: Uint8Array | undefined;
  readonly requestId: number | undefined;
  readonly output: Uint8Array | undefined;
}

/** A sample and what its half made of it. */
export interface KnownSample extends Sample {
  readonly packet: Packet;
  readonly closes: boolean;
}

/** What a fault is made of, without what the bench knows. */
export interface Finding {
  readonly bytes: Uint8Array;
  readonly cuts?: readonly number[];
  readonly at?: number;
  readonly how?: string;
  readonly expected: string;
  readonly actual: string;
  readonly cause?: unknown;
}

/** Counts what was run. */
export class Tally {
  readonly checks: Record<string, number> = {};
  readonly skipped: string[] = [];

  count(check: string, times = 1): void {
    this.checks[check] = (this.checks[check] ?? 0) + times;
  }
}

/** One half under test, with all that its checks share. */
export class Bench {
  readonly half: Half;
  readonly judge: Judge;
  readonly seed: number;
  readonly runs: number;
  readonly random: Random;
  readonly preamble: Uint8Array;
  /** So much may wait for the end of a packet. */
  readonly limit: number;
  /** Shortest first, so that what is found first is small. */
  samples: readonly KnownSample[] = [];
  readonly #tally: Tally;

  constructor(half: Half, options: CheckProtocolOptions, tally: Tally) {
    this.half = half;
    this.seed = options.seed ?? 1;
    this.runs = options.runs ?? 200;
    this.random = seeded(this.seed);
    this.preamble = options.preamble ?? new Uint8Array(0);
    this.limit = options.maxBufferedBytes ?? options.maxPacketBytes ?? 16 * 1024 * 1024;
    this.judge = { isRefusal: options.isRefusal ?? isMeant, timeLimitMs: options.timeLimitMs ?? 5000 };
    this.#tally = tally;
  }

  count(check: string, times = 1): void {
    this.#tally.count(`${this.half.name}: ${check}`, times);
  }

  skip(check: string, needed: string): void {
    this.#tally.skipped.push(`${this.half.name}: ${check}: ${needed}`);
  }

  /** The bytes of a connection: what it begins with, then these. */
  streamOf(...parts: readonly Uint8Array[]): Uint8Array {
    return concat([this.preamble, ...parts]);
  }

  feed(stream: Uint8Array, cuts: readonly number[] = [], stopAfter?: number): Outcome {
    return feed(this.half, this.judge, stream, cuts, stopAfter);
  }

  /** The packets that samples sent one after the other must give. */
  expected(samples: readonly KnownSample[]): Packet[] {
    const last = samples.findIndex(({ closes }) => closes);
    return (last < 0 ? samples : samples.slice(0, last + 1)).map(({ packet }) => packet);
  }

  fail(code: ProtocolFaultCode, finding: Finding, half: ProtocolHalf = this.half.name): never {
    throw new ProtocolFault({ ...finding, code, half, seed: this.seed });
  }

  /** Fails when a rule was broken that holds for all bytes. */
  checkRules(outcome: Outcome, stream: Uint8Array, cuts: readonly number[] = []): void {
    const { violation } = outcome;
    if (violation === undefined) return;
    this.fail(violation.code, { bytes: stream, cuts, ...violation });
  }

  /** Fails unless a stream gave what was expected. */
  checkPackets(
    outcome: Outcome,
    wanted: readonly Packet[],
    code: ProtocolFaultCode,
    finding: Omit<Finding, 'actual' | 'expected'>,
  ): void {
    this.checkRules(outcome, finding.bytes, finding.cuts);
    if (isAsExpected(outcome, wanted)) return;
    const count = wanted.length === 1 ? 'the one packet' : `the ${wanted.length} packets`;
    this.fail(code, {
      ...finding,
      expected: `${count} that came before: ${describe(asOutcome(wanted))}`,
      actual: describe(outcome),
      ...(outcome.error === undefined ? {} : { cause: outcome.error }),
    });
  }
}

/** Whether exactly these packets were taken, and nothing is left over. */
export function isAsExpected(outcome: Outcome, wanted: readonly Packet[]): boolean {
  if (outcome.end === 'refuses' || outcome.violation !== undefined) return false;
  if (outcome.end !== 'closes' && outcome.held > 0) return false;
  if (outcome.packets.length !== wanted.length) return false;
  return outcome.packets.every((packet, i) => {
    const { bytes, requestId } = wanted[i] as Packet;
    return packet.requestId === requestId && isSame(packet.bytes, bytes);
  });
}

function asOutcome(packets: readonly Packet[]): Outcome {
  return { packets, end: 'stopped', held: 0, error: undefined, violation: undefined };
}
