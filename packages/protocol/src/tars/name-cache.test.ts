import { assert, property, string, uint8Array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../buffer/utf8.js';
import { readName } from './name-cache.js';

describe('readName', () => {
  it('gives the text of the bytes, the first time and later, among many others', () => {
    const names = Array.from({ length: 2000 }, (_, i) => `App.Server${i}.Obj`);
    for (let round = 0; round < 2; round++) {
      for (const name of names) {
        const bytes = encodeUtf8(`..${name}..`);
        expect(readName(bytes, 2, bytes.length - 4)).toBe(name);
      }
    }
  });

  it('tells names apart that have the same length, ends and middle', () => {
    const names = Array.from({ length: 100 }, (_, i) => `key-${String(i).padStart(3, '0')}-of-one-map`);
    for (let round = 0; round < 3; round++) {
      for (const name of names) {
        const bytes = encodeUtf8(name);
        expect(readName(bytes, 0, bytes.length)).toBe(name);
      }
    }
  });

  it('is the decoder, whatever the bytes and wherever they lie', () => {
    assert(
      property(uint8Array({ maxLength: 80 }), string({ unit: 'binary', maxLength: 20 }), (bytes, text) => {
        expect(readName(bytes, 0, bytes.length)).toBe(decodeUtf8(bytes));
        const encoded = encodeUtf8(text);
        expect(readName(encoded, 0, encoded.length)).toBe(decodeUtf8(encoded));
      }),
    );
  });

  it('keeps nothing of the buffer that it reads', () => {
    const bytes = encodeUtf8('remembered');
    readName(bytes, 0, bytes.length);
    bytes.fill(120);
    expect(readName(encodeUtf8('remembered'), 0, 10)).toBe('remembered');
    expect(readName(bytes, 0, 10)).toBe('xxxxxxxxxx');
  });
});
