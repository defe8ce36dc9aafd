/** The few forms of DER (ITU-T X.690) that a certificate is made of. */

/** One value: its tag, its length, and what is in it. */
function value(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const head =
    length < 0x80 ? [tag, length] : length < 0x100 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), body]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => value(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Buffer => value(0x31, ...parts);
export const octets = (...parts: readonly Uint8Array[]): Buffer => value(0x04, ...parts);
export const bits = (bytes: Uint8Array): Buffer => value(0x03, Buffer.of(0), bytes);
export const utf8 = (text: string): Buffer => value(0x0c, Buffer.from(text));
export const yes: Buffer = value(0x01, Buffer.of(0xff));

/** A value with a tag of its place: `[tag]`, with values in it or with bytes. */
export const tagged = (tag: number, ...parts: readonly Uint8Array[]): Buffer => value(0xa0 | tag, ...parts);
export const taggedBytes = (tag: number, bytes: Uint8Array): Buffer => value(0x80 | tag, bytes);

/** A whole number from 0 to 2^31 - 1. */
export function integer(number: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt32BE(number, 1);
  // Without the zeros in front, but with one where the first bit would read as a sign.
  let start = 0;
  while (start < 4 && bytes[start] === 0 && (bytes[start + 1] as number) < 0x80) start++;
  return value(0x02, bytes.subarray(start));
}

/** An identifier, as `2.5.4.3`. */
export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return value(0x06, Buffer.from(bytes));
}

/** A time before 2050, in seconds. */
export function time(date: Date): Buffer {
  return value(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`));
}
