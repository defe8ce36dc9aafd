const PER_LINE = 16;
/** Of more lines only the first and those around the arrow are shown. */
const MAX_LINES = 12;
const SHOWN_AROUND = 3;

/**
 * Bytes in lines of 16: offset, hex, text. `|` stands where a chunk begins, `^` below the byte at `at`.
 *
 * @param at may be the length of the bytes: the arrow then stands behind the last.
 */
export function hexDump(bytes: Uint8Array, cuts: readonly number[], at: number): string {
  if (bytes.length === 0) return '  (no bytes)';
  const borders = new Set(cuts);
  const arrowLine = Math.floor(at / PER_LINE);
  // The arrow behind the last byte of a full line stands on that line.
  const isBehindFullLine = at === bytes.length && at % PER_LINE === 0;
  const shownArrowLine = isBehindFullLine ? arrowLine - 1 : arrowLine;
  const count = Math.ceil(bytes.length / PER_LINE);
  const lines: string[] = [];
  let isGap = false;
  for (let line = 0; line < count; line++) {
    const isNear = Math.abs(line - shownArrowLine) < SHOWN_AROUND;
    if (count > MAX_LINES && line >= SHOWN_AROUND && line < count - 1 && !isNear) {
      if (!isGap) lines.push('  …');
      isGap = true;
      continue;
    }
    isGap = false;
    const from = line * PER_LINE;
    lines.push(
      `  ${from.toString(16).padStart(4, '0')} ${lineOf(bytes.subarray(from, from + PER_LINE), from, borders)}`,
    );
    if (line === shownArrowLine) lines.push(`       ${' '.repeat(3 * (at - from) + 1)}^`);
  }
  return lines.join('\n');
}

function lineOf(bytes: Uint8Array, from: number, borders: ReadonlySet<number>): string {
  let hex = '';
  let text = '';
  for (const [i, byte] of bytes.entries()) {
    hex += `${borders.has(from + i) ? '|' : ' '}${byte.toString(16).padStart(2, '0')}`;
    text += byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : '.';
  }
  return `${hex.padEnd(3 * PER_LINE)}   ${text}`;
}
