import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryCompile } from '@tarsier/tars2ts';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../support/needs.js';
import { tarscpp } from './tarscpp/cpp-programs.js';

/** Compares what tars2ts reads with what tars2cpp does. Without TARSCPP this is skipped: tars2cpp can be had from no package registry. */

/** Comments, texts, names, numbers, white space, and signs one by one. */
const TOKENS = /\/\/[^\n]*\n|\/\*[\s\S]*?\*\/|"(?:\\.|[^"\\])*"|[A-Za-z_]\w*|-?\d[\w.]*|\s+|[^\s\w]/g;
const tokens = readFileSync(new URL('tarscpp/Every.tars', import.meta.url), 'utf8').match(TOKENS) ?? [];
const places = [...tokens.keys()].filter((i) => /^[^\s/]/.test(tokens[i] as string));
const more = [
  '0x10',
  '1.5',
  '-1',
  '256',
  '2147483648',

  '010',
  '1.0f',
  '_a',
  '::',
  'tarsX',
  'list',
];
const pool = [...new Set([...places.map((i) => tokens[i] as string), ...more])];

function kindOf(token: string): string {
  if (token.startsWith('"')) return 'text';
  if (/^-?\d/.test(token)) return 'number';
  if (/^(bool|byte|short|int|long|float|double|string)$/.test(token)) return 'type';
  return /^\w/.test(token) ? 'word' : 'sign';
}

const place = fc.constantFrom(...places);
/** One change: what stands at a place then. */
const change = fc.oneof(
  // Another of the same kind: often still a file.
  {
    weight: 6,
    arbitrary: place.chain((at) =>
      fc.tuple(
        fc.constant(at),
        fc.constantFrom(...pool.filter((token) => kindOf(token) === kindOf(tokens[at] as string))),
      ),
    ),
  },
  fc.tuple(place, fc.constantFrom(...pool, '')),
  fc.tuple(place, fc.constantFrom(...pool)).map(([at, token]) => [at, `${token} ${tokens[at]}`] as [number, string]),
);

/** Where tars2cpp writes code that no C++ compiler takes, or that means something else, tars2ts says so itself. */
const STRICTER = [
  /which goes from/,
  /needs a whole number/,
  /is a whole number or a member/,
  /a routekey is a string/,
  /is no member of the enum/,
  /is one of its names/,
  /write the value itself/,
  /is defined already/,
  /already; (rename one|remove it|choose another)/,
  /is a word of the language/,
  /has no order; add key/,
  /needs at least one member/,
  /does not fit into the 32 bits/,
];

describe('tars2ts', needs('TarsCpp'), () => {
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tars2cpp-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** '' when the file is read, else why not. */
  function refusalOfCpp(text: string): string {
    writeFileSync(join(folder, 'Every.tars'), text);
    const program = join(tarscpp, 'tools/tars2cpp');
    const { status, stdout, stderr } = spawnSync(program, [`--dir=${folder}`, 'Every.tars'], { cwd: folder });
    const said = `${String(stdout)}${String(stderr)}`;
    return status === 0 && !said.includes('error') ? '' : `refused: ${said}`;
  }

  function refusalsOfTs(text: string): string[] {
    writeFileSync(join(folder, 'Every.tars'), text);
    return tryCompile(['Every.tars'], { cwd: folder, out: folder }).problems.map(({ message }) => message);
  }

  it('reads every construct that tars2cpp reads', () => {
    const text = tokens.join('');
    expect(refusalOfCpp(text)).toBe('');
    expect(refusalsOfTs(text)).toEqual([]);
  });

  it('refuses what tars2cpp refuses, and more only where C++ would not compile', () => {
    let both = 0;
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (changes) => {
        const changed = [...tokens];
        for (const [at, token] of changes) changed[at] = ` ${token} `;
        const text = changed.join('');
        const cpp = refusalOfCpp(text);
        const ts = refusalsOfTs(text);
        if (cpp === '' && ts.length === 0) both++;
        // The others follow from the first.
        else if (cpp === '')
          expect(
            STRICTER.filter((reason) => reason.test(ts[0] ?? '')),
            ts[0],
          ).not.toEqual([]);
        else expect(ts, cpp).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(both).toBeGreaterThan(20);
  });
});
