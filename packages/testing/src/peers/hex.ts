/** Bytes that one line of a dump shows. */
const LINE = 16;
/** Lines of a difference that are shown, before and after it. */
const BEFORE = 1;
const AFTER = 1;

/**
 * Bytes written in hexadecimal, spaces and line ends ignored, for scripts: `hex('00 00 00 08')`.
 *
 * @throws RangeError for anything else.
 */
export function hex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s+/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) {
    throw new RangeError(`hex: ${JSON.stringify(text)} is not pairs of hexadecimal digits`);
  }
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

/** Bytes as hexadecimal digits and as text, for a message; long ones are cut. */
export function dump(bytes: Uint8Array, most: number = 2 * LINE): string {
  if (bytes.length === 0) return 'nothing';
  const shown = bytes.subarray(0, most);
  const text = Array.from(shown, (byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
  return `${hexOf(shown)}${bytes.length > most ? ' …' : ''}  |${text}|`;
}

/** Where two pieces of bytes differ first; -1 when one begins with the other. */
export function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length);
  for (let i = 0; i < most; i++) if (a[i] !== b[i]) return i;
  return -1;
}

/** The lines around a byte that differs, expected above received, with a mark below it. */
export function difference(expected: Uint8Array, received: Uint8Array, at: number): string {
  const first = Math.max(0, Math.floor(at / LINE) - BEFORE);
  const last = Math.floor(at / LINE) + AFTER;
  const lines: string[] = [];
  for (let line = first; line <= last; line++) {
    const from = line * LINE;
    if (from >= expected.length && from >= received.length) break;
    const place = String(from).padStart(6);
    const piece = (bytes: Uint8Array) => hexOf(bytes.subarray(from, from + LINE));
    lines.push(`  expected ${place}  ${piece(expected)}`, `  received ${place}  ${piece(received)}`);
    if (at >= from && at < from + LINE) lines.push(`${' '.repeat(19 + 3 * (at - from))}^^ byte ${at}`);
  }
  return lines.join('\n');
}

/** What came, below what was waited for where that is known. */
export function soFar(received: Uint8Array, expected: Uint8Array | undefined): string {
  const wanted = expected === undefined ? '' : `\n  expected ${dump(expected)}`;
  return `${wanted}\n  received ${dump(received)}`;
}
