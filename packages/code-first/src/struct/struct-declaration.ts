import 'reflect-metadata';
import type { TarsType } from '@tarsier/protocol';

/** A type, or a function that gives it when it is needed first: for structs that contain themselves. */
export type TypeOrLazy<T> = TarsType<T> | (() => TarsType<T>);

/** What `@TarsField` was told. */
export interface FieldDeclaration {
  readonly name: string;
  readonly tag: number;
  readonly type: TypeOrLazy<unknown>;
  readonly isRequired: boolean;
}

/** What `@TarsStruct` and the fields of its class were told. */
export interface StructDeclaration {
  /** As `TestApp.User`. */
  readonly name: string;
  /** Fields that decide the order of such structs as keys of a map; none: they cannot be. */
  readonly key: readonly string[];
  /** In ascending order of their tags. */
  readonly fields: readonly FieldDeclaration[];
}

const structKey = 'tarsier:struct';
const fieldsKey = 'tarsier:fields';

/** Keeps what a class is. */
export function declareStruct(target: object, declaration: StructDeclaration): void {
  Reflect.defineMetadata(structKey, declaration, target);
}

/** What a class itself is, whatever it extends. */
export function structDeclarationOf(target: object): StructDeclaration | undefined {
  return Reflect.getOwnMetadata(structKey, target) as StructDeclaration | undefined;
}

/** Adds a field to a class, by its prototype. */
export function declareField(prototype: object, field: FieldDeclaration): void {
  const own = (Reflect.getOwnMetadata(fieldsKey, prototype) as readonly FieldDeclaration[] | undefined) ?? [];
  Reflect.defineMetadata(fieldsKey, [...own, field], prototype);
}

/** The fields of a class and of those that it extends. */
export function declaredFields(prototype: object | null): readonly FieldDeclaration[] {
  if (prototype === null) return [];
  const own = (Reflect.getOwnMetadata(fieldsKey, prototype) as readonly FieldDeclaration[] | undefined) ?? [];
  return [...declaredFields(Object.getPrototypeOf(prototype) as object | null), ...own];
}
