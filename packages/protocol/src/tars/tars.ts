import { listType, mapType, structType } from './container-types.js';
import {
  byteType,
  enumType,
  intType,
  longType,
  safeLongType,
  shortType,
  unsignedByteType,
  unsignedIntType,
  unsignedShortType,
} from './integer-types.js';
import { boolType, bytesType, doubleType, floatType, stringType } from './simple-types.js';
import type { TarsStructType } from './struct-type.js';
import type { TarsType } from './tars-type.js';

/** The types of an IDL by their names there, as `tars.map(tars.string, tars.list(tars.int))`. */
export const tars: {
  readonly bool: TarsType<boolean>;
  readonly byte: TarsType<number>;
  readonly short: TarsType<number>;
  readonly int: TarsType<number>;
  readonly long: TarsType<bigint>;
  /** A `long` as a number: no more than 2^53 - 1 either way. */
  readonly safeLong: TarsType<number>;
  readonly unsignedByte: TarsType<number>;
  readonly unsignedShort: TarsType<number>;
  readonly unsignedInt: TarsType<number>;
  readonly float: TarsType<number>;
  readonly double: TarsType<number>;
  readonly string: TarsType<string>;
  readonly bytes: TarsType<Uint8Array>;
  readonly list: <T>(element: TarsType<T>) => TarsType<T[]>;
  readonly map: <K, V>(key: TarsType<K>, value: TarsType<V>) => TarsType<Map<K, V>>;
  readonly struct: <T>(type: TarsStructType<T>) => TarsType<T>;
  readonly enum: <T extends number = number>(name: string) => TarsType<T>;
  /** What a function returns that returns nothing. */
  readonly void_: undefined;
} = {
  bool: boolType,
  byte: byteType,
  short: shortType,
  int: intType,
  long: longType,
  safeLong: safeLongType,
  unsignedByte: unsignedByteType,
  unsignedShort: unsignedShortType,
  unsignedInt: unsignedIntType,
  float: floatType,
  double: doubleType,
  string: stringType,
  bytes: bytesType,
  list: listType,
  map: mapType,
  struct: structType,
  enum: enumType,
  void_: undefined,
};
