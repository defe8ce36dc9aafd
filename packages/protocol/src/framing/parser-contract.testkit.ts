import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteVector } from '../buffer/byte-vector.js';
import { NetWorkBuffer } from '../buffer/network-buffer.js';
import { TarsException } from '../errors/tars-exception.js';
import { ResponsePacket } from '../message/response-packet.js';
import type { PacketParser } from './packet-parser.js';
import { PacketType } from './packet-type.js';
import type { ProxyProtocol } from './proxy-protocol.js';

/** A parser, what it must accept, and what it may hold. */
export interface ParserContract {
  readonly parser: PacketParser;
  /** Packets as they are sent, each of which the parser takes as one. */
  readonly packets: readonly Uint8Array[];
  /** What the parser makes of each; the packets themselves unless told. */
  readonly outputs?: readonly Uint8Array[];
  /** While the parser waits for more, no more bytes than this may be buffered. */
  readonly maxBufferedBytes: number;
}

/** How a stream ended for a parser. */
type End = 'waits' | 'closes' | 'fails';

interface Parsed {
  readonly packets: string[];
  readonly end: End;
  readonly leftover: number;
}

const FUZZ_RUNS = 100_000;

/** Makes the client's half a parser, whose output is the request id in 4 bytes and the body. */
export function responseParser(protocol: ProxyProtocol): PacketParser {
  return (input, output) => {
    const response = new ResponsePacket();
    const type = protocol.responseFunc(input, response);
    if (type === PacketType.PACKET_FULL || type === PacketType.PACKET_FULL_CLOSE) {
      output.assign(withId(response.iRequestId, response.sBuffer.data()));
    }
    return type;
  };
}

/** What {@link responseParser} makes of a body. */
export function withId(requestId: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + body.length);
  new DataView(bytes.buffer).setUint32(0, requestId);
  bytes.set(body, 4);
  return bytes;
}

/** Registers the tests that every parser must pass. */
export function testParserContract(name: string, contract: ParserContract): void {
  const { parser, packets, outputs = packets } = contract;
  const expected = outputs.map(hex);

  describe(`${name} keeps the contract of parsers`, () => {
    it('takes each packet as one, and waits for the rest of each part of it', () => {
      for (const [i, packet] of packets.entries()) {
        expect(parse(contract, [packet]).packets).toEqual([expected[i]]);
        for (let length = 0; length < Math.min(packet.length, 300); length++) {
          const parsed = parse(contract, [packet.slice(0, length)]);
          expect(parsed.packets).toEqual([]);
          expect(parsed.end).toBe('waits');
        }
      }
    });

    it('sees the same packets byte by byte as in one piece', () => {
      const stream = concat(packets);
      expect(parse(contract, [stream]).packets).toEqual(expected);
      expect(parse(contract, bytesOf(stream)).packets).toEqual(expected);
    });

    it('sees the same packets however the stream is cut', () => {
      const chosen = fc.array(fc.nat(packets.length - 1), { minLength: 1, maxLength: 8 });
      const cuts = fc.array(fc.nat(), { maxLength: 40 });
      fc.assert(
        fc.property(chosen, cuts, (order, cuts) => {
          const stream = concat(order.map((i) => packets[i] as Uint8Array));
          const parsed = parse(contract, cut(stream, cuts));
          expect(parsed.packets).toEqual(order.map((i) => expected[i]));
          expect(parsed).toMatchObject({ end: 'waits', leftover: 0 });
        }),
        { numRuns: 200 },
      );
    });

    it('sees the same in damaged bytes however they are cut', () => {
      const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 });
      const cuts = fc.array(fc.nat(), { maxLength: 40 });
      const chosen = fc.array(fc.nat(packets.length - 1), { minLength: 1, maxLength: 4 });
      fc.assert(
        fc.property(chosen, damage, cuts, (order, damage, cuts) => {
          const stream = concat(order.map((i) => packets[i] as Uint8Array));
          for (const [at, byte] of damage) stream[at % stream.length] = byte;
          expect(parse(contract, cut(stream, cuts))).toEqual(parse(contract, [stream]));
        }),
        { numRuns: 500 },
      );
    });

    it('keeps what it handed out unchanged', () => {
      const input = new NetWorkBuffer();
      const kept: ByteVector[] = [];
      const stream = concat([...packets, ...packets, ...packets]);
      for (const chunk of cut(stream, [3, 50, 51, 300, 301, 302, 700])) {
        input.addBuffer(chunk);
        for (;;) {
          const output = new ByteVector();
          if (input.empty() || parser(input, output) !== PacketType.PACKET_FULL) break;
          kept.push(output);
        }
      }
      expect(kept.map((output) => hex(output.data()))).toEqual([...expected, ...expected, ...expected]);
    });

    it(`lets only results and TarsExceptions out, and holds no more than its limit, for ${FUZZ_RUNS} hostile inputs`, () => {
      const random = seeded(0x7a25);
      const { stackTraceLimit } = Error;
      Error.stackTraceLimit = 0;
      try {
        const ends: Record<End, number> = { waits: 0, closes: 0, fails: 0 };
        for (let run = 0; run < FUZZ_RUNS; run++) {
          const stream = hostile(random, packets);
          ends[parse(contract, cut(stream, [random(stream.length + 1), random(stream.length + 1)])).end]++;
        }
        expect(ends.waits + ends.closes + ends.fails).toBe(FUZZ_RUNS);
      } finally {
        Error.stackTraceLimit = stackTraceLimit;
      }
    });
  });
}

/** Feeds chunks as a connection does, and checks what every parser must do at every step. */
function parse({ parser, maxBufferedBytes }: ParserContract, chunks: readonly Uint8Array[]): Parsed {
  const input = new NetWorkBuffer();
  const output = new ByteVector();
  const packets: string[] = [];
  for (const chunk of chunks) {
    input.addBuffer(chunk);
    while (!input.empty()) {
      const before = input.getBufferLength();
      let type: PacketType;
      try {
        type = parser(input, output);
      } catch (error) {
        if (!TarsException.is(error)) throw error;
        return { packets, end: 'fails', leftover: 0 };
      }
      if (type === PacketType.PACKET_ERR) return { packets, end: 'fails', leftover: 0 };
      if (type === PacketType.PACKET_LESS) {
        const held = input.getBufferLength();
        if (held > maxBufferedBytes) throw new Error(`waits with ${held} bytes; the limit is ${maxBufferedBytes}`);
        break;
      }
      if (type !== PacketType.PACKET_FULL && type !== PacketType.PACKET_FULL_CLOSE) {
        throw new Error(`${String(type)} is not a PacketType`);
      }
      if (input.getBufferLength() >= before) throw new Error('a packet was reported, but no byte was taken');
      packets.push(hex(output.data()));
      if (type === PacketType.PACKET_FULL_CLOSE) return { packets, end: 'closes', leftover: 0 };
    }
  }
  return { packets, end: 'waits', leftover: input.getBufferLength() };
}

/** One hostile stream: valid packets damaged in some way, or noise. */
function hostile(random: (limit: number) => number, packets: readonly Uint8Array[]): Uint8Array {
  const packet = (): Uint8Array => (packets[random(packets.length)] as Uint8Array).slice(0, 2000);
  if (random(8) === 0) return Uint8Array.from({ length: 1 + random(64) }, () => random(256));
  const stream = random(2) === 0 ? packet() : concat([packet(), packet()]);
  for (let i = random(5); i >= 0; i--) {
    const at = random(stream.length);
    // Flipped bits, extreme bytes, and copies of other parts.
    const kind = random(3);
    if (kind === 0) stream[at] = (stream[at] as number) ^ (1 << random(8));
    else if (kind === 1) stream[at] = [0, 0x0a, 0x0d, 0x20, 0x7f, 0x80, 0xff][random(7)] as number;
    else stream.copyWithin(at, random(stream.length), random(stream.length));
  }
  return random(4) === 0 ? stream.subarray(0, random(stream.length + 1)) : stream;
}

/** Pseudo-random integers below a limit, the same for the same seed (xorshift32). */
function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** Cuts a stream at the given places, taken modulo its length. Each piece is memory of its own. */
function cut(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = cuts.map((at) => at % (stream.length + 1)).toSorted((a, b) => a - b);
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const at of [...places, stream.length]) {
    pieces.push(stream.slice(from, at));
    from = at;
  }
  return pieces;
}

function bytesOf(stream: Uint8Array): Uint8Array[] {
  return Array.from(stream, (byte) => Uint8Array.of(byte));
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A value to compare packets by: short, and readable in a failure. */
function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}
