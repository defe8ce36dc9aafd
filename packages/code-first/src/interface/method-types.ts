import type { TarsType } from '@tarsier/protocol';
import type { OutParam, ParamDescription, RouteKeyParam } from './param.js';

/** What `@TarsMethod` is told of a function. */
export interface MethodDescription {
  /** Type of the return value; left out, or `tars.void_`, for none. */
  readonly returns?: TarsType<unknown> | undefined;
  /** Parameters by their names; their order here is that of the function, and decides how they travel. */
  readonly params?: Readonly<Record<string, ParamDescription>>;
}

/** Any function. */
export type AnyMethod = (...args: never[]) => unknown;

type ValueOf<Param> = Param extends OutParam<infer T> | RouteKeyParam<infer T> | TarsType<infer T> ? T : never;

type ParamsOf<D extends MethodDescription> = D extends { readonly params: infer P } ? P : unknown;

type OutNames<P> = { [K in keyof P]: P[K] extends OutParam<unknown> ? K : never }[keyof P];
type InNames<P> = Exclude<keyof P, OutNames<P>>;

/** Values of the inputs, in no order: that of the properties of a type is not known to the compiler. */
type InputOf<P> = ValueOf<P[InNames<P>]>;

type ReturnOf<D> = D extends { readonly returns: TarsType<infer R> } ? R : void;

/** The result of a function that is described so: its return value; with out parameters an object `{ _ret, …outs }`. */
export type DescribedResult<D extends MethodDescription> = [OutNames<ParamsOf<D>>] extends [never]
  ? ReturnOf<D>
  : { [K in OutNames<ParamsOf<D>>]: ValueOf<ParamsOf<D>[K]> } & (D extends { readonly returns: TarsType<infer R> }
      ? { _ret: R }
      : unknown);

/** What a servant's method has as its last parameter, without saying that there are servants. */
interface CurrentLike {
  getFuncName(): string;
  isResponse(): boolean;
}

/** The inputs of a method: all its parameters but the `Current` of servants. */
export type MethodInputs<M extends AnyMethod> =
  Parameters<M> extends [...infer Inputs, infer Last]
    ? Last extends CurrentLike
      ? Inputs
      : Parameters<M>
    : Parameters<M>;

/** What a method gives, without its promise. */
export type MethodResult<M extends AnyMethod> = Awaited<ReturnType<M>>;

/** How many members a union of names has. */
type CountOf<Union, Counted extends unknown[] = []> = [Union] extends [never]
  ? Counted['length']
  : CountOf<Exclude<Union, LastOf<Union>>, [unknown, ...Counted]>;
type LastOf<Union> =
  IntersectionOf<Union extends unknown ? () => Union : never> extends () => infer Last ? Last : never;
type IntersectionOf<Union> = (Union extends unknown ? (member: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

/** What the compiler shows where method and description differ. */
export interface Mismatch<Problem extends string> {
  readonly mismatch: Problem;
}

type IsSame<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** `unknown` when a method is as it is described. That inputs are in the same order is not seen here. */
export type MatchOf<M, D extends MethodDescription> = M extends AnyMethod
  ? IsSame<MethodResult<M>, DescribedResult<D>> extends true
    ? MethodInputs<M>['length'] extends CountOf<InNames<ParamsOf<D>>>
      ? IsSame<MethodInputs<M>[number], InputOf<ParamsOf<D>>> extends true
        ? unknown
        : Mismatch<'the types of its parameters are not those of the inputs that are described'>
      : Mismatch<'it has not as many parameters as inputs are described'>
    : Mismatch<'its result is not the described one: { _ret, …outs } with out parameters, the return value without'>
  : Mismatch<'it is no method'>;

/** The names of what a contract has for functions. */
export type FunctionNames<Contract> = {
  [K in keyof Contract]: K extends string ? (Contract[K] extends AnyMethod ? K : never) : never;
}[keyof Contract];

/** The function of a contract by its name. */
export type FunctionOf<Contract, K extends keyof Contract> = Extract<Contract[K], AnyMethod>;
