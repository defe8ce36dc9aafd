import { ByteVector } from '../buffer/byte-vector.js';
import { TarsDecodeException } from '../errors/exceptions.js';
import { collectResult, eachResult } from './call-values.js';
import { DecodeBudget, type DecodeLimits } from './decode-budget.js';
import { decodeWhole } from './decode-whole.js';
import { RETURN_NAME } from './function-plan.js';
import type { TarsInputStream } from './input-stream.js';
import type { TarsOutputStream } from './output-stream.js';
import { writtenBytes, writtenVector } from './scratch.js';
import { sortedEntries } from './sorted-entries.js';
import type { TarsFunction } from './tars-function.js';
import type { TarsType } from './tars-type.js';

// TUP: each value is encoded for itself with tag 0, and found by its name. Version 3 has a map of name to bytes; version 2 has
// one map more in between, of the name of the type to the bytes. Source: UniAttribute (servant/tup/tup.h).

/** In version 2 and 3 a map, in version 2 of maps. */
type Version = 2 | 3;
/** The return value has no name in TarsCpp, and this one in the other languages. */
const RETURN_NAMES = ['', RETURN_NAME] as const;

interface Value {
  readonly typeName: string;
  readonly bytes: Uint8Array;
}

export function encodeTupArgs(
  fn: TarsFunction<never, unknown>,
  args: readonly unknown[],
  version: Version,
): ByteVector {
  const values = new Map<string, Value>();
  let next = 0;
  for (const { isOut, name, type } of fn.params) if (!isOut) values.set(name, encodeValue(type, args[next++]));
  return encodeValues(values, version);
}

export function decodeTupArgs(
  fn: TarsFunction<never, unknown>,
  sBuffer: ByteVector,
  version: Version,
  limits: DecodeLimits,
): unknown[] {
  const budget = DecodeBudget.of(limits);
  const values = decodeValues(fn.name, sBuffer, version, budget);
  const args: unknown[] = [];
  for (const { isOut, name, type } of fn.params) {
    if (!isOut) args.push(decodeValue(fn, sBuffer, budget, name, type, values.get(name)));
  }
  return args;
}

export function encodeTupResult(fn: TarsFunction<never, unknown>, result: unknown, version: Version): ByteVector {
  const values = new Map<string, Value>();
  eachResult(fn, result, (value, type, param) => {
    const encoded = encodeValue(type, value);
    for (const name of param === undefined ? RETURN_NAMES : [param.name]) values.set(name, encoded);
  });
  return encodeValues(values, version);
}

export function decodeTupResult(
  fn: TarsFunction<never, unknown>,
  sBuffer: ByteVector,
  version: Version,
  limits: DecodeLimits,
): unknown {
  const budget = DecodeBudget.of(limits);
  const values = decodeValues(fn.name, sBuffer, version, budget);
  return collectResult(fn, (type, param) => {
    if (param !== undefined) return decodeValue(fn, sBuffer, budget, param.name, type, values.get(param.name));
    const [name, otherName] = RETURN_NAMES;
    return decodeValue(fn, sBuffer, budget, otherName, type, values.get(name) ?? values.get(otherName));
  });
}

function encodeValue(type: TarsType<unknown>, value: unknown): Value {
  return { typeName: type.name, bytes: writtenBytes(writeFirst, type, value) };
}

function writeFirst(os: TarsOutputStream, type: TarsType<unknown>, value: unknown): void {
  type.write(os, 0, value);
}

function encodeValues(values: ReadonlyMap<string, Value>, version: Version): ByteVector {
  return writtenVector(writeValues, values, version);
}

function writeValues(os: TarsOutputStream, values: ReadonlyMap<string, Value>, version: Version): void {
  os.writeMapHead(0, values.size);
  for (const [name, { typeName, bytes }] of sortedEntries(values)) {
    os.writeString(0, name);
    if (version === 2) {
      os.writeMapHead(1, 1);
      os.writeString(0, typeName);
    }
    os.writeBytes(1, bytes);
  }
}

function decodeValues(
  func: string,
  sBuffer: ByteVector,
  version: Version,
  budget: DecodeBudget,
): Map<string, ByteVector> {
  return decodeWhole(sBuffer, { typeName: func, fieldNames: { 0: 'values' } }, readValues, version, budget);
}

function readValues(is: TarsInputStream, version: Version): Map<string, ByteVector> {
  const values = new Map<string, ByteVector>();
  for (let left = is.readMapSize(0); left > 0; left--) {
    const name = is.readString(0);
    const bytes = version === 3 ? is.readByteVector(1) : readOnlyType(is);
    if (bytes !== undefined) values.set(name, bytes);
  }
  return values;
}

/** The value of version 2. Languages write the names of types in different ways, and nobody writes more than one: it is not looked at. */
function readOnlyType(is: TarsInputStream): ByteVector | undefined {
  let bytes: ByteVector | undefined;
  for (let left = is.readMapSize(1); left > 0; left--) {
    is.readString(0);
    bytes = is.readByteVector(1);
  }
  return bytes;
}

function decodeValue(
  fn: TarsFunction<never, unknown>,
  sBuffer: ByteVector,
  budget: DecodeBudget,
  name: string,
  type: TarsType<unknown>,
  bytes: ByteVector | undefined,
): unknown {
  if (bytes === undefined) throw new TarsDecodeException(`${fn.name}.${name}: the value is required and not there`);
  const base = bytes.buffer === sBuffer.buffer ? bytes.start - sBuffer.start : 0;
  return decodeWhole(bytes, { typeName: fn.name, fieldNames: { 0: name } }, readFirst, type, budget, base);
}

function readFirst(is: TarsInputStream, type: TarsType<unknown>): unknown {
  return type.read(is, 0);
}
