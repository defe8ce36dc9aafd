import { compareScalars, compareSequences, compareTexts } from './compare.js';
import { Weight } from './decode-budget.js';
import { chargeJson } from './json-budget.js';
import { jsonMismatch } from './json-faults.js';
import type { TarsJson } from './tars-json.js';
import type { TarsType } from './tars-type.js';

/** `bool`. */
export const boolType: TarsType<boolean> = {
  name: 'bool',
  idl: 'bool',
  initial: () => false,
  isOmitted: () => false,
  write: (os, tag, value) => os.writeBoolean(tag, value),
  read: (is, tag, otherwise) => is.readBoolean(tag, otherwise),
  toJson: (value) => value,
  fromJson: (json) => {
    if (typeof json === 'boolean') return json;
    throw jsonMismatch(json, 'a bool');
  },
  compare: compareScalars,
};

/** `float`: what is written is rounded to 32 bits. */
export const floatType: TarsType<number> = {
  name: 'float',
  idl: 'float',
  initial: () => 0,
  isOmitted: (value, byDefault) => value === byDefault,
  write: (os, tag, value) => os.writeFloat(tag, value),
  read: (is, tag, otherwise) => is.readFloat(tag, otherwise),
  toJson: (value) => value,
  fromJson: (json) => floating(json, 'a float'),
  compare: compareScalars,
};

/** `double`. */
export const doubleType: TarsType<number> = {
  name: 'double',
  idl: 'double',
  initial: () => 0,
  isOmitted: (value, byDefault) => value === byDefault,
  write: (os, tag, value) => os.writeDouble(tag, value),
  read: (is, tag, otherwise) => is.readDouble(tag, otherwise),
  toJson: (value) => value,
  fromJson: (json) => floating(json, 'a double'),
  compare: compareScalars,
};

/** JSON has no word for what is no number: `null` is written for it. */
function floating(json: TarsJson, wanted: string): number {
  if (typeof json === 'number') return json;
  if (typeof json === 'bigint') return Number(json);
  if (json === null) return Number.NaN;
  throw jsonMismatch(json, wanted);
}

/** `string`, of UTF-8 bytes. */
export const stringType: TarsType<string> = {
  name: 'string',
  idl: 'string',
  initial: () => '',
  isOmitted: (value, byDefault) => value === byDefault,
  write: (os, tag, value) => os.writeString(tag, value),
  read: (is, tag, otherwise) => is.readString(tag, otherwise),
  toJson: (value) => value,
  fromJson: (json) => {
    if (typeof json === 'string') return json;
    throw jsonMismatch(json, 'a string');
  },
  compare: compareTexts,
};

/** `vector<byte>`. What is read is a part of the packet, not a copy. In JSON it is an array of -128 to 127. */
export const bytesType: TarsType<Uint8Array> = {
  name: 'list<char>',
  idl: 'vector<byte>',
  // Made by its length, it takes much longer (Node 20.20).
  initial: () => new Uint8Array([]),
  isOmitted: (value) => value.length === 0,
  write: (os, tag, value) => os.writeBytes(tag, value),
  read: (is, tag, otherwise) => is.readBytes(tag, otherwise),
  toJson: (value) => Array.from(value, (byte) => (byte << 24) >> 24),
  fromJson: (json) => {
    if (!Array.isArray(json)) throw jsonMismatch(json, 'an array of bytes');
    chargeJson(Weight.EMPTY_BYTES);
    return Uint8Array.from(json, byteOf);
  },
  // A char is signed in C++.
  compare: (a, b) => compareSequences(a, b, (x, y) => ((x << 24) >> 24) - ((y << 24) >> 24)),
};

/** Some write bytes as 0 to 255. */
function byteOf(json: TarsJson): number {
  if (typeof json === 'number' && Number.isInteger(json) && json >= -128 && json <= 255) return json;
  throw jsonMismatch(json, 'a byte');
}
