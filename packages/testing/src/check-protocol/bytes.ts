/** All parts in one array. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
}

/** Cuts a stream before the bytes at the given offsets, which are in order. */
export function cutAt(stream: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const at of [...cuts, stream.length]) {
    if (at > from) pieces.push(stream.subarray(from, at));
    from = at;
  }
  return pieces;
}

/** The offsets that cut a stream into single bytes. */
export function everyByte(length: number): number[] {
  return Array.from({ length: Math.max(0, length - 1) }, (_, i) => i + 1);
}

const PAD = 3;
const POISON = 0xa5;

/** A copy as a socket may deliver it: a part of a larger block, with other bytes before and behind. */
export function asReceived(bytes: Uint8Array): Uint8Array {
  const block = new Uint8Array(bytes.length + 2 * PAD).fill(POISON);
  block.set(bytes, PAD);
  return block.subarray(PAD, PAD + bytes.length);
}

/** Bytes in hex, for one line; the first of them when there are many. */
export function shortHex(bytes: Uint8Array): string {
  const hex = Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return bytes.length > 16 ? `${hex} …` : hex;
}

/** `1 byte`, `2 bytes`. */
export function countOf(bytes: number): string {
  return bytes === 1 ? '1 byte' : `${bytes} bytes`;
}
