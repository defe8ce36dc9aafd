import { decodeUtf8, encodeUtf8 } from './utf8.js';

/** Shorter slices are copied by V8 itself. */
const SLICE_MIN = 13;
const HIGH_SURROGATE = /[\ud800-\udbff]$/;

/**
 * A text that a peer has named, cut so that it may be a key or stand in a line; never within a code point.
 *
 * It may still keep the text alive that it was cut from: what stays longer than a call takes {@link ownText}.
 *
 * @param maxChars in UTF-16 units.
 */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return text.slice(0, maxChars).replace(HIGH_SURROGATE, '');
}

/**
 * As {@link cutText}, and a copy: in V8 a piece of a text keeps all of it in memory, be it a megabyte. Everything that is kept or logged,
 * and was named by a peer, goes through here before it becomes a key or a line.
 *
 * @param maxChars in UTF-16 units.
 */
export function ownText(text: string, maxChars: number): string {
  const cut = cutText(text, maxChars);
  return cut.length < SLICE_MIN ? cut : decodeUtf8(encodeUtf8(cut));
}
