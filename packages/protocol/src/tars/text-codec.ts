import { decodeUtf8, encodeUtf8 } from '../buffer/utf8.js';

declare class TextEncoder {
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
}

/** What Node has on the prototype of its buffers: it works on any array, and costs no view. */
interface NodeTexts {
  utf8Slice(this: Uint8Array, start: number, end: number): string;
  utf8Write(this: Uint8Array, text: string, at: number, length: number): number;
}

/** ASCII texts up to so many bytes are made by a loop, in Node and elsewhere: calling a decoder costs more. */
const SHORT_IN_NODE = 15;
const SHORT_ELSEWHERE = 40;
/** Longer ones are encoded by themselves, or room would be needed for three bytes a character. */
const LONG_TEXT = 8192;

const encoder = new TextEncoder();
const node = nodeTexts();
const shortBytes = node === undefined ? SHORT_ELSEWHERE : SHORT_IN_NODE;

/** Undefined unless it is there and does what is expected of it. */
function nodeTexts(): NodeTexts | undefined {
  const Buffer = Reflect.get(globalThis, 'Buffer') as { readonly prototype?: Partial<NodeTexts> } | undefined;
  const { utf8Slice, utf8Write } = Buffer?.prototype ?? {};
  if (typeof utf8Slice !== 'function' || typeof utf8Write !== 'function') return undefined;
  try {
    const probe = new Uint8Array(8);
    const written = utf8Write.call(probe, 'aé\ud800', 1, 7);
    return written === 6 && utf8Slice.call(probe, 1, 7) === 'aé\ufffd' ? { utf8Slice, utf8Write } : undefined;
  } catch {
    // Not the functions that were meant: the standard ones do.
    return undefined;
  }
}

/** The text of the UTF-8 bytes from `at` on; malformed sequences become U+FFFD. */
export function readUtf8(bytes: Uint8Array, at: number, size: number): string {
  if (size <= shortBytes) {
    const text = shortAscii(bytes, at, size);
    if (text !== undefined) return text;
  }
  return node === undefined ? decodeUtf8(bytes.subarray(at, at + size)) : node.utf8Slice.call(bytes, at, at + size);
}

/** Eight at a time, because each call makes a string. */
function shortAscii(bytes: Uint8Array, at: number, size: number): string | undefined {
  const end = at + size;
  let text = '';
  let next = at;
  for (; next + 8 <= end; next += 8) {
    const a = bytes[next] as number;
    const b = bytes[next + 1] as number;
    const c = bytes[next + 2] as number;
    const d = bytes[next + 3] as number;
    const e = bytes[next + 4] as number;
    const f = bytes[next + 5] as number;
    const g = bytes[next + 6] as number;
    const h = bytes[next + 7] as number;
    if ((a | b | c | d | e | f | g | h) > 127) return undefined;
    text += String.fromCharCode(a, b, c, d, e, f, g, h);
  }
  if (next + 4 <= end) {
    const a = bytes[next] as number;
    const b = bytes[next + 1] as number;
    const c = bytes[next + 2] as number;
    const d = bytes[next + 3] as number;
    if ((a | b | c | d) > 127) return undefined;
    text += String.fromCharCode(a, b, c, d);
    next += 4;
  }
  if (next + 2 <= end) {
    const a = bytes[next] as number;
    const b = bytes[next + 1] as number;
    if ((a | b) > 127) return undefined;
    text += String.fromCharCode(a, b);
    next += 2;
  }
  if (next < end) {
    const a = bytes[next] as number;
    if (a > 127) return undefined;
    text += String.fromCharCode(a);
  }
  return text;
}

/** Writes the UTF-8 bytes of a text, for which there is room: three bytes for each unit. @returns how many they are. */
export function writeUtf8(text: string, bytes: Uint8Array, at: number): number {
  return node === undefined
    ? encoder.encodeInto(text, bytes.subarray(at)).written
    : node.utf8Write.call(bytes, text, at, bytes.length - at);
}

/** The bytes of a text that is too long to have room made for three bytes a unit; undefined for others. */
export function longUtf8(text: string): Uint8Array | undefined {
  return text.length > LONG_TEXT ? encodeUtf8(text) : undefined;
}
