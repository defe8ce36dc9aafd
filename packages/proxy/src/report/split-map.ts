import { encodeStruct, type TarsStructType } from '@tarsier/protocol';

/** Begin and end of the two structs of an entry. */
const ENTRY_BYTES = 4;

/** Parts of a map whose entries have no more than so many bytes together; an entry that has more is a part of its own. */
export function splitMap<K, V>(
  map: ReadonlyMap<K, V>,
  types: readonly [key: TarsStructType<K>, value: TarsStructType<V>],
  maxBytes: number,
): Map<K, V>[] {
  const [keyType, valueType] = types;
  const parts: Map<K, V>[] = [];
  let left = 0;
  for (const [key, value] of map) {
    const bytes = encodeStruct(keyType, key).length + encodeStruct(valueType, value).length + ENTRY_BYTES;
    if (bytes > left || parts.length === 0) {
      parts.push(new Map());
      left = maxBytes;
    }
    left -= bytes;
    parts.at(-1)?.set(key, value);
  }
  return parts;
}
