import { encodeUtf8 } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { hexDump } from './hex-dump.js';

const lines = (...text: string[]): string => text.join('\n');

describe('hexDump', () => {
  it('shows offset, bytes, borders of chunks, text, and an arrow below the byte', () => {
    expect(hexDump(encodeUtf8('GET /a HTTP\r\n012345'), [1, 16], 2)).toBe(
      lines(
        '  0000  47|45 54 20 2f 61 20 48 54 54 50 0d 0a 30 31 32   GET /a HTTP..012',
        '              ^',
        '  0010 |33 34 35                                          345',
      ),
    );
  });

  it('points behind the last byte, also of a full line', () => {
    expect(hexDump(Uint8Array.of(1, 2), [], 2).split('\n')[1]).toBe('              ^');
    const full = hexDump(new Uint8Array(16), [], 16).split('\n');
    expect(full).toHaveLength(2);
    expect(full[1]?.indexOf('^')).toBe(8 + 3 * 16);
  });

  it('leaves out the middle of many lines, but not around the arrow', () => {
    const dump = hexDump(new Uint8Array(1000), [], 500).split('\n');
    expect(dump.length).toBeLessThan(15);
    expect(dump.filter((line) => line === '  …')).toHaveLength(2);
    const arrow = dump.findIndex((line) => line.trim() === '^');
    expect(dump[arrow - 1]).toMatch(/^ {2}01f0 /);
    expect(dump.at(-1)).toMatch(/^ {2}03e0 /);
  });

  it('says so when there is nothing', () => {
    expect(hexDump(new Uint8Array(0), [], 0)).toBe('  (no bytes)');
  });
});
