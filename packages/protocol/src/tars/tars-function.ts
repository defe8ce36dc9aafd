import type { TarsType } from './tars-type.js';

/** One parameter of a function. */
export interface TarsParam {
  readonly name: string;
  readonly type: TarsType<unknown>;
  /** Its position, from 1; out parameters count too. */
  readonly tag: number;
  readonly isOut: boolean;
  /** Its value decides which node is called, and also travels as `STATUS_GRID_KEY`. */
  readonly isRouteKey: boolean;
}

/** What {@link tarsFunction} is told of a parameter. */
export interface TarsParamInit {
  readonly name: string;
  readonly type: TarsType<unknown>;
  /** False unless told. */
  readonly isOut?: boolean;
  /** False unless told. */
  readonly isRouteKey?: boolean;
}

/**
 * A function of an interface as a value: both sides make of it the bytes of arguments and results.
 *
 * `Args` are the inputs in order. `Result` is the return value; with out parameters an object `{ _ret, …outs }`, without `_ret` when
 * the function returns nothing.
 */
export interface TarsFunction<Args extends unknown[], Result> {
  readonly name: string;
  readonly params: readonly TarsParam[];
  /** Undefined for `void`. */
  readonly result: TarsType<unknown> | undefined;
  /** Never there: it makes the compiler tell functions of different types apart. */
  readonly types?: (args: Args) => Result;
}

/** An interface of an IDL. */
export interface TarsInterface {
  /** As `TestApp.Hello`. */
  readonly name: string;
  readonly functions: ReadonlyMap<string, TarsFunction<never, unknown>>;
}

/** Describes a function; each parameter gets its position as tag. */
export function tarsFunction<Args extends unknown[], Result>(
  name: string,
  result: TarsType<unknown> | undefined,
  params: readonly TarsParamInit[],
): TarsFunction<Args, Result> {
  return {
    name,
    result,
    params: params.map((param, index) => ({
      name: param.name,
      type: param.type,
      tag: index + 1,
      isOut: param.isOut ?? false,
      isRouteKey: param.isRouteKey ?? false,
    })),
  };
}
