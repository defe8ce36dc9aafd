import type { Bytes } from '../buffer/byte-vector.js';
import { type DecodeLimits, decodeDefaults } from './decode-budget.js';
import { decodeWhole } from './decode-whole.js';
import type { TarsInputStream } from './input-stream.js';
import type { TarsOutputStream } from './output-stream.js';
import { writtenBytes } from './scratch.js';
import type { TarsStructType } from './struct-type.js';

/**
 * The bytes of the fields of a struct. Up to 4 KiB are a part of a block that others share, as with `Buffer.allocUnsafe`: copy them before
 * their `buffer` is transferred.
 *
 * @throws TarsEncodeException when a value is not of the type of its field.
 */
export function encodeStruct<T>(type: TarsStructType<T>, value: T): Uint8Array {
  return writtenBytes(writeFields<T>, type, value);
}

function writeFields<T>(os: TarsOutputStream, type: TarsStructType<T>, value: T): void {
  type.write(os, value);
}

/**
 * The struct that its fields' bytes stand for; byte arrays in it are parts of `bytes`.
 *
 * @param limits what decoding may cost; the defaults unless told.
 * @throws TarsDecodeException that says at which byte and field.
 */
export function decodeStruct<T>(type: TarsStructType<T>, bytes: Bytes, limits: DecodeLimits = decodeDefaults): T {
  return decodeWhole(bytes, type, readFields<T>, type, limits);
}

function readFields<T>(is: TarsInputStream, type: TarsStructType<T>): T {
  return type.read(is);
}
