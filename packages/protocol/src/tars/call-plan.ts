import type { StructReader } from './input-stream.js';
import type { TarsFunction, TarsParam } from './tars-function.js';

/** What each call of a function needs to know of it, found out once. */
export interface CallPlan {
  readonly ins: readonly TarsParam[];
  readonly outs: readonly TarsParam[];
  /** The function seen as a struct of its values, for messages. */
  readonly names: Pick<StructReader<unknown>, 'typeName' | 'fieldNames'>;
}

const plans = new WeakMap<TarsFunction<never, unknown>, CallPlan>();
let lastFunction: TarsFunction<never, unknown> | undefined;
let lastPlan: CallPlan | undefined;

/** The plan of a function. */
export function callPlanOf(fn: TarsFunction<never, unknown>): CallPlan {
  // One function is called many times in a row, by many peers.
  if (fn === lastFunction && lastPlan !== undefined) return lastPlan;
  let plan = plans.get(fn);
  if (plan === undefined) {
    plan = makePlan(fn);
    plans.set(fn, plan);
  }
  lastFunction = fn;
  lastPlan = plan;
  return plan;
}

function makePlan({ name, params }: TarsFunction<never, unknown>): CallPlan {
  const fieldNames: Record<number, string> = { 0: '_ret' };
  for (const param of params) fieldNames[param.tag] = param.name;
  return {
    ins: params.filter(({ isOut }) => !isOut),
    outs: params.filter(({ isOut }) => isOut),
    names: { typeName: name, fieldNames },
  };
}
