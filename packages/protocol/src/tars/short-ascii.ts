import { unitAt } from './text-units.js';

/** The longest text that {@link shortAscii} makes. */
export const SHORT_ASCII = 24;

const of = String.fromCharCode;

/**
 * The text of up to 24 ASCII bytes; undefined when there is another among them. One call with all of them makes it at once, as a flat string:
 * put together of pieces it takes longer, and so does a decoder of the platform. Each byte is loaded once, for the test and for the call,
 * instead of by a loop before (Node 20.20).
 */
export function shortAscii(b: Uint8Array, i: number, size: number): string | undefined {
  // biome-ignore format: one line for each length
  switch (size) {
    case 1: { const a = b[i] as number; return (a) > 127 ? undefined : of(a); }
    case 2: { const a = b[i] as number, c = b[i + 1] as number; return (a | c) > 127 ? undefined : of(a, c); }
    case 3: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number; return (a | c | d) > 127 ? undefined : of(a, c, d); }
    case 4: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number; return (a | c | d | e) > 127 ? undefined : of(a, c, d, e); }
    case 5: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number; return (a | c | d | e | f) > 127 ? undefined : of(a, c, d, e, f); }
    case 6: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number; return (a | c | d | e | f | g) > 127 ? undefined : of(a, c, d, e, f, g); }
    case 7: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number; return (a | c | d | e | f | g | h) > 127 ? undefined : of(a, c, d, e, f, g, h); }
    case 8: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number; return (a | c | d | e | f | g | h | j) > 127 ? undefined : of(a, c, d, e, f, g, h, j); }
    case 9: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number; return (a | c | d | e | f | g | h | j | k) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k); }
    case 10: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number; return (a | c | d | e | f | g | h | j | k | l) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l); }
    case 11: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number, m = b[i + 10] as number; return (a | c | d | e | f | g | h | j | k | l | m) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l, m); }
    case 12: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number, m = b[i + 10] as number, n = b[i + 11] as number; return (a | c | d | e | f | g | h | j | k | l | m | n) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l, m, n); }
    case 13: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number, m = b[i + 10] as number, n = b[i + 11] as number, o = b[i + 12] as number; return (a | c | d | e | f | g | h | j | k | l | m | n | o) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l, m, n, o); }
    case 14: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number, m = b[i + 10] as number, n = b[i + 11] as number, o = b[i + 12] as number, p = b[i + 13] as number; return (a | c | d | e | f | g | h | j | k | l | m | n | o | p) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l, m, n, o, p); }
    case 15: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number, m = b[i + 10] as number, n = b[i + 11] as number, o = b[i + 12] as number, p = b[i + 13] as number, q = b[i + 14] as number; return (a | c | d | e | f | g | h | j | k | l | m | n | o | p | q) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l, m, n, o, p, q); }
    case 16: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number, m = b[i + 10] as number, n = b[i + 11] as number, o = b[i + 12] as number, p = b[i + 13] as number, q = b[i + 14] as number, r = b[i + 15] as number; return (a | c | d | e | f | g | h | j | k | l | m | n | o | p | q | r) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r); }
    case 17: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number, m = b[i + 10] as number, n = b[i + 11] as number, o = b[i + 12] as number, p = b[i + 13] as number, q = b[i + 14] as number, r = b[i + 15] as number, s = b[i + 16] as number; return (a | c | d | e | f | g | h | j | k | l | m | n | o | p | q | r | s) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s); }
    case 18: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number, m = b[i + 10] as number, n = b[i + 11] as number, o = b[i + 12] as number, p = b[i + 13] as number, q = b[i + 14] as number, r = b[i + 15] as number, s = b[i + 16] as number, t = b[i + 17] as number; return (a | c | d | e | f | g | h | j | k | l | m | n | o | p | q | r | s | t) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s, t); }
    case 19: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number, m = b[i + 10] as number, n = b[i + 11] as number, o = b[i + 12] as number, p = b[i + 13] as number, q = b[i + 14] as number, r = b[i + 15] as number, s = b[i + 16] as number, t = b[i + 17] as number, u = b[i + 18] as number; return (a | c | d | e | f | g | h | j | k | l | m | n | o | p | q | r | s | t | u) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s, t, u); }
    case 20: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number, m = b[i + 10] as number, n = b[i + 11] as number, o = b[i + 12] as number, p = b[i + 13] as number, q = b[i + 14] as number, r = b[i + 15] as number, s = b[i + 16] as number, t = b[i + 17] as number, u = b[i + 18] as number, v = b[i + 19] as number; return (a | c | d | e | f | g | h | j | k | l | m | n | o | p | q | r | s | t | u | v) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s, t, u, v); }
    case 21: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number, m = b[i + 10] as number, n = b[i + 11] as number, o = b[i + 12] as number, p = b[i + 13] as number, q = b[i + 14] as number, r = b[i + 15] as number, s = b[i + 16] as number, t = b[i + 17] as number, u = b[i + 18] as number, v = b[i + 19] as number, w = b[i + 20] as number; return (a | c | d | e | f | g | h | j | k | l | m | n | o | p | q | r | s | t | u | v | w) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s, t, u, v, w); }
    case 22: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number, m = b[i + 10] as number, n = b[i + 11] as number, o = b[i + 12] as number, p = b[i + 13] as number, q = b[i + 14] as number, r = b[i + 15] as number, s = b[i + 16] as number, t = b[i + 17] as number, u = b[i + 18] as number, v = b[i + 19] as number, w = b[i + 20] as number, x = b[i + 21] as number; return (a | c | d | e | f | g | h | j | k | l | m | n | o | p | q | r | s | t | u | v | w | x) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x); }
    case 23: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number, m = b[i + 10] as number, n = b[i + 11] as number, o = b[i + 12] as number, p = b[i + 13] as number, q = b[i + 14] as number, r = b[i + 15] as number, s = b[i + 16] as number, t = b[i + 17] as number, u = b[i + 18] as number, v = b[i + 19] as number, w = b[i + 20] as number, x = b[i + 21] as number, y = b[i + 22] as number; return (a | c | d | e | f | g | h | j | k | l | m | n | o | p | q | r | s | t | u | v | w | x | y) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y); }
    case 24: { const a = b[i] as number, c = b[i + 1] as number, d = b[i + 2] as number, e = b[i + 3] as number, f = b[i + 4] as number, g = b[i + 5] as number, h = b[i + 6] as number, j = b[i + 7] as number, k = b[i + 8] as number, l = b[i + 9] as number, m = b[i + 10] as number, n = b[i + 11] as number, o = b[i + 12] as number, p = b[i + 13] as number, q = b[i + 14] as number, r = b[i + 15] as number, s = b[i + 16] as number, t = b[i + 17] as number, u = b[i + 18] as number, v = b[i + 19] as number, w = b[i + 20] as number, x = b[i + 21] as number, y = b[i + 22] as number, z = b[i + 23] as number; return (a | c | d | e | f | g | h | j | k | l | m | n | o | p | q | r | s | t | u | v | w | x | y | z) > 127 ? undefined : of(a, c, d, e, f, g, h, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z); }
    default: return size === 0 ? '' : undefined;
  }
}

/**
 * Writes a text of ASCII characters, for which there is room; false when there is another among them, and nothing of it counts then. Two
 * at a time: most of what one costs is to find out, anew for each, how its string is kept (Node 20.20).
 */
export function writeShortAscii(text: string, length: number, bytes: Uint8Array, at: number): boolean {
  let i = 0;
  for (; i + 1 < length; i += 2) {
    const one = unitAt(text, i);
    const two = unitAt(text, i + 1);
    if ((one | two) > 127) return false;
    bytes[at + i] = one;
    bytes[at + i + 1] = two;
  }
  if (i < length) {
    const last = unitAt(text, i);
    if (last > 127) return false;
    bytes[at + i] = last;
  }
  return true;
}
