import { ByteVector } from '../buffer/byte-vector.js';
import { TarsDecodeException } from '../errors/exceptions.js';
import { collectResult, eachResult } from './call-values.js';
import { DecodeBudget, type DecodeLimits } from './decode-budget.js';
import { functionPlanOf, RETURN_NAME } from './function-plan.js';
import { withJsonBudget } from './json-budget.js';
import { makeJsonObject } from './json-faults.js';
import { parseMembers } from './parse-json.js';
import { stringifyTarsJson } from './stringify-json.js';
import type { TarsFunction } from './tars-function.js';
import type { TarsJson } from './tars-json.js';
import type { TarsType } from './tars-type.js';

// Version 5: a JSON object with a member for each value.

export function encodeJsonArgs(fn: TarsFunction<never, unknown>, args: readonly unknown[]): ByteVector {
  const json = makeJsonObject();
  let next = 0;
  for (const { isOut, name, type } of fn.params) if (!isOut) json[name] = type.toJson(args[next++]);
  return new ByteVector(stringifyTarsJson(json));
}

export function decodeJsonArgs(fn: TarsFunction<never, unknown>, sBuffer: ByteVector, limits: DecodeLimits): unknown[] {
  const budget = DecodeBudget.of(limits);
  const { ins, inNames } = functionPlanOf(fn);
  const members = membersOf(fn, sBuffer, inNames, budget);
  return withJsonBudget(budget, () => ins.map(({ name, type }) => valueOf(fn, members, name, type)));
}

export function encodeJsonResult(fn: TarsFunction<never, unknown>, result: unknown): ByteVector {
  const json = makeJsonObject();
  eachResult(fn, result, (value, type, param) => {
    json[param?.name ?? RETURN_NAME] = type.toJson(value);
  });
  return new ByteVector(stringifyTarsJson(json));
}

export function decodeJsonResult(fn: TarsFunction<never, unknown>, sBuffer: ByteVector, limits: DecodeLimits): unknown {
  const budget = DecodeBudget.of(limits);
  const members = membersOf(fn, sBuffer, functionPlanOf(fn).outNames, budget);
  return withJsonBudget(budget, () =>
    collectResult(fn, (type, param) => valueOf(fn, members, param?.name ?? RETURN_NAME, type)),
  );
}

function membersOf(
  fn: TarsFunction<never, unknown>,
  sBuffer: ByteVector,
  wanted: ReadonlySet<string>,
  budget: DecodeBudget,
): { readonly [name: string]: TarsJson } {
  // Some send nothing where there is nothing to say.
  if (sBuffer.empty()) return makeJsonObject();
  return named(fn.name, () => parseMembers(sBuffer.toString(), wanted, budget));
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
    throw new TarsDecodeException(`${name}: ${cause.message}`, { code: cause.code, cause, where: cause.where });
  }
}
