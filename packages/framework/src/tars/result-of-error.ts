import { errorCodes, ResultCode, TarsDecodeException, TarsEncodeException, TarsException } from '@tarsier/protocol';

/** Of the codec itself: an answer that this server has asked for and cannot decode has another. */
const decodeCodes: ReadonlySet<string> = new Set(['TARSIER_PACKET_INVALID', 'TARSIER_DECODE_LIMIT']);
/** C++ clients take a smaller result for a broken packet, and drop the connection. */
const MIN_RESULT = -99;

/**
 * The `iRet` that the caller of a handler gets for what it threw.
 *
 * - The codec's own exceptions are -1 and -2, as in C++.
 * - An application's own result, above 0, is kept.
 * - One of TARS is kept when it was given to the exception (`new TarsException(text, { iRet: -5 })`). What belongs to the class or the
 *   code is about a call that this server has made: that it ran into its timeout (-7) says nothing about the call to this server.
 * - Everything else is -99.
 *
 * Source: ServantHandle::handleTarsProtocol (servant/libservant/ServantHandle.cpp).
 */
export function resultOfError(error: unknown): number {
  if (!TarsException.is(error)) return ResultCode.TARSSERVERUNKNOWNERR;
  const { iRet, code } = error;
  if (error instanceof TarsDecodeException && decodeCodes.has(code)) return ResultCode.TARSSERVERDECODEERR;
  if (error instanceof TarsEncodeException) return ResultCode.TARSSERVERENCODEERR;
  return hasOwnResult(error) ? iRet : ResultCode.TARSSERVERUNKNOWNERR;
}

/** Whether an exception was given a result that a caller can be answered. */
export function hasOwnResult({ iRet, code }: TarsException): boolean {
  const isInt = (iRet | 0) === iRet;
  return isInt && (iRet > 0 || (iRet >= MIN_RESULT && iRet < 0 && iRet !== errorCodes[code].iRet));
}

/** The text of whatever was thrown, also of what cannot be made a text. Callers get it with `exceptiontexts` only. */
export function descriptionOfError(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error);
  } catch {
    return 'the handler failed';
  }
}
