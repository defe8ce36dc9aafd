import {
  type Bytes,
  ByteVector,
  encodeResponse,
  ProtocolVersion,
  type RequestPacket,
  ResponsePacket,
} from '@tarsier/protocol';
import type { ResponseOptions } from '../response-options.js';

const nothing: ReadonlyMap<string, string> = new Map();
const noBody = new ByteVector();
/** The body of an answer in TUP that carries nothing: an empty map. TarsCpp means to send it, and does not. */
const emptyTup = new ByteVector(Uint8Array.of(0x08, 0x0c));
const TUP_TWO_LEVELS = 2;
/** One for all: it is filled, encoded and emptied before anything else can run. */
const answer = new ResponsePacket();

/**
 * The packet that answers a request: id, version and message type are those of the request.
 *
 * @throws TarsEncodeException when `iRet` is no int, or the packet would be larger than 100 MiB.
 * Source: Current::sendResponse (servant/libservant/Current.cpp).
 */
export function encodeAnswer(
  request: RequestPacket,
  iRet: number,
  body: Bytes,
  { status = nothing, description = '', context = nothing }: ResponseOptions,
): ByteVector {
  answer.iVersion = request.iVersion;
  answer.iRequestId = request.iRequestId;
  answer.iMessageType = request.iMessageType;
  const isTup = request.iVersion === ProtocolVersion.TUPVERSION || request.iVersion === TUP_TWO_LEVELS;
  return encode(iRet, isTup && body.length === 0 ? emptyTup : body, status, description, context, request);
}

/**
 * The packet of a push: an answer to request 0, whose status names the function.
 *
 * @throws TarsEncodeException as {@link encodeAnswer}.
 * Source: Current::sendPushResponse.
 */
export function encodePushAnswer(
  iRet: number,
  body: Bytes,
  status: ReadonlyMap<string, string>,
  context: ReadonlyMap<string, string> = nothing,
): ByteVector {
  answer.iVersion = ProtocolVersion.TARSVERSION;
  answer.iRequestId = 0;
  answer.iMessageType = 0;
  return encode(iRet, body, status, '', context, undefined);
}

function encode(
  iRet: number,
  body: Bytes,
  status: ReadonlyMap<string, string>,
  description: string,
  context: ReadonlyMap<string, string>,
  request: RequestPacket | undefined,
): ByteVector {
  answer.iRet = iRet;
  answer.sBuffer = body;
  answer.sResultDesc = description;
  // The encoder only reads them.
  answer.status = status as Map<string, string>;
  answer.context = context as Map<string, string>;
  try {
    return encodeResponse(answer, request);
  } finally {
    answer.sBuffer = noBody;
    answer.status = nothing as Map<string, string>;
    answer.context = nothing as Map<string, string>;
  }
}
