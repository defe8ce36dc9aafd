import type { Random } from '../random.js';

/** Of the labs that are open; the last one counts. */
const active: Random[] = [];
let original: (() => number) | undefined;

/** Makes `Math.random` draw from a generator: what draws its backoff from it then does so in the same way each time. @returns ends that. */
export function seedMathRandom(random: Random): () => void {
  original ??= Math.random;
  active.push(random);
  use();
  return () => {
    const at = active.indexOf(random);
    if (at >= 0) active.splice(at, 1);
    use();
  };
}

function use(): void {
  const random = active.at(-1);
  if (random !== undefined) {
    Math.random = () => random.next();
  } else if (original !== undefined) {
    Math.random = original;
    original = undefined;
  }
}
