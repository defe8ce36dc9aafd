import type { ByteVector } from '../buffer/byte-vector.js';
import { TarsDecodeException, TarsEncodeException } from '../errors/exceptions.js';
import { ProtocolVersion } from '../message/request-packet.js';
import { decodeJsonArgs, decodeJsonResult, encodeJsonArgs, encodeJsonResult } from './call-json.js';
import { decodeTarsArgs, decodeTarsResult, encodeTarsArgs, encodeTarsResult } from './call-tars.js';
import { decodeTupArgs, decodeTupResult, encodeTupArgs, encodeTupResult } from './call-tup.js';
import { type DecodeLimits, decodeDefaults } from './decode-budget.js';
import type { TarsFunction } from './tars-function.js';

/**
 * The body of a request.
 *
 * @param version `iVersion` of the request: 1 (TARS), 2 or 3 (TUP), 5 (JSON).
 * @throws TarsEncodeException when an argument is not of its type, or the version is not known.
 * Source: the proxies that tars2cpp makes.
 */
export function encodeArgs<Args extends unknown[]>(
  fn: TarsFunction<Args, unknown>,
  args: Args,
  version: number,
): Uint8Array {
  return argsVector(fn, args, version).data();
}

/** As {@link encodeArgs}, without a view. */
export function argsVector<Args extends unknown[]>(
  fn: TarsFunction<Args, unknown>,
  args: Args,
  version: number,
): ByteVector {
  switch (version) {
    case ProtocolVersion.TARSVERSION:
      return encodeTarsArgs(fn, args);
    case 2:
    case ProtocolVersion.TUPVERSION:
      return encodeTupArgs(fn, args, version);
    case ProtocolVersion.JSONVERSION:
      return encodeJsonArgs(fn, args);
    default:
      throw new TarsEncodeException(unknownVersion(fn, version));
  }
}

/**
 * The arguments that a request carries; byte arrays in them are parts of it.
 *
 * @param version `iVersion` of the request.
 * @param limits what decoding may cost; the defaults unless told.
 * @throws TarsDecodeException that says at which byte and value.
 * Source: onDispatch of the servants that tars2cpp makes.
 */
export function decodeArgs<Args extends unknown[]>(
  fn: TarsFunction<Args, unknown>,
  sBuffer: ByteVector,
  version: number,
  limits: DecodeLimits = decodeDefaults,
): Args {
  switch (version) {
    case ProtocolVersion.TARSVERSION:
      return decodeTarsArgs(fn, sBuffer, limits) as Args;
    case 2:
    case ProtocolVersion.TUPVERSION:
      return decodeTupArgs(fn, sBuffer, version, limits) as Args;
    case ProtocolVersion.JSONVERSION:
      return decodeJsonArgs(fn, sBuffer, limits) as Args;
    default:
      throw new TarsDecodeException(unknownVersion(fn, version));
  }
}

/**
 * The body of an answer.
 *
 * @param version `iVersion` of the request that it answers.
 * @throws TarsEncodeException when a value is not of its type, or the version is not known.
 */
export function encodeResult<Result>(fn: TarsFunction<never, Result>, result: Result, version: number): Uint8Array {
  return resultVector(fn, result, version).data();
}

/** As {@link encodeResult}, without a view. */
export function resultVector<Result>(fn: TarsFunction<never, Result>, result: Result, version: number): ByteVector {
  switch (version) {
    case ProtocolVersion.TARSVERSION:
      return encodeTarsResult(fn, result);
    case 2:
    case ProtocolVersion.TUPVERSION:
      return encodeTupResult(fn, result, version);
    case ProtocolVersion.JSONVERSION:
      return encodeJsonResult(fn, result);
    default:
      throw new TarsEncodeException(unknownVersion(fn, version));
  }
}

/**
 * The result that an answer carries; byte arrays in it are parts of it.
 *
 * @param version `iVersion` of the answer.
 * @param limits what decoding may cost; the defaults unless told.
 * @throws TarsDecodeException that says at which byte and value.
 */
export function decodeResult<Result>(
  fn: TarsFunction<never, Result>,
  sBuffer: ByteVector,
  version: number,
  limits: DecodeLimits = decodeDefaults,
): Result {
  switch (version) {
    case ProtocolVersion.TARSVERSION:
      return decodeTarsResult(fn, sBuffer, limits) as Result;
    case 2:
    case ProtocolVersion.TUPVERSION:
      return decodeTupResult(fn, sBuffer, version, limits) as Result;
    case ProtocolVersion.JSONVERSION:
      return decodeJsonResult(fn, sBuffer, limits) as Result;
    default:
      throw new TarsDecodeException(unknownVersion(fn, version));
  }
}

function unknownVersion(fn: TarsFunction<never, unknown>, version: number): string {
  return `${fn.name}: values are carried by the versions 1 (TARS), 2 and 3 (TUP) and 5 (JSON), not by ${version}`;
}
