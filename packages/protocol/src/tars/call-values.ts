import { hasOuts, type TarsFunction, type TarsParam } from './tars-function.js';

/** Name of the return value in results with out parameters. */
const RETURN_VALUE = '_ret';

/** Calls back for each value of a result: the return value without a parameter, then each out parameter. */
export function eachResult(
  fn: TarsFunction<never, unknown>,
  result: unknown,
  visit: (value: unknown, param: TarsParam | undefined) => void,
): void {
  if (!hasOuts(fn)) {
    if (fn.result !== undefined) visit(result, undefined);
    return;
  }
  const values = result as { readonly [name: string]: unknown };
  if (fn.result !== undefined) visit(values[RETURN_VALUE], undefined);
  for (const param of fn.params) if (param.isOut) visit(values[param.name], param);
}

/** Makes a result of its values, asked for in the order of {@link eachResult}. */
export function collectResult<Result>(
  fn: TarsFunction<never, Result>,
  read: (param: TarsParam | undefined) => unknown,
): Result {
  const value = fn.result === undefined ? undefined : read(undefined);
  if (!hasOuts(fn)) return value as Result;
  const values: { [name: string]: unknown } = {};
  if (fn.result !== undefined) values[RETURN_VALUE] = value;
  for (const param of fn.params) if (param.isOut) values[param.name] = read(param);
  return values as Result;
}
