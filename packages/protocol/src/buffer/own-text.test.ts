import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { cutText, ownText } from './own-text.js';

describe.each([
  ['cutText', cutText],
  ['ownText', ownText],
])('%s', (_name, cut) => {
  it.each([
    ['', 3, ''],
    ['abc', 3, 'abc'],
    ['abcd', 3, 'abc'],
    ['ab😀', 4, 'ab😀'],
    ['ab😀', 3, 'ab'],
    ['äöü', 2, 'äö'],
    ['x'.repeat(100), 20, 'x'.repeat(20)],
    [`${'x'.repeat(19)}😀`, 20, 'x'.repeat(19)],
  ])('cuts %j to %i units, never within a code point', (text, maxChars, expected) => {
    expect(cut(text, maxChars)).toBe(expected);
  });
});

it('ownText does not keep the text alive that it was cut from', () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const kept: string[] = [];
  gc();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 100; n++) kept.push(ownText(String(n).padEnd(500_000, 'n'), 100));
  gc();
  expect(kept).toHaveLength(100);
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
});
