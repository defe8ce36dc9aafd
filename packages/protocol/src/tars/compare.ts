import { lengthOf, unitAt } from './text-units.js';

/** Order of numbers, bigints or booleans. */
export function compareScalars<T extends number | bigint | boolean>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Order of texts by their UTF-8 bytes, which is that of their code points. Source: operator< of std::string. */
export function compareTexts(a: string, b: string): number {
  const aLength = lengthOf(a);
  const bLength = lengthOf(b);
  const length = Math.min(aLength, bLength);
  for (let i = 0; i < length; i++) {
    const x = unitAt(a, i);
    const y = unitAt(b, i);
    if (x !== y) return rank(x) - rank(y);
  }
  return aLength - bLength;
}

/** Halves of surrogate pairs stand for code points above all that a single unit has. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x1_0000 : unit;
}

/** Order of two sequences by their first difference, else by their lengths. */
export function compareSequences<T>(a: ArrayLike<T>, b: ArrayLike<T>, compare: (a: T, b: T) => number): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = compare(a[i] as T, b[i] as T);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
