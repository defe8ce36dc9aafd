import type { TarsInputStream } from './input-stream.js';
import type { TarsOutputStream } from './output-stream.js';
import type { TarsJson } from './tars-json.js';

/** A type of an IDL as a value: what parameters, containers and structs written by hand are made of. */
export interface TarsType<T> {
  /** Name in TUP version 2 and in messages, as `list<int32>`. */
  readonly name: string;
  /** As it is written in an IDL, as `vector<int>`. */
  readonly idl: string;
  /** The value of a field that was not sent. */
  initial(): T;
  /**
   * Whether an optional field with this value is left out.
   *
   * @param byDefault what a reader takes when the field is absent.
   * Source: writeTo of the classes that tars2cpp makes, which always writes a bool, an enum and a struct.
   */
  isOmitted(value: T, byDefault: T): boolean;
  /** @throws TarsEncodeException when the value is not of the type. */
  write(os: TarsOutputStream, tag: number, value: T): void;
  /**
   * @param otherwise for an absent field; it is required when this is not given.
   * @throws TarsDecodeException
   */
  read(is: TarsInputStream, tag: number, otherwise?: T): T;
  toJson(value: T): TarsJson;
  /** @throws TarsDecodeException when the value is not of the type. */
  fromJson(json: TarsJson): T;
  /** The order of keys in a `std::map`: negative, 0 or positive. */
  compare(a: T, b: T): number;
}
