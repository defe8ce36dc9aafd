import { describe, expect, it } from 'vitest';
import { ByteVector } from './byte-vector.js';
import { encodeUtf8 } from './utf8.js';

/** Time in ms to append so many pieces. */
function fill(count: number): number {
  const begin = performance.now();
  const vector = new ByteVector();
  const piece = Uint8Array.of(1, 2, 3, 4);
  for (let i = 0; i < count; i++) vector.append(piece);
  expect(vector.length).toBe(4 * count);
  return performance.now() - begin;
}

describe('ByteVector', () => {
  it('takes arrays, vectors and text without a copy', () => {
    const bytes = encodeUtf8('hello');
    const vector = new ByteVector(bytes);
    expect(vector.data()).toBe(bytes);
    const second = new ByteVector().assign(vector);
    expect(second.data()).toBe(bytes);
    expect(new ByteVector('grüße').toString()).toBe('grüße');
    expect([vector.length, vector.size(), vector.empty()]).toEqual([5, 5, false]);
    expect(new ByteVector().empty()).toBe(true);
  });

  it('is a part of a block', () => {
    const block = encodeUtf8('hello world');
    const vector = new ByteVector().assignRange(block, 6, 11);
    expect(vector.toString()).toBe('world');
    expect(vector.data().buffer).toBe(block.buffer);
    expect([vector.at(0), vector.at(4)]).toEqual([0x77, 0x64]);
    for (const index of [-1, 5, 0.5, Number.NaN]) expect(() => vector.at(index)).toThrow(RangeError);
    for (const [start, end] of [
      [-1, 2],
      [3, 2],
      [0, 12],
      [Number.NaN, 1],
    ] as const) {
      expect(() => vector.assignRange(block, start, end)).toThrow(RangeError);
    }
    expect(vector.toString()).toBe('world');
  });

  it('appends copies, itself included, and leaves its sources alone', () => {
    const source = encodeUtf8('ab');
    const vector = new ByteVector(source).append('c').append(Uint8Array.of(100)).append(new ByteVector('e'));
    vector.append(vector);
    expect(vector.toString()).toBe('abcdeabcde');
    expect(source).toEqual(encodeUtf8('ab'));
    for (let i = 0; i < 100; i++) vector.append('xyz');
    expect(vector.toString()).toBe(`abcdeabcde${'xyz'.repeat(100)}`);
    vector.clear();
    expect(vector.append('new').toString()).toBe('new');
  });

  it('does not write over bytes that another vector holds', () => {
    const first = new ByteVector().append('abc');
    const early = new ByteVector().assign(first);
    first.append('def');
    const late = new ByteVector().assign(first);
    const view = first.data();
    // Back to a shorter range of its own block, in both ways.
    first.assign(early).append('XYZ');
    expect(first.toString()).toBe('abcXYZ');
    const cut = new ByteVector().append('123456');
    const held = new ByteVector().assign(cut);
    cut.end -= 3;
    cut.append('abc');
    expect(cut.toString()).toBe('123abc');
    early.append('!');
    expect([early, late, held].map(String)).toEqual(['abc!', 'abcdef', '123456']);
    expect(view).toEqual(encodeUtf8('abcdef'));
  });

  it('appends in time linear in the bytes', () => {
    fill(1000);
    // Quadratic, it would be 400 GB of copies.
    expect(fill(400_000)).toBeLessThan(5000);
  });
});
