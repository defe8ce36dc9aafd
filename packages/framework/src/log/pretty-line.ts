import { escapeControls, escapeLines } from '@tarsier/protocol/internal';

function safe(value: unknown, key: string): unknown {
  if (typeof value === 'string') return key === 'stack' ? escapeLines(value) : escapeControls(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => safe(one, ''));
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [escapeControls(name), safe(one, name)]));
}

/**
 * Makes lines for people of JSON lines.
 *
 * @param format shows one record; its colours are the only control characters of a line.
 */
export function prettyLine(format: (record: object) => string): (line: string) => string {
  return (line) => format(safe(JSON.parse(line), '') as object);
}
