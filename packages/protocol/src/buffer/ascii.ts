/**
 * The text with A to Z in lower case and every other character as it is.
 *
 * `toLowerCase` follows Unicode: it makes `k` of U+212A (the Kelvin sign), so that a word which is none would be taken for a keyword of a
 * protocol, and other programs on the way read it differently.
 */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * Whether the bytes from `start` to `end` are a word, whatever the case of their letters.
 *
 * @param word in lower case, of letters and hyphens.
 */
export function isAsciiWord(bytes: Uint8Array, start: number, end: number, word: Uint8Array): boolean {
  if (end - start !== word.length) return false;
  for (let i = 0; i < word.length; i++) {
    const byte = bytes[start + i] as number;
    const isUpper = byte >= 0x41 && byte <= 0x5a;
    if ((isUpper ? byte | 0x20 : byte) !== word[i]) return false;
  }
  return true;
}
