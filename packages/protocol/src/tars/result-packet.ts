import type { ByteVector } from '../buffer/byte-vector.js';
import { ProtocolVersion, type RequestPacket, TarsPacketType } from '../message/request-packet.js';
import { writeTarsResult } from './call-tars.js';
import { makeFrame } from './frame.js';
import type { TarsOutputStream } from './output-stream.js';
import type { TarsFunction } from './tars-function.js';
import { writeTextMap } from './text-map.js';

/** What an answer repeats of its request. */
type Answered = Pick<RequestPacket, 'iRequestId' | 'iMessageType'>;

const nothing: ReadonlyMap<string, string> = new Map();
/** Behind the body: an empty status. */
const STATUS_BYTES = 2;
/** Of the packet that was written last. */
let bodyBytes = 0;

/**
 * The answer to a request of version 1 that went well and says nothing but its result: the bytes of `encodeResponse`, with the body encoded
 * where it belongs.
 *
 * @param body becomes the body, a part of the packet.
 * @throws TarsEncodeException when a value is not of its type.
 */
export function resultPacket(
  fn: TarsFunction<never, unknown>,
  result: unknown,
  request: Answered,
  body: ByteVector,
): ByteVector {
  const packet = makeFrame(writePacket, request, fn, result);
  const end = packet.end - STATUS_BYTES;
  body.assignRange(packet.buffer, end - bodyBytes, end);
  return packet;
}

function writePacket(os: TarsOutputStream, request: Answered, fn: TarsFunction<never, unknown>, result: unknown): void {
  os.writeInt16(1, ProtocolVersion.TARSVERSION);
  os.writeInt8(2, TarsPacketType.TARSNORMAL);
  os.writeInt32(3, request.iRequestId);
  os.writeInt32(4, request.iMessageType);
  os.writeInt32(5, 0);
  const begun = os.beginBytes(6);
  writeTarsResult(os, fn, result);
  bodyBytes = os.endBytes(begun);
  writeTextMap(os, 7, nothing);
}
