import { countOf } from './bytes.js';
import { hexDump } from './hex-dump.js';

/** What each code of a {@link ProtocolFault} means. */
export const protocolFaultCodes = {
  EMPTY_BUFFER: 'an empty buffer is not answered with PACKET_LESS',
  SAMPLE_NOT_TAKEN: 'a whole packet is not taken as one packet',
  WRONG_PACKET: 'a packet is taken, but not the one that was meant',
  IGNORES_BYTE_OFFSET: 'bytes are read from the start of their ArrayBuffer instead of from byteOffset',
  NO_PROGRESS: 'PACKET_FULL without taking a byte: the packet would be served for ever',
  LEFT_BEHIND: 'a part of the packet stays in the buffer',
  BAD_RESULT: 'the result is not a PacketType',
  SHARED_STATE: 'one connection changes what another one reads',
  TRUNCATED: 'the first part of a packet is refused instead of waited for',
  OVER_READ: 'bytes that follow the packet are taken, or change it',
  LOSES_PACKET: 'of packets that come in one chunk not all are taken',
  DEPENDS_ON_CHUNKS: 'the packets depend on where the network cut the stream',
  OUTPUT_CHANGES: 'bytes that were handed out change later',
  NEGATIVE_LENGTH: 'a negative length is trusted',
  UNBOUNDED: 'more and more is buffered for a packet that never ends: a length or a search without limit',
  UNEXPECTED_ERROR: 'bad bytes lead to an error that nobody meant to throw',
  ACCEPTED: 'bytes that must be refused are not',
  NOT_LINEAR: 'the cost grows with the square of the bytes',
  TOO_SLOW: 'the time limit was passed',
  ROUND_TRIP: 'what is encoded does not come back',
  REQUEST_ID: 'the request id does not come back',
} as const;

/** Which rule a protocol breaks. */
export type ProtocolFaultCode = keyof typeof protocolFaultCodes;

/** The function that a check looks at. */
export type ProtocolHalf = 'parser' | 'responseFunc' | 'requestFunc' | 'encode' | 'heartbeat';

/** What a {@link ProtocolFault} is made of. */
export interface ProtocolFaultInit {
  readonly code: ProtocolFaultCode;
  readonly half: ProtocolHalf;
  readonly bytes: Uint8Array;
  readonly cuts?: readonly number[];
  readonly at?: number;
  /** What came before or after the bytes, and how they were fed. */
  readonly how?: string;
  readonly expected: string;
  readonly actual: string;
  readonly seed: number;
  readonly cause?: unknown;
}

/**
 * A protocol breaks a rule. The message shows the smallest bytes that were found to show it, 16 to a line, with `|` where a new
 * chunk begins and `^` under the byte where it goes wrong.
 */
export class ProtocolFault extends Error {
  /** The rule that is broken. */
  readonly code: ProtocolFaultCode;
  /** The function that breaks it. */
  readonly half: ProtocolHalf;
  /** The bytes that show it. */
  readonly bytes: Uint8Array;
  /** Where the bytes were cut: offsets at which a new chunk began. Empty: they came in one chunk. */
  readonly cuts: readonly number[];
  /** Offset of the byte where it goes wrong; `bytes.length` when that is their end. */
  readonly at: number;
  readonly expected: string;
  readonly actual: string;
  /** Given to `checkProtocol` again, it repeats the run. */
  readonly seed: number;

  constructor(init: ProtocolFaultInit) {
    super(textOf(init), init.cause === undefined ? undefined : { cause: init.cause });
    this.name = 'ProtocolFault';
    this.code = init.code;
    this.half = init.half;
    this.bytes = init.bytes;
    this.cuts = init.cuts ?? [];
    this.at = init.at ?? 0;
    this.expected = init.expected;
    this.actual = init.actual;
    this.seed = init.seed;
  }
}

function textOf({ code, half, bytes, cuts = [], at = 0, how, expected, actual, seed }: ProtocolFaultInit): string {
  const chunks = cuts.length === 0 ? 'in one chunk' : `in ${cuts.length + 1} chunks`;
  return [
    `${code}: ${protocolFaultCodes[code]}`,
    '',
    `${half}, ${countOf(bytes.length)} ${how ?? chunks}:`,
    hexDump(bytes, cuts, at),
    '',
    `expected: ${expected}`,
    `got:      ${actual}`,
    `repeat:   seed ${seed}`,
  ].join('\n');
}
