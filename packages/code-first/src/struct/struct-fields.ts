import { TarsOutputStream, type TarsType } from '@tarsier/protocol';
import { declarationFault } from '../declare/declaration-fault.js';
import type { FieldDeclaration, StructDeclaration } from './struct-declaration.js';

/** A field with all that is known of it once the program runs. */
export interface StructField {
  readonly name: string;
  readonly tag: number;
  readonly type: TarsType<unknown>;
  readonly isRequired: boolean;
  /** What a reader takes when the field is absent. */
  readonly byDefault: unknown;
  /** A fresh instance does not have it: it gets what its type begins with. */
  readonly isUnset: boolean;
}

/** Any struct, by its fields. */
export type StructValue = { [field: string]: unknown };

/** The fields of a struct, with the defaults of a fresh instance. @throws TarsException for a default that cannot be. */
export function resolveFields(target: new () => object, declaration: StructDeclaration): readonly StructField[] {
  const fresh = new target() as StructValue;
  return declaration.fields.map((field) => resolveField(field, fresh[field.name], declaration.name));
}

function resolveField(field: FieldDeclaration, value: unknown, struct: string): StructField {
  const { name, tag, isRequired } = field;
  const where = `${struct}.${name}`;
  const type = typeof field.type === 'function' ? field.type() : field.type;
  if (typeof type?.write !== 'function')
    throw declarationFault(`the type of ${where} is none of TARS; give one, as tars.string`);
  if (type.name === struct) throw declarationFault(`${where} would contain itself without end; take a list of them`);
  const isUnset = value === undefined;
  if (isUnset) return { name, tag, type, isRequired, byDefault: type.initial(), isUnset };
  checkDefault(type, value, where);
  return { name, tag, type, isRequired, byDefault: value, isUnset };
}

function checkDefault(type: TarsType<unknown>, value: unknown, where: string): void {
  const initial = type.initial();
  if (!isSameKind(value, initial)) {
    throw declarationFault(`the default of ${where} is a ${kindOf(value)}, and its type is ${type.idl}`);
  }
  if (sizeOf(value) > 0) {
    throw declarationFault(`${where} is not empty in a fresh instance; TARS has no defaults for ${type.idl}`);
  }
  try {
    type.write(new TarsOutputStream(), 0, value);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw declarationFault(`the default of ${where} is not of the type ${type.idl}: ${why}`, cause);
  }
}

function isSameKind(value: unknown, initial: unknown): boolean {
  if (typeof value !== typeof initial || value === null) return false;
  return typeof initial !== 'object' || initial === null || value instanceof initial.constructor;
}

function kindOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? value.constructor.name : typeof value;
}

/** How many values a container has. */
function sizeOf(value: unknown): number {
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length;
  return value instanceof Map ? value.size : 0;
}
