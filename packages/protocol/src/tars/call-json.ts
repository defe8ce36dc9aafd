import { ByteVector } from '../buffer/byte-vector.js';
import { TarsDecodeException } from '../errors/exceptions.js';
import { collectResult, eachResult } from './call-values.js';
import { jsonMembers, makeJsonObject } from './json-faults.js';
import { parseTarsJson } from './parse-json.js';
import { stringifyTarsJson } from './stringify-json.js';
import type { TarsFunction } from './tars-function.js';
import type { TarsJson } from './tars-json.js';
import type { TarsType } from './tars-type.js';

// Version 5: a JSON object with a member for each value.

const RETURN_NAME = 'tars_ret';

export function encodeJsonArgs(fn: TarsFunction<never, unknown>, args: readonly unknown[]): ByteVector {
  const json = makeJsonObject();
  let next = 0;
  for (const { isOut, name, type } of fn.params) if (!isOut) json[name] = type.toJson(args[next++]);
  return new ByteVector(stringifyTarsJson(json));
}

export function decodeJsonArgs(fn: TarsFunction<never, unknown>, sBuffer: ByteVector): unknown[] {
  const members = membersOf(fn, sBuffer);
  const args: unknown[] = [];
  for (const { isOut, name, type } of fn.params) if (!isOut) args.push(valueOf(fn, members, name, type));
  return args;
}

export function encodeJsonResult(fn: TarsFunction<never, unknown>, result: unknown): ByteVector {
  const json = makeJsonObject();
  eachResult(fn, result, (value, type, param) => {
    json[param?.name ?? RETURN_NAME] = type.toJson(value);
  });
  return new ByteVector(stringifyTarsJson(json));
}

export function decodeJsonResult(fn: TarsFunction<never, unknown>, sBuffer: ByteVector): unknown {
  const members = membersOf(fn, sBuffer);
  return collectResult(fn, (type, param) => valueOf(fn, members, param?.name ?? RETURN_NAME, type));
}

function membersOf(fn: TarsFunction<never, unknown>, sBuffer: ByteVector): { readonly [name: string]: TarsJson } {
  // Some send nothing where there is nothing to say.
  if (sBuffer.empty()) return makeJsonObject();
  return named(fn.name, () => jsonMembers(parseTarsJson(sBuffer.toString()), 'an object of the values'));
}

function valueOf(
  fn: TarsFunction<never, unknown>,
  members: { readonly [name: string]: TarsJson },
  name: string,
  type: TarsType<unknown>,
): unknown {
  const json = members[name];
  if (json === undefined) throw new TarsDecodeException(`${fn.name}.${name}: the value is required and not there`);
  return named(`${fn.name}.${name}`, () => type.fromJson(json));
}

function named<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof TarsDecodeException)) throw cause;
    throw new TarsDecodeException(`${name}: ${cause.message}`, { cause, where: cause.where });
  }
}
