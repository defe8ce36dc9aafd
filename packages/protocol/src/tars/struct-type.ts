import type { StructReader } from './input-stream.js';
import type { StructWriter } from './output-stream.js';
import type { TarsJson } from './tars-json.js';

/**
 * How a struct of an IDL travels. A generated class is one by its static members; for plain types a constant of the same name is.
 *
 * Source: writeTo, readFrom, writeToJson, readFromJson of the classes that tars2cpp makes.
 */
export interface TarsStructType<T> extends StructReader<T>, StructWriter<T> {
  /** One with its defaults, and what is given. */
  create(init?: Partial<T>): T;
  /** For callers that speak JSON (version 5); 64-bit integers are `bigint` in it. */
  toJson(value: T): TarsJson;
  /** Takes what {@link parseTarsJson} gives. @throws TarsDecodeException */
  fromJson(json: TarsJson): T;
  /** Order of structs that are keys of a map (`key[…]`): negative, 0 or positive. */
  compare?(a: T, b: T): number;
}
