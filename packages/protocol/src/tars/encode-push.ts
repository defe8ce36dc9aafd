import type { ByteVector } from '../buffer/byte-vector.js';
import { ProtocolVersion } from '../message/request-packet.js';
import { ResponsePacket } from '../message/response-packet.js';
import { resultVector } from './call-codec.js';
import { encodeResponse } from './response-codec.js';
import { StatusKey } from './status-keys.js';
import type { TarsFunction } from './tars-function.js';

/** What a push may carry besides its values. */
export interface PushOptions {
  /** 0 unless told. */
  readonly iRet?: number;
  /** Data of the application; none unless told. */
  readonly context?: ReadonlyMap<string, string>;
}

/**
 * A push of the values of a function, as a whole packet: clients call their callback of that function with them.
 *
 * @throws TarsEncodeException when a value is not of its type.
 * Source: async_response_push_… of the servants that tars2cpp makes, Current::sendPushResponse.
 */
export function encodePush<Result>(
  fn: TarsFunction<never, Result>,
  result: Result,
  options: PushOptions = {},
): ByteVector {
  const response = new ResponsePacket();
  response.iVersion = ProtocolVersion.TARSVERSION;
  response.iRet = options.iRet ?? 0;
  response.sBuffer = resultVector(fn, result, ProtocolVersion.TARSVERSION);
  response.status = new Map([[StatusKey.TARS_FUNC, fn.name]]);
  if (options.context !== undefined) response.context = new Map(options.context);
  return encodeResponse(response);
}
