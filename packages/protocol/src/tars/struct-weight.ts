import { Weight } from './decode-budget.js';

/** A struct type as far as its weight goes: those that are generated have `create`, what is written by hand may lack it. */
interface Weighed {
  readonly fieldNames: Readonly<Record<number, string>>;
  create?(): unknown;
}

/** Structs of structs: what lies deeper weighs nothing. */
const MAX_DEPTH = 8;

const weights = new WeakMap<object, number>();

/**
 * What a struct weighs of which nothing was sent: two bytes on the wire give the whole of it, with its empty containers and the structs in
 * it. Found out once for each type.
 */
export function weightOfStruct(type: Weighed): number {
  let weight = weights.get(type);
  if (weight === undefined) {
    // What refers to itself does not come here again without end.
    weights.set(type, Weight.STRUCT);
    weight = weigh(type);
    weights.set(type, weight);
  }
  return weight;
}

function weigh(type: Weighed): number {
  const fields = Object.keys(type.fieldNames).length;
  const value = type.create?.();
  return typeof value === 'object' && value !== null ? weightOf(value, 0) : Weight.STRUCT + fields / 2;
}

function weightOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return 0;
  if (value instanceof Map) return Weight.EMPTY_MAP;
  if (value instanceof Uint8Array) return Weight.EMPTY_BYTES;
  if (Array.isArray(value)) return Weight.EMPTY_LIST;
  const fields: unknown[] = Object.values(value);
  return fields.reduce((sum: number, field) => sum + weightOf(field, depth + 1), Weight.STRUCT + fields.length / 2);
}
