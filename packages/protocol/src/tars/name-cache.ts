import { readUtf8 } from './text-codec.js';

/** How many names are remembered; one that falls into the place of another replaces it. */
const SLOTS = 256;
/** Longer ones are not remembered. */
const MAX_BYTES = 64;

const texts: string[] = new Array<string>(SLOTS).fill('');
const known: Uint8Array[] = Array.from({ length: SLOTS }, () => new Uint8Array());

/**
 * As `readUtf8`, for texts that come again and again: names of servants and functions. One that is remembered costs a comparison of its
 * bytes, and being the same string each time it is compared and looked up at once.
 */
export function readName(bytes: Uint8Array, at: number, size: number): string {
  if (size > MAX_BYTES) return readUtf8(bytes, at, size);
  let hash = size;
  for (let i = at; i < at + size; i++) hash = (Math.imul(hash, 31) + (bytes[i] as number)) | 0;
  const slot = (hash ^ (hash >>> 8)) & (SLOTS - 1);
  if (isSame(known[slot] as Uint8Array, bytes, at, size)) return texts[slot] as string;
  const text = readUtf8(bytes, at, size);
  known[slot] = bytes.slice(at, at + size);
  texts[slot] = text;
  return text;
}

function isSame(remembered: Uint8Array, bytes: Uint8Array, at: number, size: number): boolean {
  if (remembered.length !== size) return false;
  for (let i = 0; i < size; i++) if (remembered[i] !== bytes[at + i]) return false;
  return true;
}
