import { compareScalars } from './compare.js';
import type { TarsInputStream } from './input-stream.js';
import { jsonMismatch } from './json-faults.js';
import type { TarsOutputStream } from './output-stream.js';
import type { TarsJson } from './tars-json.js';
import type { TarsType } from './tars-type.js';

interface IntegerParts {
  /** In TUP version 2, where an unsigned integer is the next wider one. */
  readonly name: string;
  readonly idl: string;
  readonly min: number;
  readonly max: number;
  readonly write: (os: TarsOutputStream, tag: number, value: number) => void;
  readonly read: (is: TarsInputStream, tag: number, otherwise?: number) => number;
}

function integer(parts: IntegerParts): TarsType<number> {
  const { name, idl, min, max, write, read } = parts;
  return {
    name,
    idl,
    initial: () => 0,
    isOmitted: (value, byDefault) => value === byDefault,
    write,
    read,
    toJson: (value) => value,
    fromJson: (json) => integerOf(json, idl, min, max),
    compare: compareScalars,
  };
}

/** Without a sign of zero. */
function integerOf(json: TarsJson, idl: string, min: number, max: number): number {
  if (typeof json === 'number' && Number.isInteger(json) && json >= min && json <= max) return json + 0;
  throw jsonMismatch(json, `a value of type ${idl}`);
}

/** `byte`: -128 to 127. */
export const byteType: TarsType<number> = integer({
  name: 'char',
  idl: 'byte',
  min: -0x80,
  max: 0x7f,
  write: (os, tag, value) => os.writeInt8(tag, value),
  read: (is, tag, otherwise) => is.readInt8(tag, otherwise),
});

/** `short`: 16 bits, signed. */
export const shortType: TarsType<number> = integer({
  name: 'short',
  idl: 'short',
  min: -0x8000,
  max: 0x7fff,
  write: (os, tag, value) => os.writeInt16(tag, value),
  read: (is, tag, otherwise) => is.readInt16(tag, otherwise),
});

/** `int`: 32 bits, signed. */
export const intType: TarsType<number> = integer({
  name: 'int32',
  idl: 'int',
  min: -0x8000_0000,
  max: 0x7fff_ffff,
  write: (os, tag, value) => os.writeInt32(tag, value),
  read: (is, tag, otherwise) => is.readInt32(tag, otherwise),
});

/** `unsigned byte`: 0 to 255. */
export const unsignedByteType: TarsType<number> = integer({
  name: 'short',
  idl: 'unsigned byte',
  min: 0,
  max: 0xff,
  write: (os, tag, value) => os.writeUInt8(tag, value),
  read: (is, tag, otherwise) => is.readUInt8(tag, otherwise),
});

/** `unsigned short`: 0 to 65535. */
export const unsignedShortType: TarsType<number> = integer({
  name: 'int32',
  idl: 'unsigned short',
  min: 0,
  max: 0xffff,
  write: (os, tag, value) => os.writeUInt16(tag, value),
  read: (is, tag, otherwise) => is.readUInt16(tag, otherwise),
});

/** `unsigned int`: 0 to 2^32 - 1. */
export const unsignedIntType: TarsType<number> = integer({
  name: 'int64',
  idl: 'unsigned int',
  min: 0,
  max: 0xffff_ffff,
  write: (os, tag, value) => os.writeUInt32(tag, value),
  read: (is, tag, otherwise) => is.readUInt32(tag, otherwise),
});

/** `long` as a number: -(2^53 - 1) to 2^53 - 1. */
export const safeLongType: TarsType<number> = integer({
  name: 'int64',
  idl: 'long',
  min: Number.MIN_SAFE_INTEGER,
  max: Number.MAX_SAFE_INTEGER,
  write: (os, tag, value) => os.writeLong(tag, value),
  read: (is, tag, otherwise) => is.readLong(tag, otherwise),
});

/** `long`: 64 bits, signed. */
export const longType: TarsType<bigint> = {
  name: 'int64',
  idl: 'long',
  initial: () => 0n,
  isOmitted: (value, byDefault) => value === byDefault,
  write: (os, tag, value) => os.writeInt64(tag, value),
  read: (is, tag, otherwise) => is.readInt64(tag, otherwise),
  toJson: (value) => value,
  fromJson: (json) => {
    if (typeof json === 'bigint' && BigInt.asIntN(64, json) === json) return json;
    if (typeof json === 'number' && Number.isSafeInteger(json)) return BigInt(json);
    throw jsonMismatch(json, 'a value of type long');
  },
  compare: compareScalars,
};

/**
 * An enum: an `int` on the wire, which an older reader may not know the name of.
 *
 * @param name full name, as `vec.Color`.
 */
export function enumType<T extends number = number>(name: string): TarsType<T> {
  return {
    name: 'int32',
    idl: name.replaceAll('.', '::'),
    initial: () => 0 as T,
    isOmitted: () => false,
    write: (os, tag, value) => os.writeInt32(tag, value),
    read: (is, tag, otherwise) => is.readInt32(tag, otherwise) as T,
    toJson: (value) => value,
    fromJson: (json) => intType.fromJson(json) as T,
    compare: compareScalars,
  };
}
