/** Empties a set, and gives what was in it, in its order. */
export function takeAll<T>(set: Set<T>): T[] {
  const all = [...set];
  set.clear();
  return all;
}
