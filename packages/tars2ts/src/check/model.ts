import type { SourceFile, Span } from '../source/source-file.js';
import type { BuiltinName } from '../syntax/tree.js';

/** A value that is known when a file is compiled. */
export type Value =
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'enumerator'; readonly of: EnumModel; readonly name: string };

/** A type with all names looked up. Bytes are `vector<byte>` and what travels like it. */
export type Type =
  | { readonly kind: 'builtin'; readonly name: BuiltinName }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'list'; readonly element: Type }
  | { readonly kind: 'map'; readonly key: Type; readonly value: Type }
  | { readonly kind: 'struct'; readonly struct: StructModel }
  | { readonly kind: 'enum'; readonly enum: EnumModel };

interface Named {
  readonly module: string;
  readonly name: string;
  readonly file: SourceFile;
  /** Where its name stands. */
  readonly span: Span;
  readonly doc: readonly string[];
}

export interface EnumModel extends Named {
  readonly kind: 'enum';
  readonly members: EnumMemberModel[];
}

export interface EnumMemberModel {
  readonly name: string;
  readonly value: number;
  readonly doc: readonly string[];
}

export interface ConstModel extends Named {
  readonly kind: 'const';
  readonly type: Type;
  readonly value: Value;
}

export interface StructModel extends Named {
  readonly kind: 'struct';
  /** By tag. */
  fields: FieldModel[];
  /** What `key[…]` names. */
  keys: FieldModel[] | undefined;
  /** Some of its members are missing here, which has been reported. */
  isBroken: boolean;
}

export interface FieldModel {
  readonly tag: number;
  readonly required: boolean;
  readonly name: string;
  readonly type: Type;
  /** Of builtin and enum types always there, given or not. */
  readonly value: Value | undefined;
  /** An array of fixed size or a pointer in C++, which is written even when empty. */
  readonly isFixed: boolean;
  readonly doc: readonly string[];
}

export interface InterfaceModel extends Named {
  readonly kind: 'interface';
  readonly functions: FunctionModel[];
}

export interface FunctionModel {
  readonly name: string;
  readonly result: Type | undefined;
  readonly params: readonly ParamModel[];
  readonly doc: readonly string[];
}

export interface ParamModel {
  readonly name: string;
  readonly type: Type;
  /** Its position, from 1. */
  readonly tag: number;
  readonly isOut: boolean;
  readonly isRouteKey: boolean;
}

export type Definition = EnumModel | ConstModel | StructModel | InterfaceModel;

/** One file, checked. */
export interface FileModel {
  readonly source: SourceFile;
  /** Names of its modules, in order. */
  readonly modules: readonly string[];
  readonly definitions: readonly Definition[];
}

/** As it is called in an IDL, as `vec.Point` is in messages and TUP. */
export function fullNameOf({ module, name }: { module: string; name: string }): string {
  return `${module}.${name}`;
}
