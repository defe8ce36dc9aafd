import type { StructReader } from './input-stream.js';
import type { TarsFunction, TarsParam } from './tars-function.js';
import type { TarsType } from './tars-type.js';

/** What each call of a function needs to know of it, found out once. */
export interface FunctionPlan {
  /** Of the return value; undefined for `void`. */
  readonly result: TarsType<unknown> | undefined;
  readonly ins: readonly TarsParam[];
  readonly outs: readonly TarsParam[];
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
  return {
    result,
    ins: params.filter(({ isOut }) => !isOut),
    outs: params.filter(({ isOut }) => isOut),
    names: { typeName: name, fieldNames },
  };
}
