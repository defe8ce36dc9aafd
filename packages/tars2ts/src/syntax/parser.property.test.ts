import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, tryCompile } from '../compile.js';
import { goldenText } from '../golden.testkit.js';
import { TarsIdlError } from '../index.js';

const sources = ['vec.tars', 'Base.tars', 'Hello.tars'].map(goldenText);
const files = new Map(['vec.tars', 'Base.tars', 'Hello.tars'].map((name, index) => [`/${name}`, sources[index]]));

/** Compiles a text, and lets nothing through but the compiler's own error. */
function attempt(text: string): void {
  try {
    compile(['/x.tars'], { readFile: (path) => (path === '/x.tars' ? text : files.get(path)), cwd: '/' });
  } catch (error) {
    if (!(error instanceof TarsIdlError)) throw error;
    expect(error.problems.length).toBeGreaterThan(0);
    for (const { line, column, length, sourceLine } of error.problems) {
      expect(line).toBeGreaterThan(0);
      expect(length).toBeGreaterThan(0);
      expect(column + length - 1).toBeLessThanOrEqual(sourceLine.length + 1);
    }
  }
}

const piece = fc.constantFrom(
  ...'module struct enum const key interface require optional vector map unsigned int string { } ( ) [ ] < > ; , :: : = * # " / // /* */ 0 1 255 -1 0x 09 1e 1.5 "a" \\ a tars void out routekey \n \r \t é 😀 \u0000 @'.split(
    ' ',
  ),
);

describe('the compiler', () => {
  it('throws nothing but its own error for texts of its words', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        attempt(pieces.join(' '));
        attempt(`module m { ${pieces.join('')} };`);
      }),
      { numRuns: 500 },
    );
  });

  it('throws nothing but its own error for texts that are cut, doubled or overwritten somewhere', () => {
    const at = fc.nat();
    fc.assert(
      fc.property(
        fc.constantFrom(...sources),
        at,
        fc.nat({ max: 80 }),
        piece,
        fc.boolean(),
        (source, start, size, patch, twice) => {
          const begin = start % source.length;
          const middle = twice ? source.slice(begin, begin + size).repeat(2) : patch;
          attempt(source.slice(0, begin) + middle + source.slice(begin + size));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('throws nothing but its own error for any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), attempt), { numRuns: 300 });
  });

  it.each([
    ['braces', '{'],
    ['ends', '};'],
    ['types', 'module m { struct S { 0 require vector<'],
    ['comments', '/* '],
    ['quotes', '"'],
    ['numbers', '9'],
    ['hashes', '#'],
    ['strange signs', '@'],
    ['names', 'a'],
    ['lines', '// x\n'],
    ['members', '0 require int a;'],
    ['modules', 'module m { enum E { A, }; };\n'],
    ['struct members', 'module m { struct S { 0 require int x; 0 require Foo y; }; };'],
    ['blanks', ' '],
  ])('takes time in proportion to the text: %s', (_, unit) => {
    // In quadratic time it would take minutes.
    const text = unit.repeat(Math.ceil(400_000 / unit.length));
    const begin = performance.now();
    tryCompile(['/x.tars'], { readFile: (path) => (path === '/x.tars' ? text : undefined), cwd: '/' });
    expect(performance.now() - begin).toBeLessThan(10_000);
  });
});
