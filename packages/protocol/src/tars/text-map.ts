import type { TarsInputStream } from './input-stream.js';
import type { TarsOutputStream } from './output-stream.js';
import { sortedEntries } from './sorted-entries.js';

/** Writes a `map<string, string>`, as packets have two of. */
export function writeTextMap(os: TarsOutputStream, tag: number, map: ReadonlyMap<string, string>): void {
  os.writeMapHead(tag, map.size);
  if (map.size === 0) return;
  for (const [key, value] of sortedEntries(map)) {
    os.writeString(0, key);
    os.writeString(1, value);
  }
}

/**
 * Reads a `map<string, string>`.
 *
 * @returns undefined when it is empty, or absent and not required.
 */
export function readTextMap(is: TarsInputStream, tag: number, isRequired: boolean): Map<string, string> | undefined {
  let left = is.readMapSize(tag, isRequired ? undefined : 0);
  if (left === 0) return undefined;
  const map = new Map<string, string>();
  for (; left > 0; left--) map.set(is.readName(0), is.readString(1));
  return map;
}
