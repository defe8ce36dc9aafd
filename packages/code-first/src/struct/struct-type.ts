import { type TarsStructType, type TarsType, tars, tarsJsonField } from '@tarsier/protocol';
import { declarationFault } from '../declare/declaration-fault.js';
import { type StructDeclaration, structDeclarationOf } from './struct-declaration.js';
import { resolveFields, type StructField, type StructValue } from './struct-fields.js';

/** A class with `@TarsStruct`. */
export type StructClass<T> = new () => T;

interface Entry {
  readonly structType: TarsStructType<unknown>;
  readonly type: TarsType<unknown>;
  readonly fields: () => readonly StructField[];
}

const entries = new WeakMap<object, Entry>();

/**
 * How a class with `@TarsStruct` travels: what generated code has in its place.
 *
 * @throws TarsException when it is none; where the class is not complete yet, write `() => struct(Node)` as the type.
 */
export function structType<T extends object>(target: StructClass<T>): TarsStructType<T> {
  return entryOf(target).structType as TarsStructType<T>;
}

/** A class with `@TarsStruct` as the type of fields, elements and parameters. @throws as {@link structType}. */
export function struct<T extends object>(target: StructClass<T>): TarsType<T> {
  return entryOf(target).type as TarsType<T>;
}

/** Its fields with their defaults. @throws as {@link structType}, or for a default that cannot be. */
export function fieldsOf(target: StructClass<object>): readonly StructField[] {
  return entryOf(target).fields();
}

function entryOf(target: StructClass<object>): Entry {
  let entry = entries.get(target);
  if (entry === undefined) {
    const declaration = target === undefined ? undefined : structDeclarationOf(target);
    if (declaration === undefined) {
      throw declarationFault(
        `${target?.name ?? 'undefined'} is no struct, or not yet: give it @TarsStruct('Module.Name'), and in its own fields and before its declaration write () => struct(…)`,
      );
    }
    entry = makeEntry(target, declaration);
    entries.set(target, entry);
  }
  return entry;
}

function makeEntry(target: StructClass<object>, declaration: StructDeclaration): Entry {
  // Not before the first use: types may be of classes that come later.
  let resolved: readonly StructField[] | undefined;
  const fields = (): readonly StructField[] => {
    resolved ??= resolveFields(target, declaration);
    return resolved;
  };
  const structType = makeStructType(target, declaration, fields);
  return { structType, type: tars.struct(structType), fields };
}

function makeStructType(
  target: StructClass<object>,
  { name, key, fields: declaredFields }: StructDeclaration,
  fields: () => readonly StructField[],
): TarsStructType<unknown> {
  const fresh = (): StructValue => {
    const value = new target() as StructValue;
    for (const field of fields()) if (field.isUnset) value[field.name] = field.type.initial();
    return value;
  };
  const type: TarsStructType<unknown> = {
    typeName: name,
    fieldNames: Object.fromEntries(declaredFields.map((field) => [field.tag, field.name])),
    create: (init) => Object.assign(fresh(), init),
    write: (os, value) => {
      for (const { name, tag, type, isRequired, byDefault } of fields()) {
        const item = (value as StructValue)[name];
        if (isRequired || !type.isOmitted(item, byDefault)) type.write(os, tag, item);
      }
    },
    read: (is) => {
      const value = fresh();
      for (const { name, tag, type, isRequired } of fields()) {
        value[name] = type.read(is, tag, isRequired ? undefined : value[name]);
      }
      return value;
    },
    toJson: (value) =>
      Object.fromEntries(fields().map(({ name, type }) => [name, type.toJson((value as StructValue)[name])])),
    fromJson: (json) => {
      const value = fresh();
      for (const { name, type, isRequired } of fields()) {
        value[name] = tarsJsonField(json, name, type, isRequired ? undefined : value[name]);
      }
      return value;
    },
  };
  return key.length === 0 ? type : { ...type, compare: (a, b) => compareBy(key, fields(), a, b) };
}

function compareBy(key: readonly string[], fields: readonly StructField[], a: unknown, b: unknown): number {
  for (const name of key) {
    const type = fields.find((field) => field.name === name)?.type;
    const order = type?.compare((a as StructValue)[name], (b as StructValue)[name]) ?? 0;
    if (order !== 0) return order;
  }
  return 0;
}
