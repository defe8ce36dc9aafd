import {
  type DecodeLimits,
  decodeResult,
  type ResponsePacket,
  TarsDecodeException,
  type TarsFunction,
  type Where,
} from '@tarsier/protocol';
import { causeText } from '../connection/connection-end.js';

/**
 * The result that an answer or a push carries.
 *
 * @param object that was called, for the message.
 * @param limits what decoding may cost.
 * @param where what else the exception is to tell.
 * @throws TarsDecodeException `TARSIER_CLIENT_DECODE` (-12).
 */
export function resultOf<Result>(
  fn: TarsFunction<never, Result>,
  response: ResponsePacket,
  object: string,
  limits: DecodeLimits,
  where: Where = {},
): Result {
  try {
    return decodeResult(fn, response.sBuffer, response.iVersion, limits);
  } catch (cause) {
    const what = response.iRequestId === 0 ? 'was pushed' : 'was answered';
    const id = response.iRequestId === 0 ? '' : `request ${response.iRequestId}, `;
    throw new TarsDecodeException(
      `${object}::${fn.name} ${what} with what is no result of it: ${causeText(cause)} (${id}version ${response.iVersion}); look whether both sides are made from the same .tars file`,
      {
        code: 'TARSIER_CLIENT_DECODE',
        cause,
        where: { ...where, object, func: fn.name, requestId: response.iRequestId },
      },
    );
  }
}

/** The values of a result in the order of an IDL: the return value, unless it is void, then the out parameters. */
export function valuesOf(fn: TarsFunction<never, unknown>, result: unknown): unknown[] {
  const outs = fn.params.filter(({ isOut }) => isOut);
  const values = outs.length === 0 ? { _ret: result } : (result as Readonly<Record<string, unknown>>);
  return [...(fn.result === undefined ? [] : [values['_ret']]), ...outs.map(({ name }) => values[name])];
}
