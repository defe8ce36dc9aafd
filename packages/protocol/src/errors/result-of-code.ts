import type { ErrorCode, errorCodes } from './error-codes.js';

type Table = typeof errorCodes;

/** The codes that a call can end with, and the result code of each, as the table has them: the compiler compares. */
type Results = {
  readonly [Code in ErrorCode as Table[Code]['iRet'] extends 0 ? never : Code]: Table[Code]['iRet'];
};

/**
 * What exceptions have to know of the table at run time. The table itself, with its sentences, is then left out of the bundle of a web
 * page that does not look at it.
 */
const results: Results = {
  TARSIER_SERVER_DECODE: -1,
  TARSIER_SERVER_ENCODE: -2,
  TARSIER_NO_FUNC: -3,
  TARSIER_NO_SERVANT: -4,
  TARSIER_QUEUE_TIMEOUT: -6,
  TARSIER_CALL_TIMEOUT: -7,
  TARSIER_CONNECT_FAILED: -8,
  TARSIER_CONNECTION_LOST: -8,
  TARSIER_OVERLOADED: -9,
  TARSIER_NO_ENDPOINT: -10,
  TARSIER_CLIENT_DECODE: -12,
  TARSIER_PACKET_TOO_LARGE: -12,
  TARSIER_PACKET_INVALID: -12,
  TARSIER_DECODE_LIMIT: -12,
  TARSIER_ENCODE: -13,
  TARSIER_SEND_FAILED: -13,
  TARSIER_CLIENT_QUEUE_FULL: -13,
  TARSIER_NO_REQUEST_ID: -13,
  TARSIER_ABORTED: -99,
  TARSIER_CLOSED: -99,
  TARSIER_SERVER_UNKNOWN: -99,
  TARSIER_DUPLICATE_REQUEST_ID: -99,
  TARSIER_INVALID_ARGUMENT: -99,
  TARSIER_SESSION_REFUSED: -99,
  TARSIER_PUSH_LIMIT: -99,
  TARSIER_PUSH_LATER: -99,
  TARSIER_CREDENTIALS: -99,
};

/** The result code of an error code; 0 for those that no call can end with. */
export function resultOfCode(code: ErrorCode): number {
  return (results as Readonly<Partial<Record<ErrorCode, number>>>)[code] ?? 0;
}
