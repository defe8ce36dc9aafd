import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOf, tokenOf } from './address-token.js';

describe('a token', () => {
  it('is safe in subjects and keys, readable, and gives its text back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const token = tokenOf(text);
        expect(token).toMatch(/^[-\w=/]+$/);
        const back = textOf(token);
        if (back !== undefined) expect(back).toBe(text);
        else expect(token.length).toBe(44);
      }),
    );
    expect(tokenOf('g:room-7')).toBe('g=3aroom-7');
  });

  it('of a long text is short, and another for each', () => {
    const tokens = new Set(['x', 'y'].map((letter) => tokenOf(letter.repeat(10_000))));
    expect(tokens.size).toBe(2);
    for (const token of tokens) expect(token.length).toBeLessThan(60);
  });
});
