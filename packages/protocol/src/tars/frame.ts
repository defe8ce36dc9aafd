import type { ByteVector } from '../buffer/byte-vector.js';
import type { NetWorkBuffer } from '../buffer/network-buffer.js';
import { TarsDecodeException, TarsEncodeException } from '../errors/exceptions.js';
import { PacketType } from '../framing/packet-type.js';
import type { TarsOutputStream } from './output-stream.js';
import { Scratch } from './scratch.js';

const LENGTH_BYTES = 4;
/** Source: AppProtocol::parseLen (servant/servant/AppProtocol.h). */
const MIN_BYTES = 5;
const MAX_BYTES = 104_857_600;

/**
 * Takes one packet: `| length: uint32, big-endian, counts itself, 5 … 100 MiB | struct |`. The output is the struct.
 *
 * @throws TarsDecodeException for a length outside the limits.
 * Source: AppProtocol::parse, TarsCpp.
 */
export function tarsParser(input: NetWorkBuffer, output: ByteVector): PacketType {
  if (input.getBufferLength() < LENGTH_BYTES) return PacketType.PACKET_LESS;
  const size = input.getValueOf4();
  if (size < MIN_BYTES || size > MAX_BYTES) throw badLength(size);
  if (!input.getHeader(size, output)) return PacketType.PACKET_LESS;
  output.start += LENGTH_BYTES;
  input.moveHeader(size);
  return PacketType.PACKET_FULL;
}

/** Of packets alone, so that those made one after the other adjoin: a send queue then sends them as one piece, without a copy. */
const packets = new Scratch();

/**
 * Makes a packet of a struct.
 *
 * @param write gets `a`, `b` and `c`, so that it needs no closure.
 * @throws TarsEncodeException above 100 MiB.
 */
export function makeFrame<A, B, C>(
  write: (os: TarsOutputStream, a: A, b: B, c: C) => void,
  a: A,
  b: B,
  c: C,
): ByteVector {
  const os = packets.begin();
  try {
    os.skip(LENGTH_BYTES);
    write(os, a, b, c);
    if (os.length > MAX_BYTES) throw tooLarge(os.length);
    os.patchUInt32(0, os.length);
    return os.takeVector();
  } finally {
    packets.end(os);
  }
}

function badLength(size: number): TarsDecodeException {
  return new TarsDecodeException(
    `a TARS packet begins with its length, and that says ${size}; ${MIN_BYTES} to ${MAX_BYTES} bytes are allowed: look whether the peer speaks TARS`,
    { code: size > MAX_BYTES ? 'TARSIER_PACKET_TOO_LARGE' : 'TARSIER_PACKET_INVALID', where: { offset: 0 } },
  );
}

function tooLarge(size: number): TarsEncodeException {
  return new TarsEncodeException(`the packet would have ${size} bytes; TARS allows ${MAX_BYTES}: send less at a time`);
}
