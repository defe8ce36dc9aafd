import type { ByteVector } from '../buffer/byte-vector.js';
import { TarsDecodeException } from '../errors/exceptions.js';
import type { RequestPacket } from '../message/request-packet.js';
import { ProtocolVersion } from '../message/request-packet.js';
import type { ResponsePacket } from '../message/response-packet.js';
import { type DecodeLimits, decodeDefaults } from './decode-budget.js';
import { decodeWhole } from './decode-whole.js';
import { makeFrame } from './frame.js';
import type { TarsInputStream } from './input-stream.js';
import type { TarsOutputStream } from './output-stream.js';
import { StatusKey } from './status-keys.js';
import { readTextMap, writeTextMap } from './text-map.js';
import { WireType } from './wire-type.js';

const TUP_TWO_LEVELS = 2;
/** Tag of `iRet`; in TUP it has the name of the servant. */
const PLAIN_RESULT = 5;
type Named = Pick<RequestPacket, 'sServantName' | 'sFuncName'>;
const nameless: Named = { sServantName: '', sFuncName: '' };

/**
 * An answer or a push as one packet, its length in front.
 *
 * In TUP (versions 2 and 3) an answer looks like a request, whose names it repeats; `iRet` and `sResultDesc` travel in its status.
 *
 * @param request that it answers; needed in TUP only.
 * @throws TarsEncodeException when a field does not fit its type.
 * Source: ResponsePacket (servant/protocol/tup/RequestF.tars), Current::sendResponse.
 */
export function encodeResponse(response: ResponsePacket, request?: Named): ByteVector {
  const { iVersion } = response;
  if (isTup(iVersion)) return encodeTup(response, request ?? nameless);
  return makeFrame(writeResponse, response, undefined, undefined);
}

function writeResponse(os: TarsOutputStream, response: ResponsePacket): void {
  os.writeInt16(1, response.iVersion);
  os.writeInt8(2, response.cPacketType);
  os.writeInt32(3, response.iRequestId);
  os.writeInt32(4, response.iMessageType);
  os.writeInt32(5, response.iRet);
  os.writeBytes(6, response.sBuffer);
  writeTextMap(os, 7, response.status);
  if (response.sResultDesc !== '') os.writeString(8, response.sResultDesc);
  if (response.context.size > 0) writeTextMap(os, 9, response.context);
}

function encodeTup(response: ResponsePacket, request: Named): ByteVector {
  const { iRet, sResultDesc } = response;
  let { status } = response;
  if (iRet !== 0 || sResultDesc !== '') {
    status = new Map(status);
    if (iRet !== 0) status.set(StatusKey.RESULT_CODE, String(iRet));
    if (sResultDesc !== '') status.set(StatusKey.RESULT_DESC, sResultDesc);
  }
  return makeFrame(writeTup, response, request, status);
}

function writeTup(
  os: TarsOutputStream,
  response: ResponsePacket,
  { sServantName, sFuncName }: Named,
  status: ReadonlyMap<string, string>,
): void {
  os.writeInt16(1, response.iVersion);
  os.writeInt8(2, response.cPacketType);
  os.writeInt32(3, response.iMessageType);
  os.writeInt32(4, response.iRequestId);
  os.writeString(5, sServantName);
  os.writeString(6, sFuncName);
  os.writeBytes(7, response.sBuffer);
  os.writeInt32(8, 0);
  writeTextMap(os, 9, response.context);
  writeTextMap(os, 10, status);
}

const names = {
  typeName: 'ResponsePacket',
  fieldNames: {
    1: 'iVersion',
    2: 'cPacketType',
    3: 'iRequestId',
    4: 'iMessageType',
    5: 'iRet',
    6: 'sBuffer',
    7: 'status',
    8: 'sResultDesc',
    9: 'context',
  },
};

/**
 * Fills an answer with what a packet carries.
 *
 * @param packet without the length. It is not copied: `sBuffer` is a part of it.
 * @param response a new one.
 * @param limits what decoding may cost; the defaults unless told.
 * @throws TarsDecodeException when a field is missing or of another type, or the version has no answers.
 */
export function decodeResponse(
  packet: ByteVector,
  response: ResponsePacket,
  limits: DecodeLimits = decodeDefaults,
): void {
  decodeWhole(packet, names, readResponse, response, limits);
}

function readResponse(is: TarsInputStream, response: ResponsePacket): void {
  const iVersion = is.readInt16(1);
  response.iVersion = iVersion;
  response.cPacketType = is.readInt8(2);
  if (isTup(iVersion) && !isPlain(is)) {
    decodeTup(is, response);
    return;
  }
  response.iRequestId = is.readInt32(3);
  // TarsGo leaves the version of its pushes at 0.
  const isKnown =
    isTup(iVersion) ||
    iVersion === ProtocolVersion.TARSVERSION ||
    iVersion === ProtocolVersion.JSONVERSION ||
    (iVersion === ProtocolVersion.CUSTOM && response.iRequestId === 0);
  if (!isKnown) throw unknownVersion(iVersion);
  response.iMessageType = is.readInt32(4);
  response.iRet = is.readInt32(5);
  response.sBuffer = is.readByteVector(6);
  const status = readTextMap(is, 7, true);
  if (status !== undefined) response.status = status;
  response.sResultDesc = is.readString(8, '');
  const context = readTextMap(is, 9, false);
  if (context !== undefined) response.context = context;
}

function decodeTup(is: TarsInputStream, response: ResponsePacket): void {
  response.iMessageType = is.readInt32(3);
  response.iRequestId = is.readInt32(4);
  response.sBuffer = is.readByteVector(7);
  const context = readTextMap(is, 9, true);
  if (context !== undefined) response.context = context;
  const status = readTextMap(is, 10, true);
  if (status === undefined) return;
  response.status = status;
  response.iRet = resultCode(status.get(StatusKey.RESULT_CODE));
  response.sResultDesc = status.get(StatusKey.RESULT_DESC) ?? '';
}

function resultCode(text: string | undefined): number {
  if (text === undefined) return 0;
  const code = Number(text);
  if (text !== '' && (code | 0) === code) return code;
  throw new TarsDecodeException(
    `the status of an answer has ${StatusKey.RESULT_CODE} '${text.slice(0, 40)}', which is no int`,
  );
}

/** TarsCpp knows version 3 only: requests in version 2 it answers in the form of TARS, with the version of the request. */
function isPlain(is: TarsInputStream): boolean {
  const type = is.typeOf(PLAIN_RESULT);
  return type === WireType.ZERO || (type >= 0 && type <= WireType.INT4);
}

function isTup(iVersion: number): boolean {
  return iVersion === ProtocolVersion.TUPVERSION || iVersion === TUP_TWO_LEVELS;
}

function unknownVersion(iVersion: number): TarsDecodeException {
  return new TarsDecodeException(
    `an answer has iVersion ${iVersion}; 1 (TARS), 2 and 3 (TUP) and 5 (JSON) are known: look whether the peer speaks TARS`,
  );
}
