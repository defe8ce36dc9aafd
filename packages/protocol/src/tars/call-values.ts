import type { TarsFunction, TarsParam } from './tars-function.js';
import type { TarsType } from './tars-type.js';

/** Name of the return value in results with out parameters. */
const RETURN_VALUE = '_ret';

/** Whether a result is an object of the return value and the out parameters. */
function hasOuts(fn: TarsFunction<never, unknown>): boolean {
  return fn.params.some((param) => param.isOut);
}

/** Calls back for each value of a result: the return value, which is no parameter, then each out parameter. */
export function eachResult(
  fn: TarsFunction<never, unknown>,
  result: unknown,
  visit: (value: unknown, type: TarsType<unknown>, param: TarsParam | undefined) => void,
): void {
  const outs = hasOuts(fn) ? (result as { readonly [name: string]: unknown }) : undefined;
  if (fn.result !== undefined) visit(outs === undefined ? result : outs[RETURN_VALUE], fn.result, undefined);
  if (outs === undefined) return;
  for (const param of fn.params) if (param.isOut) visit(outs[param.name], param.type, param);
}

/** Makes a result of its values, which are asked for in the order of {@link eachResult}. */
export function collectResult(
  fn: TarsFunction<never, unknown>,
  read: (type: TarsType<unknown>, param: TarsParam | undefined) => unknown,
): unknown {
  const value = fn.result === undefined ? undefined : read(fn.result, undefined);
  if (!hasOuts(fn)) return value;
  const outs: { [name: string]: unknown } = {};
  if (fn.result !== undefined) outs[RETURN_VALUE] = value;
  for (const param of fn.params) if (param.isOut) outs[param.name] = read(param.type, param);
  return outs;
}
