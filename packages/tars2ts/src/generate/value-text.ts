import type { Type, Value } from '../check/model.js';
import { quote } from './layout.js';
import type { TypeNames } from './type-names.js';

/** A value as it is written in TypeScript. */
export function valueText(types: TypeNames, type: Type, value: Value): string {
  switch (value.kind) {
    case 'boolean':
      return String(value.value);
    case 'string':
      return quote(value.value);
    case 'float':
      return floatText(value.value);
    case 'integer':
      return type.kind === 'builtin' && type.name === 'long' && !types.isLongNumber
        ? `${value.value}n`
        : String(value.value);
    case 'enumerator':
      return `${types.value(value.of)}.${value.name}`;
  }
}

/** -0 and 0 are the same default. */
function floatText(value: number): string {
  return String(value === 0 ? 0 : value);
}

/** What a field holds that was neither set nor sent. */
export function initialText(types: TypeNames, type: Type, value: Value | undefined): string {
  if (value !== undefined) return valueText(types, type, value);
  switch (type.kind) {
    case 'bytes':
      // Made by its length, it takes much longer (Node 20.20), and each value that is decoded has one.
      return 'new Uint8Array([])';
    case 'list':
      return '[]';
    case 'map':
      return 'new Map()';
    case 'struct':
      return `${types.value(type.struct)}.create()`;
    case 'builtin':
    case 'enum':
      return '0';
  }
}
