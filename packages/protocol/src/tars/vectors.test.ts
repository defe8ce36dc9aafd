import { describe, expect, it } from 'vitest';
import { toHex, vectors } from './vectors.testkit.js';

describe('bytes that TarsCpp has printed', () => {
  it('are all there', () => expect(vectors).toHaveLength(326));

  it.each(vectors.map((vector) => [vector.title, vector] as const))('%s', (_, { value, bytes, encode, decode }) => {
    expect(toHex(encode(value))).toBe(toHex(bytes));
    expect(decode(bytes)).toEqual(value);
  });
});
