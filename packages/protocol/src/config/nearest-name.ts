import { lowerAscii } from '../buffer/ascii.js';

/** Names that differ only in case and separators are the same slip. */
function plain(name: string): string {
  return lowerAscii(name).replace(/[-_.\s]/g, '');
}

/** How many letters were added, left out, replaced or swapped with their neighbour; at most `limit` + 1. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwap) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    [before, last] = [last, row];
  }
  return last[b.length] ?? 0;
}

/** Longer names are no slip of a key. */
const MAX_NAME = 64;

/**
 * The known name that a name was most likely meant to be: the same but for case and separators, or with at most a letter in three
 * wrong, two in all. Undefined when there is none.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  if (name.length > MAX_NAME) return undefined;
  const given = plain(name);
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const wanted = plain(candidate);
    const limit = Math.min(2, Math.floor(wanted.length / 3));
    const found = distance(given, wanted, limit);
    if (found > limit || found >= least) continue;
    nearest = candidate;
    least = found;
  }
  return nearest;
}
