/** Types of the TARS encoding, the low four bits of a head. Source: TarsHeadeUtil (Tars.h, TarsCpp). */
export const WireType = {
  INT1: 0,
  INT2: 1,
  INT4: 2,
  INT8: 3,
  FLOAT: 4,
  DOUBLE: 5,
  STRING1: 6,
  STRING4: 7,
  MAP: 8,
  LIST: 9,
  STRUCT_BEGIN: 10,
  STRUCT_END: 11,
  ZERO: 12,
  SIMPLE_LIST: 13,
} as const;

/** One of the values of {@link WireType}. */
export type WireType = (typeof WireType)[keyof typeof WireType];

const names = [
  'int1',
  'int2',
  'int4',
  'int8',
  'float',
  'double',
  'string1',
  'string4',
  'map',
  'list',
  'struct begin',
  'struct end',
  'zero',
  'simple list',
];

/** A type for messages, as `int4`. */
export function wireTypeName(type: number): string {
  return names[type] ?? `unknown type ${type}`;
}
