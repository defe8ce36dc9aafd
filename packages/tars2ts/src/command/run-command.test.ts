import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from './run-command.js';

let dir = '';

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tars2ts-'));
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

function put(name: string, text: string): void {
  mkdirSync(join(dir, name, '..'), { recursive: true });
  writeFileSync(join(dir, name), text);
}

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await runCommand(args, { cwd: dir, out: (text) => (out += text), err: (text) => (err += text) });
  return { code, out, err };
}

const base = 'module base { enum E { A }; };\n';
const main = '#include "base.tars"\nmodule main { struct S { 0 require base::E e; }; interface I { void f(); }; };\n';

describe('tars2ts', () => {
  it('writes each file beside its source, and names what it has written', async () => {
    put('a/base.tars', base);
    put('a/main.tars', main);
    expect(await run('a/main.tars')).toEqual({ code: 0, out: 'a/base.ts\na/main.ts\na/mainServant.ts\n', err: '' });
    expect(readFileSync(join(dir, 'a/main.ts'), 'utf8')).toContain("import { E } from './base.js';");
  });

  it('writes into a folder, and only what has changed', async () => {
    put('main.tars', main);
    put('lib/base.tars', base);
    expect((await run('--out', 'gen/ts', '--include=lib', 'main.tars')).code).toBe(0);
    expect(readdirSync(join(dir, 'gen/ts')).toSorted()).toEqual(['base.ts', 'main.ts', 'mainServant.ts']);
    const { mtimeMs } = statSync(join(dir, 'gen/ts/main.ts'));
    put('lib/base.tars', base.replace('A', 'A, B'));
    expect(await run('--out', 'gen/ts', '--include=lib', 'main.tars')).toEqual({
      code: 0,
      out: 'gen/ts/base.ts\n',
      err: '',
    });
    expect(statSync(join(dir, 'gen/ts/main.ts')).mtimeMs).toBe(mtimeMs);
  });

  it('passes its options on', async () => {
    put('main.tars', 'module tarsier { const long N = 1; struct S { 0 optional long l; }; };');
    const options = ['--plain', '--long=number', '--only=structs', '--with-tars', '--import-extension=.ts'];
    expect((await run(...options, 'main.tars')).code).toBe(0);
    const text = readFileSync(join(dir, 'main.ts'), 'utf8');
    expect(text).toContain('export const N = 1;');
    expect(text).toContain('export interface S {');
  });

  it('writes nothing when there are faults, and shows them', async () => {
    put('base.tars', base);
    put('main.tars', main.replace('base::E e', 'base::F e'));
    const { code, out, err } = await run('main.tars', 'gone.tars');
    expect([code, out]).toEqual([1, '']);
    expect(err).toBe(`gone.tars:1:1: there is no such file; correct the path
  
  ^

main.tars:2:36: there is no type base::F; define it above, or include its file
  module main { struct S { 0 require base::F e; }; interface I { void f(); }; };
                                     ^^^^^^^

tars2ts: 2 faults, nothing was written
`);
    expect(readdirSync(dir).toSorted()).toEqual(['base.tars', 'main.tars']);
  });

  it('checks that the output is what it should be', async () => {
    put('base.tars', base);
    const missing = await run('--check', 'base.tars');
    expect(missing).toEqual({
      code: 1,
      out: '',
      err: 'tars2ts: base.ts is not what its source gives; run tars2ts without --check\n',
    });
    expect(existsSync(join(dir, 'base.ts'))).toBe(false);
    await run('base.tars');
    expect(await run('--check', 'base.tars')).toEqual({ code: 0, out: '', err: '' });
    put('base.ts', '// changed by hand');
    expect((await run('--check', 'base.tars')).code).toBe(1);
  });

  it('says when it cannot write', async () => {
    put('base.tars', base);
    put('gen', 'a file where the folder should be');
    const { code, err } = await run('--out', 'gen', 'base.tars');
    expect(code).toBe(1);
    expect(err).toMatch(/^tars2ts: cannot write: /);
  });

  it.each([
    [[], 'no files were given'],
    [['--wrong', 'a.tars'], "Unknown option '--wrong'"],
    [['--long=string', 'a.tars'], '--long is bigint, number; found "string"'],
    [['--only=servant', 'a.tars'], '--only is structs, client, server, all; found "servant"'],
    [['--check', '--watch', 'a.tars'], '--check and --watch exclude each other'],
  ])('refuses %s', async (args, problem) => {
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain(problem);
    expect(err).toMatch(/See tars2ts --help\.\n$/);
  });

  it('tells its version and its options', async () => {
    expect((await run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await run('-h')).out).toMatch(/^tars2ts \[options\] <files...>/);
  });
});

/** Runs with `--watch`, and waits for what it says. */
class Watching {
  readonly ending: AbortController = new AbortController();
  readonly done: Promise<number>;
  #text = '';
  #waiters: (() => void)[] = [];

  constructor(...args: string[]) {
    const take = (text: string): void => {
      this.#text += text;
      for (const waiter of this.#waiters.splice(0)) waiter();
    };
    this.done = runCommand(['--watch', ...args], { cwd: dir, out: take, err: take, signal: this.ending.signal });
  }

  /** What came up to and with a text. */
  async until(text: string): Promise<string> {
    for (;;) {
      const at = this.#text.indexOf(text);
      if (at >= 0) {
        const found = this.#text.slice(0, at + text.length);
        this.#text = this.#text.slice(at + text.length);
        return found;
      }
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }
}

describe('tars2ts --watch', () => {
  it('compiles again when a source or an included file changes, and outlives faults', async () => {
    put('lib/base.tars', base);
    put('main.tars', main);
    const watching = new Watching('--include', 'lib', '--out=gen', 'main.tars');
    await watching.until('waiting for changes\n');
    expect(readdirSync(join(dir, 'gen')).length).toBe(3);

    put('main.tars', main.replace('struct S', 'struct T'));
    await watching.until('gen/main.ts\n');
    expect(readFileSync(join(dir, 'gen/main.ts'), 'utf8')).toContain('class T');

    put('lib/base.tars', base.replace('A', 'A, A'));
    expect(await watching.until('nothing was written\n')).toContain('the enum E has a member A already');

    // As an editor does that puts a new file in place of the old one.
    put('lib/base.new', base.replace('A', 'A, B'));
    renameSync(join(dir, 'lib/base.new'), join(dir, 'lib/base.tars'));
    await watching.until('gen/base.ts\n');
    expect(readFileSync(join(dir, 'gen/base.ts'), 'utf8')).toContain('  B: 1,');

    rmSync(join(dir, 'lib/base.tars'));
    expect(await watching.until('nothing was written\n')).toContain('"base.tars" is not in');

    // It is looked for in the other folder first.
    put('base.tars', base.replace('A', 'C'));
    await watching.until('gen/base.ts\n');
    watching.ending.abort();
    expect(await watching.done).toBe(0);
  });

  it('begins with faults too', async () => {
    put('base.tars', 'module');
    const watching = new Watching('base.tars');
    await watching.until('waiting for changes\n');
    put('base.tars', base);
    await watching.until('base.ts\n');
    watching.ending.abort();
    expect(await watching.done).toBe(0);
  });
});
