import { TarsEncodeException } from '../errors/exceptions.js';
import { compareScalars, compareTexts } from './compare.js';

/**
 * The entries of a map in the order that `std::map` has them: numbers ascending, texts by their UTF-8 bytes.
 *
 * Costs one comparison per entry, and no memory, when they are in order already.
 *
 * @param compare the order of keys that are neither numbers, bigints, booleans nor texts.
 * @throws TarsEncodeException for such keys without it.
 */
export function sortedEntries<K, V>(
  map: ReadonlyMap<K, V>,
  compare: (a: K, b: K) => number = compareKeys,
): Iterable<[K, V]> {
  if (map.size < 2 || isSorted(map, compare)) return map;
  return [...map].toSorted((a, b) => compare(a[0], b[0]));
}

function isSorted<K, V>(map: ReadonlyMap<K, V>, compare: (a: K, b: K) => number): boolean {
  let isFirst = true;
  let before: K | undefined;
  for (const key of map.keys()) {
    if (!isFirst && compare(before as K, key) > 0) return false;
    isFirst = false;
    before = key;
  }
  return true;
}

function compareKeys(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  if (typeof a === 'number' && typeof b === 'number') return compareScalars(a, b);
  if (typeof a === 'bigint' && typeof b === 'bigint') return compareScalars(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return compareScalars(a, b);
  throw new TarsEncodeException(
    `a map has keys of types ${typeof a} and ${typeof b}, whose order is not known; give it key[…] in the IDL, or a comparison`,
  );
}
