import { functionPlanOf } from './function-plan.js';
import type { TarsFunction, TarsParam } from './tars-function.js';
import type { TarsType } from './tars-type.js';

/** Name of the return value in results with out parameters. */
export const RETURN_VALUE = '_ret';

/** Calls back for each value of a result: the return value, which is no parameter, then each out parameter. */
export function eachResult(
  fn: TarsFunction<never, unknown>,
  result: unknown,
  visit: (value: unknown, type: TarsType<unknown>, param: TarsParam | undefined) => void,
): void {
  const { outs } = functionPlanOf(fn);
  const values = outs.length === 0 ? { [RETURN_VALUE]: result } : (result as { readonly [name: string]: unknown });
  if (fn.result !== undefined) visit(values[RETURN_VALUE], fn.result, undefined);
  for (const param of outs) visit(values[param.name], param.type, param);
}

/** Makes a result of its values, which are asked for in the order of {@link eachResult}. */
export function collectResult(
  fn: TarsFunction<never, unknown>,
  read: (type: TarsType<unknown>, param: TarsParam | undefined) => unknown,
): unknown {
  const value = fn.result === undefined ? undefined : read(fn.result, undefined);
  const { outs } = functionPlanOf(fn);
  if (outs.length === 0) return value;
  const values: { [name: string]: unknown } = fn.result === undefined ? {} : { [RETURN_VALUE]: value };
  for (const param of outs) values[param.name] = read(param.type, param);
  return values;
}
