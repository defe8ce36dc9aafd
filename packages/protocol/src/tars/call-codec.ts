import type { ByteVector } from '../buffer/byte-vector.js';
import { TarsDecodeException, TarsEncodeException } from '../errors/exceptions.js';
import { ProtocolVersion } from '../message/request-packet.js';
import { collectResult, eachResult } from './call-values.js';
import { TarsInputStream } from './input-stream.js';
import { withScratch } from './scratch.js';
import type { TarsFunction } from './tars-function.js';
import type { TarsType } from './tars-type.js';

/**
 * The body of a request.
 *
 * @param version 1: fields by position.
 * @throws TarsEncodeException when an argument is not of its type.
 */
export function encodeArgs<Args extends unknown[]>(
  fn: TarsFunction<Args, unknown>,
  args: Args,
  version: number,
): Uint8Array {
  if (version !== ProtocolVersion.TARSVERSION) throw new TarsEncodeException(`version ${version} is not known`);
  return withScratch((os) => {
    let next = 0;
    for (const param of fn.params) if (!param.isOut) param.type.write(os, param.tag, args[next++]);
  });
}

/** The arguments that a request carries. @throws TarsDecodeException */
export function decodeArgs<Args extends unknown[]>(
  fn: TarsFunction<Args, unknown>,
  sBuffer: ByteVector,
  version: number,
): Args {
  if (version !== ProtocolVersion.TARSVERSION) throw new TarsDecodeException(`version ${version} is not known`);
  const is = new TarsInputStream(sBuffer);
  const args: unknown[] = [];
  for (const param of fn.params) if (!param.isOut) args.push(param.type.read(is, param.tag));
  return args as Args;
}

/** The body of an answer. @throws TarsEncodeException when a value is not of its type. */
export function encodeResult<Result>(fn: TarsFunction<never, Result>, result: Result, version: number): Uint8Array {
  if (version !== ProtocolVersion.TARSVERSION) throw new TarsEncodeException(`version ${version} is not known`);
  return withScratch((os) => {
    eachResult(fn, result, (value, param) => {
      if (param === undefined) (fn.result as TarsType<unknown>).write(os, 0, value);
      else param.type.write(os, param.tag, value);
    });
  });
}

/** The result that an answer carries. @throws TarsDecodeException */
export function decodeResult<Result>(fn: TarsFunction<never, Result>, sBuffer: ByteVector, version: number): Result {
  if (version !== ProtocolVersion.TARSVERSION) throw new TarsDecodeException(`version ${version} is not known`);
  const is = new TarsInputStream(sBuffer);
  return collectResult(fn, (param) =>
    param === undefined ? (fn.result as TarsType<unknown>).read(is, 0) : param.type.read(is, param.tag),
  );
}
