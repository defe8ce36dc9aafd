import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Case, shrink } from './shrink.js';

describe('shrink', () => {
  it('finds the byte that matters', () => {
    const bytes = Uint8Array.from({ length: 200 }, (_, i) => (i === 77 ? 0x90 : i & 0x7f));
    const small = shrink({ bytes, cuts: [3, 90] }, (tried) => tried.bytes.some((byte) => byte > 0x7f));
    expect(small).toEqual({ bytes: Uint8Array.of(0x80), cuts: [] });
  });

  it('keeps the one cut that matters, and moves it with the bytes', () => {
    const shows = ({ bytes, cuts }: Case): boolean => cuts.some((cut) => bytes[cut - 1] === 7 && bytes[cut] === 9);
    const bytes = Uint8Array.of(1, 2, 3, 7, 9, 4, 5);
    expect(shrink({ bytes, cuts: [1, 2, 4, 6] }, shows)).toEqual({ bytes: Uint8Array.of(7, 9), cuts: [1] });
  });

  it('gives nothing that does not show the fault, nothing larger, and tries no more often than it may', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.array(fc.nat()),
        fc.nat(),
        (bytes, places, wanted) => {
          const cuts = [...new Set(places.map((at) => at % bytes.length))]
            .filter((at) => at > 0)
            .toSorted((a, b) => a - b);
          const isSuspect = (tried: Case): boolean =>
            tried.bytes.reduce((sum, byte) => sum + byte, 0) % 7 === wanted % 7;
          fc.pre(isSuspect({ bytes, cuts }));
          let attempts = 0;
          const small = shrink(
            { bytes, cuts },
            (tried) => {
              attempts++;
              expect(tried.cuts.every((cut) => cut > 0 && cut < tried.bytes.length)).toBe(true);
              return isSuspect(tried);
            },
            50,
          );
          expect(isSuspect(small)).toBe(true);
          expect(small.bytes.length).toBeLessThanOrEqual(bytes.length);
          expect(attempts).toBeLessThanOrEqual(50);
        },
      ),
    );
  });
});
