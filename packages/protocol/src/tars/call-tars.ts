import type { ByteVector } from '../buffer/byte-vector.js';
import { collectResult, eachResult } from './call-values.js';
import { decodeWhole } from './decode-whole.js';
import { writtenBytes } from './scratch.js';
import type { TarsFunction } from './tars-function.js';

// Version 1: each value is a field whose tag is its position; the return value has 0.

export function encodeTarsArgs(fn: TarsFunction<never, unknown>, args: readonly unknown[]): Uint8Array {
  return writtenBytes((os) => {
    let next = 0;
    for (const { isOut, type, tag } of fn.params) if (!isOut) type.write(os, tag, args[next++]);
  });
}

export function decodeTarsArgs(fn: TarsFunction<never, unknown>, sBuffer: ByteVector): unknown[] {
  return decodeWhole(sBuffer, namesOf(fn), (is) => {
    const args: unknown[] = [];
    for (const { isOut, type, tag } of fn.params) if (!isOut) args.push(type.read(is, tag));
    return args;
  });
}

export function encodeTarsResult(fn: TarsFunction<never, unknown>, result: unknown): Uint8Array {
  return writtenBytes((os) => eachResult(fn, result, (value, type, param) => type.write(os, param?.tag ?? 0, value)));
}

export function decodeTarsResult(fn: TarsFunction<never, unknown>, sBuffer: ByteVector): unknown {
  return decodeWhole(sBuffer, namesOf(fn), (is) => collectResult(fn, (type, param) => type.read(is, param?.tag ?? 0)));
}

const names = new WeakMap<TarsFunction<never, unknown>, { typeName: string; fieldNames: Record<number, string> }>();

/** A function seen as a struct of its values, for messages. */
function namesOf(fn: TarsFunction<never, unknown>): { typeName: string; fieldNames: Record<number, string> } {
  let known = names.get(fn);
  if (known === undefined) {
    const fieldNames: Record<number, string> = { 0: '_ret' };
    for (const { tag, name } of fn.params) fieldNames[tag] = name;
    known = { typeName: fn.name, fieldNames };
    names.set(fn, known);
  }
  return known;
}
