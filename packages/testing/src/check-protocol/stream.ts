import { type ByteVector, PacketType, TarsException } from '@tarsier/protocol';
import { asReceived, countOf, cutAt, isSame, shortHex } from './bytes.js';
import { emptySlot, type Half } from './half.js';
import { ProbeBuffer } from './probe-buffer.js';
import type { ProtocolFaultCode } from './protocol-fault.js';

/** A packet as it was when it was handed out. */
export interface Packet {
  readonly bytes: Uint8Array;
  readonly requestId: number | undefined;
}

/** A rule that is broken whatever the bytes were. */
export interface Violation {
  readonly code: ProtocolFaultCode;
  /** Where the packet began, counted in the stream. */
  readonly at: number;
  readonly expected: string;
  readonly actual: string;
  readonly cause?: unknown;
}

/** What decides how a stream is judged. */
export interface Judge {
  readonly isRefusal: (error: unknown) => boolean;
  readonly timeLimitMs: number;
}

/** What became of a stream. */
export interface Outcome {
  readonly packets: readonly Packet[];
  /** It waits for more, said that the connection ends, refused the bytes, or was asked no further. */
  readonly end: 'waits' | 'closes' | 'refuses' | 'stopped';
  readonly held: number;
  readonly error: unknown;
  readonly violation: Violation | undefined;
}

/** Of larger packets no copy is kept to compare with: they are made of lengths that lie, and many. */
const COPIED_BYTES = 1024 * 1024;

/** One connection that a decoder reads, as the framework does it. */
export class Stream {
  readonly input: ProbeBuffer = new ProbeBuffer();
  readonly #half: Half;
  readonly #judge: Judge;
  readonly #stopAfter: number;
  readonly #packets: Packet[] = [];
  readonly #kept: ByteVector[] = [];
  #received = 0;
  #end: Outcome['end'] = 'waits';
  #error: unknown;
  #violation: Violation | undefined;

  /** @param stopAfter so many packets are taken, and no more asked for. */
  constructor(half: Half, judge: Judge, stopAfter: number = Number.POSITIVE_INFINITY) {
    this.#half = half;
    this.#judge = judge;
    this.#stopAfter = stopAfter;
  }

  /** Bytes that came and were taken. */
  get taken(): number {
    return this.#received - this.input.getBufferLength();
  }

  get isOpen(): boolean {
    return this.#end === 'waits' && this.#violation === undefined;
  }

  /** Number of packets so far. */
  get count(): number {
    return this.#packets.length;
  }

  /** Appends a chunk and takes all packets that are complete. The chunk is kept. */
  push(chunk: Uint8Array): void {
    if (!this.isOpen) return;
    this.append(chunk);
    this.parse();
  }

  /** Appends a chunk without asking for packets. */
  append(chunk: Uint8Array): void {
    this.input.addBuffer(chunk);
    this.#received += chunk.length;
  }

  parse(): void {
    while (this.isOpen && !this.input.empty()) {
      if (this.#packets.length >= this.#stopAfter) {
        this.#end = 'stopped';
        return;
      }
      if (!this.#takeOne()) return;
    }
  }

  /** Asks once; false when more bytes are needed or the stream has ended. */
  #takeOne(): boolean {
    const { input } = this;
    const at = this.taken;
    const slot = emptySlot();
    input.negative = 0;
    const begin = performance.now();
    let type: PacketType;
    try {
      type = this.#half.take(input, slot);
    } catch (error) {
      this.#end = 'refuses';
      this.#error = error;
      if (!this.#judge.isRefusal(error)) {
        const expected = 'a TarsDecodeException that says what is wrong, PACKET_ERR, or PACKET_LESS';
        this.#violation = { code: 'UNEXPECTED_ERROR', at, expected, actual: thrown(error), cause: error };
      }
      return false;
    }
    const ms = performance.now() - begin;
    if (ms > this.#judge.timeLimitMs) {
      const expected = `a result within ${this.#judge.timeLimitMs} ms`;
      this.#violation = { code: 'TOO_SLOW', at, expected, actual: `${nameOf(type)} after ${Math.round(ms)} ms` };
      return false;
    }
    if (type === PacketType.PACKET_ERR) {
      this.#end = 'refuses';
      return false;
    }
    const negative: number = input.negative;
    if (negative < 0) {
      const actual = `the buffer was asked for ${negative} bytes, and the result is ${nameOf(type)}`;
      this.#violation = { code: 'NEGATIVE_LENGTH', at, expected: 'a refusal of the length', actual };
      return false;
    }
    if (type === PacketType.PACKET_LESS) return false;
    if (type !== PacketType.PACKET_FULL && type !== PacketType.PACKET_FULL_CLOSE) {
      const expected = 'PACKET_LESS, PACKET_FULL, PACKET_FULL_CLOSE or PACKET_ERR';
      this.#violation = { code: 'BAD_RESULT', at, expected, actual: nameOf(type) };
      return false;
    }
    if (this.taken === at) {
      const actual = `${nameOf(type)}, and still there: ${countOf(input.getBufferLength())}`;
      const expected = 'the packet taken with moveHeader before PACKET_FULL is returned';
      this.#violation = { code: 'NO_PROGRESS', at, expected, actual };
      return false;
    }
    const bytes = slot.body.data();
    this.#packets.push({ bytes: bytes.length > COPIED_BYTES ? bytes : bytes.slice(), requestId: slot.requestId });
    this.#kept.push(slot.body);
    if (type === PacketType.PACKET_FULL_CLOSE) this.#end = 'closes';
    return type === PacketType.PACKET_FULL;
  }

  outcome(): Outcome {
    this.#checkKept();
    return {
      packets: this.#packets,
      end: this.#end,
      held: this.input.getBufferLength(),
      error: this.#error,
      violation: this.#violation,
    };
  }

  #checkKept(): void {
    for (const [i, body] of this.#kept.entries()) {
      const { bytes } = this.#packets[i] as Packet;
      if (this.#violation !== undefined || isSame(body.data(), bytes)) continue;
      this.#violation = {
        code: 'OUTPUT_CHANGES',
        at: 0,
        expected: `packet ${i + 1} stays ${shortHex(bytes)}`,
        actual: `later it is ${shortHex(body.data())}`,
      };
    }
  }
}

/** Feeds a stream, cut at the given offsets. */
export function feed(
  half: Half,
  judge: Judge,
  bytes: Uint8Array,
  cuts: readonly number[] = [],
  stopAfter?: number,
): Outcome {
  const stream = new Stream(half, judge, stopAfter);
  for (const piece of cutAt(bytes, cuts)) stream.push(asReceived(piece));
  return stream.outcome();
}

function isSamePacket(a: Packet | undefined, b: Packet | undefined): boolean {
  return a !== undefined && b !== undefined && a.requestId === b.requestId && isSame(a.bytes, b.bytes);
}

export function isSameOutcome(a: Outcome, b: Outcome): boolean {
  return (
    a.end === b.end &&
    a.packets.length === b.packets.length &&
    a.packets.every((packet, i) => isSamePacket(packet, b.packets[i]))
  );
}

/** What came of a stream, in one line. */
export function describe({ packets, end, held, error, violation }: Outcome): string {
  if (violation !== undefined) return violation.actual;
  const shown = packets.slice(0, 3).map(describePacket).join(', ');
  const rest = packets.length > 3 ? `, … ${packets.length} in all` : '';
  const taken = packets.length === 0 ? 'no packet' : `${shown}${rest}`;
  switch (end) {
    case 'waits':
      return `${taken}, then it waits with ${countOf(held)}`;
    case 'closes':
      return `${taken}, then PACKET_FULL_CLOSE`;
    case 'refuses':
      return `${taken}, then ${error === undefined ? 'PACKET_ERR' : thrown(error)}`;
    case 'stopped':
      break;
  }
  return `${taken}, and ${countOf(held)} left`;
}

export function describePacket({ bytes, requestId }: Packet): string {
  const id = requestId === undefined ? '' : ` with id ${requestId}`;
  return bytes.length === 0 ? `an empty packet${id}` : `packet${id} [${shortHex(bytes)}]`;
}

/** An exception, in one line. */
export function thrown(error: unknown): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}, which is no Error`;
  return `it threw ${error.name}: ${error.message.split('\n', 1)[0]}`;
}

/**
 * Whether an exception can be meant: everything but the engine's own errors that say that the code is wrong. Those of the
 * platform's functions, which refuse bad bytes too, carry a code.
 */
export function isMeant(error: unknown): boolean {
  if (TarsException.is(error)) return true;
  if (!(error instanceof Error)) return false;
  if ('code' in error) return true;
  return ![TypeError, RangeError, ReferenceError].some((Class) => error.constructor === Class);
}

function nameOf(type: unknown): string {
  const found = Object.entries(PacketType).find(([, value]) => value === type);
  if (found !== undefined) return found[0];
  return type instanceof Promise ? 'a promise' : String(type);
}
