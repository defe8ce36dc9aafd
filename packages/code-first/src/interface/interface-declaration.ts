import 'reflect-metadata';
import type { TarsFunction, TarsInterface } from '@tarsier/protocol';

/** A function of an interface, of whatever types. */
export type AnyFunction = TarsFunction<never, unknown>;

const methodsKey = 'tarsier:methods';
const interfaceKey = 'tarsier:interface';

/** Adds a function to a class, by its prototype. */
export function declareMethod(prototype: object, fn: AnyFunction): void {
  const own = (Reflect.getOwnMetadata(methodsKey, prototype) as readonly AnyFunction[] | undefined) ?? [];
  Reflect.defineMetadata(methodsKey, [...own, fn], prototype);
}

/** The functions of a class and of those that it extends, in the order in which they are declared. */
export function declaredMethods(prototype: object | null): readonly AnyFunction[] {
  if (prototype === null) return [];
  const own = (Reflect.getOwnMetadata(methodsKey, prototype) as readonly AnyFunction[] | undefined) ?? [];
  return [...declaredMethods(Object.getPrototypeOf(prototype) as object | null), ...own];
}

/** Keeps the interface of a class. */
export function declareInterface(target: object, value: TarsInterface): void {
  Reflect.defineMetadata(interfaceKey, value, target);
}

/** The interface of a class, or of one that it extends. */
export function declaredInterface(target: object): TarsInterface | undefined {
  return Reflect.getMetadata(interfaceKey, target) as TarsInterface | undefined;
}
