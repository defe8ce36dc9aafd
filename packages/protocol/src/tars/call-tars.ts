import type { ByteVector } from '../buffer/byte-vector.js';
import { RETURN_VALUE } from './call-values.js';
import type { DecodeLimits } from './decode-budget.js';
import { decodeWhole } from './decode-whole.js';
import { type FunctionPlan, functionPlanOf } from './function-plan.js';
import type { TarsInputStream } from './input-stream.js';
import type { TarsOutputStream } from './output-stream.js';
import { writtenVector } from './scratch.js';
import type { TarsFunction } from './tars-function.js';

// Version 1: each value is a field whose tag is its position; the return value has 0.

type AnyFunction = TarsFunction<never, unknown>;

/** A result with out parameters. */
interface Outs {
  [name: string]: unknown;
}

export function encodeTarsArgs(fn: AnyFunction, args: readonly unknown[]): ByteVector {
  return writtenVector(writeArgs, functionPlanOf(fn), args);
}

function writeArgs(os: TarsOutputStream, { ins }: FunctionPlan, args: readonly unknown[]): void {
  let next = 0;
  for (const { type, tag } of ins) type.write(os, tag, args[next++]);
}

export function decodeTarsArgs(fn: AnyFunction, sBuffer: ByteVector, limits: DecodeLimits): unknown[] {
  const plan = functionPlanOf(fn);
  return decodeWhole(sBuffer, plan.names, readArgs, plan, limits);
}

function readArgs(is: TarsInputStream, { ins }: FunctionPlan): unknown[] {
  const args = new Array<unknown>(ins.length);
  let next = 0;
  for (const { type, tag } of ins) args[next++] = type.read(is, tag);
  return args;
}

export function encodeTarsResult(fn: AnyFunction, result: unknown): ByteVector {
  return writtenVector(writeTarsResult, fn, result);
}

/** Writes the values of a result alone. */
export function writeTarsResult(os: TarsOutputStream, fn: AnyFunction, result: unknown): void {
  const { outs } = functionPlanOf(fn);
  if (outs.length === 0) {
    fn.result?.write(os, 0, result);
    return;
  }
  const values = result as Outs;
  fn.result?.write(os, 0, values[RETURN_VALUE]);
  for (const { type, tag, name } of outs) type.write(os, tag, values[name]);
}

export function decodeTarsResult(fn: AnyFunction, sBuffer: ByteVector, limits: DecodeLimits): unknown {
  const plan = functionPlanOf(fn);
  return decodeWhole(sBuffer, plan.names, readResult, plan, limits);
}

function readResult(is: TarsInputStream, { result, outs }: FunctionPlan): unknown {
  const value = result?.read(is, 0);
  if (outs.length === 0) return value;
  const values: Outs = result === undefined ? {} : { [RETURN_VALUE]: value };
  for (const { type, tag, name } of outs) values[name] = type.read(is, tag);
  return values;
}
