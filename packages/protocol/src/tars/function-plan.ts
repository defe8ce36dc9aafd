import type { StructReader } from './input-stream.js';
import type { TarsFunction, TarsParam } from './tars-function.js';
import type { TarsType } from './tars-type.js';

/** Name of the return value in TUP and JSON. */
export const RETURN_NAME = 'tars_ret';

/** What each call of a function needs to know of it, found out once. */
export interface FunctionPlan {
  /** Of the return value; undefined for `void`. */
  readonly result: TarsType<unknown> | undefined;
  readonly ins: readonly TarsParam[];
  readonly outs: readonly TarsParam[];
  /** The names of the inputs, as JSON has them. */
  readonly inNames: ReadonlySet<string>;
  /** The names of the outputs and of the return value, as JSON has them. */
  readonly outNames: ReadonlySet<string>;
  /** The function seen as a struct of its values, for messages. */
  readonly names: Pick<StructReader<unknown>, 'typeName' | 'fieldNames'>;
}

const plans = new WeakMap<TarsFunction<never, unknown>, FunctionPlan>();

/** The plan of a function. */
export function functionPlanOf(fn: TarsFunction<never, unknown>): FunctionPlan {
  let plan = plans.get(fn);
  if (plan === undefined) {
    plan = makePlan(fn);
    plans.set(fn, plan);
  }
  return plan;
}

function makePlan({ name, params, result }: TarsFunction<never, unknown>): FunctionPlan {
  const fieldNames: Record<number, string> = { 0: '_ret' };
  for (const param of params) fieldNames[param.tag] = param.name;
  const ins = params.filter(({ isOut }) => !isOut);
  const outs = params.filter(({ isOut }) => isOut);
  return {
    result,
    ins,
    outs,
    inNames: new Set(ins.map((param) => param.name)),
    outNames: new Set(outs.map((param) => param.name)).add(RETURN_NAME),
    names: { typeName: name, fieldNames },
  };
}
