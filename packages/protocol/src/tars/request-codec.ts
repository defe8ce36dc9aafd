import type { ByteVector } from '../buffer/byte-vector.js';
import { RequestPacket } from '../message/request-packet.js';
import { type DecodeLimits, decodeDefaults } from './decode-budget.js';
import { decodeWhole } from './decode-whole.js';
import { makeFrame } from './frame.js';
import type { TarsInputStream } from './input-stream.js';
import type { TarsOutputStream } from './output-stream.js';
import { readTextMap, writeTextMap } from './text-map.js';

/**
 * A request as one packet, its length in front.
 *
 * Every field is written: a C++ server closes the connection when one is missing.
 *
 * @throws TarsEncodeException when a field does not fit its type, as an id beyond 32 bits.
 * Source: RequestPacket (servant/protocol/tup/RequestF.tars).
 */
export function encodeRequest(request: RequestPacket): ByteVector {
  return makeFrame(writeRequest, request, undefined, undefined);
}

function writeRequest(os: TarsOutputStream, request: RequestPacket): void {
  os.writeInt16(1, request.iVersion);
  os.writeInt8(2, request.cPacketType);
  os.writeInt32(3, request.iMessageType);
  os.writeInt32(4, request.iRequestId);
  os.writeString(5, request.sServantName);
  os.writeString(6, request.sFuncName);
  os.writeBytes(7, request.sBuffer);
  os.writeInt32(8, request.iTimeout);
  writeTextMap(os, 9, RequestPacket.contextOf(request));
  writeTextMap(os, 10, RequestPacket.statusOf(request));
}

const names = {
  typeName: 'RequestPacket',
  fieldNames: {
    1: 'iVersion',
    2: 'cPacketType',
    3: 'iMessageType',
    4: 'iRequestId',
    5: 'sServantName',
    6: 'sFuncName',
    7: 'sBuffer',
    8: 'iTimeout',
    9: 'context',
    10: 'status',
  },
};

/**
 * The request that a packet carries.
 *
 * @param packet without the length. It is not copied: `sBuffer` is a part of it.
 * @param limits what decoding may cost; the defaults unless told.
 * @throws TarsDecodeException when a field is missing or of another type.
 */
export function decodeRequest(packet: ByteVector, limits: DecodeLimits = decodeDefaults): RequestPacket {
  return decodeWhole(packet, names, readRequest, undefined, limits);
}

function readRequest(is: TarsInputStream): RequestPacket {
  const request = new RequestPacket();
  request.iVersion = is.readInt16(1);
  request.cPacketType = is.readInt8(2);
  request.iMessageType = is.readInt32(3);
  request.iRequestId = is.readInt32(4);
  request.sServantName = is.readName(5);
  request.sFuncName = is.readName(6);
  request.sBuffer = is.readByteVector(7);
  request.iTimeout = is.readInt32(8);
  const context = readTextMap(is, 9, true);
  if (context !== undefined) request.context = context;
  const status = readTextMap(is, 10, true);
  if (status !== undefined) request.status = status;
  return request;
}
