import { decodeUtf8, encodeUtf8 } from '../buffer/utf8.js';
import { SHORT_ASCII, shortAscii } from './short-ascii.js';

declare class TextEncoder {
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
}

/** What Node has on the prototype of its buffers: it works on any array, and costs no view. */
interface NodeTexts {
  utf8Slice(this: Uint8Array, start: number, end: number): string;
  utf8Write(this: Uint8Array, text: string, at: number, length: number): number;
}

/** Longer ones are encoded by themselves, or room would be needed for three bytes a character. */
const LONG_TEXT = 8192;

const encoder = new TextEncoder();
const node = nodeTexts();

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
  if (size <= SHORT_ASCII) {
    const text = shortAscii(bytes, at, size);
    if (text !== undefined) return text;
  }
  return node === undefined ? decodeUtf8(bytes.subarray(at, at + size)) : node.utf8Slice.call(bytes, at, at + size);
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
