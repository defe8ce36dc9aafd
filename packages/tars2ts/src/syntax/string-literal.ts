const simple: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  v: 11,
  f: 12,
  '\\': 92,
  '"': 34,
  "'": 39,
  '?': 63,
};

/**
 * What stands between the quotes of a C string, or what is wrong with it and where. Octal and hex escapes are bytes, of which
 * several may form one character in UTF-8.
 */
export function unescapeString(raw: string): string | { readonly at: number; readonly problem: string } {
  if (!raw.includes('\\')) return raw;
  const bytes: number[] = [];
  const escape = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|([\s\S]?))/g;
  const encoder = new TextEncoder();
  let from = 0;
  for (const match of raw.matchAll(escape)) {
    for (const byte of encoder.encode(raw.slice(from, match.index))) bytes.push(byte);
    const [whole, octal, hex, letter = ''] = match;
    const value = octal === undefined ? (hex === undefined ? simple[letter] : parseInt(hex, 16)) : parseInt(octal, 8);
    if (value === undefined || !(value <= 255)) {
      return { at: match.index, problem: `${whole} is no escape of a string; write \\\\ for a backslash` };
    }
    bytes.push(value);
    from = match.index + whole.length;
  }
  for (const byte of encoder.encode(raw.slice(from))) bytes.push(byte);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes));
  } catch {
    return { at: 0, problem: 'the bytes of this string are no UTF-8; a TypeScript string cannot hold them' };
  }
}
