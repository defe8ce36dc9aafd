import type { TarsInputStream } from './input-stream.js';
import type { TarsOutputStream } from './output-stream.js';
import type { TarsJson } from './tars-json.js';

/**
 * How a struct of an IDL travels. A generated class is one by its static members; for plain types a constant of the same name is.
 *
 * Source: writeTo, readFrom, writeToJson, readFromJson of the classes that tars2cpp makes.
 */
export interface TarsStructType<T> {
  /** Full name, as `vec.Point`. */
  readonly typeName: string;
  /** Names of the fields by their tags, for messages. */
  readonly fieldNames: Readonly<Record<number, string>>;
  /** One with its defaults, and what is given. */
  create(init?: Partial<T>): T;
  /** Writes the fields alone, in ascending order of their tags. */
  write(os: TarsOutputStream, value: T): void;
  /** Reads the fields alone. @throws TarsDecodeException */
  read(is: TarsInputStream): T;
  /** For callers that speak JSON (version 5); 64-bit integers are `bigint` in it. */
  toJson(value: T): TarsJson;
  /** Takes what {@link parseTarsJson} gives. @throws TarsDecodeException */
  fromJson(json: TarsJson): T;
  /** Order of structs that are keys of a map (`key[…]`): negative, 0 or positive. */
  compare?(a: T, b: T): number;
}
