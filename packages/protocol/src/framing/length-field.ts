import { type Bytes, ByteVector } from '../buffer/byte-vector.js';
import { bytesOf } from '../buffer/bytes-of.js';
import { copyBytes } from '../buffer/copy-bytes.js';
import type { NetWorkBuffer } from '../buffer/network-buffer.js';
import { encodeUtf8 } from '../buffer/utf8.js';
import { TarsDecodeException, TarsEncodeException } from '../errors/exceptions.js';
import { TarsException } from '../errors/tars-exception.js';
import type { RequestPacket } from '../message/request-packet.js';
import type { ResponsePacket } from '../message/response-packet.js';
import { BlockPool } from '../transport/block-pool.js';
import { checkOption } from './check-option.js';
import { type Framing, makeFraming } from './framing.js';
import type { PacketParser } from './packet-parser.js';
import { PacketType } from './packet-type.js';
import { fieldReader, type UnsignedField, writeField } from './unsigned-field.js';

/** Requests up to this size share blocks. */
const POOLED_BYTES = 4096;

/** Where a packet carries the id of its request. */
export interface RequestIdOptions {
  /** First byte of the id, counted from the first byte of the packet. */
  readonly offset: number;
  /** Its width; `genRequestId` gives ids that fit. So many calls can be in flight: 255, 65535, or 2147483647. */
  readonly bytes: 1 | 2 | 4;
  /** Defaults to the order of the length. */
  readonly order?: 'big' | 'little';
}

/** The layout that {@link lengthField} is given. All integers are unsigned. */
export interface LengthFieldOptions {
  /** First byte of the length, counted from the first byte of the packet; 0 unless told. */
  readonly offset?: number;
  readonly bytes: 1 | 2 | 3 | 4;
  /** Order of the bytes of the length; 'big' unless told. */
  readonly order?: 'big' | 'little';
  /** True: the value counts the packet from its very first byte. False: it counts only what follows the header. */
  readonly includesHeader: boolean;
  /** Added to what the value counts, for a value that counts more or less than that; 0 unless told. */
  readonly adjust?: number;
  /** Smallest packet in bytes, header included; never less than the header. */
  readonly min?: number;
  /** Largest packet in bytes, header included. */
  readonly max: number;
  /** Without it the protocol has no ids: one call at a time on each connection. */
  readonly requestId?: RequestIdOptions;
  /** Size of the header when it is larger than its fields need; the other bytes are sent as 0 and not looked at. */
  readonly headerBytes?: number;
  /**
   * What the server's parser leaves out of its output: nothing (false, the default), the header (true), or so many
   * bytes of it. The client's half always leaves the whole header out of `sBuffer`.
   */
  readonly strip?: boolean | number;
}

/**
 * Cuts packets whose header holds their length, and, if they have one, their request id.
 *
 * Layout: `| header: length, request id, ... | body |`. The header ends where the last of its fields does, or after
 * `headerBytes`. Size of a packet = value of the length + `adjust`, + size of the header if not `includesHeader`.
 *
 * The protocol of the push demo, `| uint32 BE, counts everything | uint32 BE id | body |`, is
 * `lengthField({ bytes: 4, includesHeader: true, max: 100_000, requestId: { offset: 4, bytes: 4 } })`.
 *
 * @throws TarsException (`TARSIER_INVALID_ARGUMENT`) for options that make no protocol.
 */
export function lengthField(options: LengthFieldOptions): Framing {
  const { max, requestId } = options;
  const length = fieldOf('', options);
  const id = requestId === undefined ? undefined : fieldOf('requestId.', requestId, options.order);
  const header = headerOf(options, length, id);
  const min = Math.max(header, options.min ?? 0);
  check('max', max, min, 0xffff_ffff);
  const { adjust = 0, strip = false } = options;
  check('adjust', adjust, -0xffff_ffff, 0xffff_ffff);
  const add = adjust + (options.includesHeader ? 0 : header);
  const skip = typeof strip === 'boolean' ? (strip ? header : 0) : strip;
  check('strip', skip, 0, header);
  const lengthEnd = length.offset + length.bytes;
  const readLength = fieldReader(length);
  const readId = id === undefined ? undefined : fieldReader(id);

  const take = (input: NetWorkBuffer, output: ByteVector, size: number, leaveOut: number): PacketType => {
    if (size < min || size > max) throw badLength(size, add, min, max, length.offset);
    if (!input.getHeader(size, output)) return PacketType.PACKET_LESS;
    output.start += leaveOut;
    input.moveHeader(size);
    return PacketType.PACKET_FULL;
  };
  const isPlain = length.offset === 0 && length.bytes === 4 && !length.isLittleEndian;
  const parse: PacketParser = isPlain
    ? (input, output) => {
        if (input.getBufferLength() < 4) return PacketType.PACKET_LESS;
        return take(input, output, input.getValueOf4() + add, skip);
      }
    : (input, output) => {
        if (input.getBufferLength() < lengthEnd) return PacketType.PACKET_LESS;
        return take(input, output, readLength(input) + add, skip);
      };
  const responseFunc = (input: NetWorkBuffer, response: ResponsePacket): PacketType => {
    if (input.getBufferLength() < lengthEnd) return PacketType.PACKET_LESS;
    const size = readLength(input) + add;
    // The id is read before the packet is taken; of one that is incomplete or invalid it is not needed.
    if (readId !== undefined && size >= header && size <= input.getBufferLength()) response.iRequestId = readId(input);
    return take(input, response.sBuffer, size, header);
  };

  const largest = Math.min(max, fieldMax(length) + add);
  const idMax = id === undefined ? 0 : fieldMax(id);
  const write = (packet: Uint8Array, at: number, size: number, body: Bytes, requestId: number): void => {
    writeField(packet, at, length, size - add);
    if (id !== undefined) writeField(packet, at, id, requestId);
    if (body instanceof ByteVector) copyBytes(body.buffer, body.start, body.end, packet, at + header);
    else copyBytes(body, 0, body.length, packet, at + header);
  };
  const sizeOf = (body: Bytes, requestId: number): number => {
    const size = header + body.length;
    if (size < min || size > largest || size < add) throw badBody(size, Math.max(min, add), largest);
    if (id !== undefined && !(requestId >= 0 && requestId <= idMax)) throw badId(requestId, idMax);
    return size;
  };
  const encode = (body: Bytes | string, requestId = 0): Uint8Array => {
    const bytes = typeof body === 'string' ? encodeUtf8(body) : bytesOf(body, 'encode of a framing');
    const size = sizeOf(bytes, requestId);
    const packet = new Uint8Array(size);
    write(packet, 0, size, bytes, requestId);
    return packet;
  };
  // Requests are sent at once and let go, so they may share blocks: memory of its own costs more than all the rest.
  const pool = new BlockPool();
  const requestFunc = ({ sBuffer, iRequestId }: RequestPacket): Bytes => {
    const size = sizeOf(sBuffer, iRequestId);
    if (size > POOLED_BYTES) return encode(sBuffer, iRequestId);
    const at = pool.take(size);
    write(pool.block, at, size, sBuffer, iRequestId);
    return new ByteVector().assignRange(pool.block, at, at + size);
  };
  return makeFraming({ parse, responseFunc, requestFunc, encode, maxRequestId: id === undefined ? undefined : idMax });
}

function check(name: string, value: number, min: number, max: number): void {
  checkOption('lengthField', name, value, min, max);
}

type FieldOptions = Pick<LengthFieldOptions, 'offset' | 'bytes' | 'order'>;

/** @param prefix of the names of the options that it stands in. */
function fieldOf(prefix: string, { offset = 0, bytes, order }: FieldOptions, usual?: string): UnsignedField {
  check(`${prefix}offset`, offset, 0, 0xffff);
  check(`${prefix}bytes`, bytes, 1, 4);
  return { offset, bytes, isLittleEndian: (order ?? usual) === 'little' };
}

function headerOf(options: LengthFieldOptions, length: UnsignedField, id: UnsignedField | undefined): number {
  const lengthEnd = length.offset + length.bytes;
  if (id !== undefined && id.offset < lengthEnd && length.offset < id.offset + id.bytes) {
    throw new TarsException(
      `lengthField: the request id at ${id.offset} and the length at ${length.offset} overlap; move one of them`,
      { code: 'TARSIER_INVALID_ARGUMENT', where: { key: 'requestId.offset' } },
    );
  }
  const fieldsEnd = Math.max(lengthEnd, id === undefined ? 0 : id.offset + id.bytes);
  const { headerBytes = fieldsEnd } = options;
  check('headerBytes', headerBytes, fieldsEnd, 0xffff);
  return headerBytes;
}

function fieldMax(field: UnsignedField): number {
  return 2 ** (8 * field.bytes) - 1;
}

function badLength(size: number, add: number, min: number, max: number, offset: number): TarsDecodeException {
  const says = `the length field at offset ${offset} says ${size - add}`;
  const counted = add === 0 ? '' : `, a packet of ${size} bytes`;
  return new TarsDecodeException(
    `${says}${counted}; ${min} to ${max} bytes are allowed: look whether the peer speaks this protocol, or change the limits`,
    { code: size > max ? 'TARSIER_PACKET_TOO_LARGE' : 'TARSIER_PACKET_INVALID', where: { offset } },
  );
}

function badBody(size: number, min: number, max: number): TarsEncodeException {
  return new TarsEncodeException(
    `the packet would have ${size} bytes; ${min} to ${max} are allowed: send another body, or change the limits`,
  );
}

function badId(requestId: number, max: number): TarsEncodeException {
  return new TarsEncodeException(
    `request id ${requestId} does not fit its field, which holds 0 to ${max}: choose another id`,
    { where: { requestId } },
  );
}
