import { describe, expect, it } from 'vitest';
import { SHORT_ASCII, shortAscii } from './short-ascii.js';

const block = Uint8Array.from({ length: 128 }, (_, i) => 127 - i);
const sizes = Array.from({ length: SHORT_ASCII + 1 }, (_, size) => size);

describe('shortAscii', () => {
  it.each(sizes)('makes texts of %i bytes, wherever they lie', (size) => {
    for (const at of [0, 1, 7, 128 - size]) {
      expect(shortAscii(block, at, size)).toBe(Buffer.from(block.subarray(at, at + size)).toString('latin1'));
    }
  });

  it.each(sizes.slice(1))(
    'leaves those of %i bytes alone that have one beyond ASCII, and looks at no other bytes',
    (size) => {
      for (let bad = 0; bad < size; bad++) {
        const bytes = new Uint8Array(size + 2).fill(0x61);
        bytes[0] = 0xff;
        bytes[size + 1] = 0xff;
        expect(shortAscii(bytes, 1, size)).toBe('a'.repeat(size));
        bytes[1 + bad] = 0x80;
        expect(shortAscii(bytes, 1, size)).toBeUndefined();
      }
    },
  );

  it('leaves longer ones to others', () => {
    expect(shortAscii(block, 0, SHORT_ASCII + 1)).toBeUndefined();
  });
});
