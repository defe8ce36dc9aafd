import { readUtf8 } from './text-codec.js';

/** How many names are remembered; one that falls into the place of another replaces it. */
const SLOTS = 256;
/** Longer ones are not remembered. */
const MAX_BYTES = 64;

const texts: string[] = new Array<string>(SLOTS).fill('');
const known: Uint8Array[] = Array.from({ length: SLOTS }, () => new Uint8Array());
/** What was seen last and is not remembered: only what comes twice is, so that texts that come once cost little more than without. */
const seen = new Int32Array(SLOTS);

/**
 * As `readUtf8`, for texts that come again and again: names of servants and functions, keys of maps. One that is remembered costs a
 * comparison of its bytes, and being the same string each time it is compared and looked up at once.
 */
export function readName(bytes: Uint8Array, at: number, size: number): string {
  if (size === 0) return '';
  if (size > MAX_BYTES) return readUtf8(bytes, at, size);
  // A few of the bytes tell most names apart.
  const ends = ((bytes[at] as number) << 8) | (bytes[at + size - 1] as number);
  const middle = ((bytes[at + (size >> 2)] as number) << 4) ^ (bytes[at + (size >> 1)] as number);
  const hash = Math.imul(ends ^ (middle << 12) ^ (size << 24), 0x9e37_79b1);
  const slot = hash >>> 24;
  if (isSame(known[slot] as Uint8Array, bytes, at, size)) return texts[slot] as string;
  const text = readUtf8(bytes, at, size);
  if (seen[slot] === hash) {
    known[slot] = bytes.slice(at, at + size);
    texts[slot] = text;
  } else seen[slot] = hash;
  return text;
}

function isSame(remembered: Uint8Array, bytes: Uint8Array, at: number, size: number): boolean {
  if (remembered.length !== size) return false;
  for (let i = 0; i < size; i++) if (remembered[i] !== bytes[at + i]) return false;
  return true;
}
