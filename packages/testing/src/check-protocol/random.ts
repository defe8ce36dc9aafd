/** Pseudo-random integers from 0 up to, not including, a limit; the same for the same seed. */
export type Random = (limit: number) => number;

/** Source: xorshift32 (Marsaglia, 2003). */
export function seeded(seed: number): Random {
  let state = seed | 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

/** Up to `count` places between the bytes of a stream, in order, none twice. */
export function randomCuts(random: Random, length: number, count: number): number[] {
  const places = new Set<number>();
  for (let i = length < 2 ? 0 : 1 + random(count); i > 0; i--) places.add(1 + random(length - 1));
  return [...places].toSorted((a, b) => a - b);
}
