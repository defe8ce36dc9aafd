import type { TarsType } from '@tarsier/protocol';

/** A parameter that the function gives back: it is no argument but a part of the result. */
export interface OutParam<T> {
  readonly direction: 'out';
  readonly type: TarsType<T>;
}

/** A parameter whose value decides which node is called. */
export interface RouteKeyParam<T> {
  readonly direction: 'routekey';
  readonly type: TarsType<T>;
}

/** What a parameter may be described by: a type alone is that of an input. */
export type ParamDescription = TarsType<unknown> | OutParam<unknown> | RouteKeyParam<unknown>;

/** An out parameter. */
export function out<T>(type: TarsType<T>): OutParam<T> {
  return { direction: 'out', type };
}

/** An input by which calls are spread over the nodes: the same text goes to the same node. Only for strings, as in C++. */
export function routeKey<T extends string>(type: TarsType<T>): RouteKeyParam<T> {
  return { direction: 'routekey', type };
}
