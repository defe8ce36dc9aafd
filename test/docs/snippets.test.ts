import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import { compile as compileTars } from '@tarsier/tars2ts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compile } from './compile.js';
import { fencesOf, pages } from './markdown.js';

const fences = pages().flatMap(fencesOf);
const snippets = fences.filter(({ language }) => language === 'ts');
const whole = snippets.filter(({ info }) => info !== 'fragment');

/** Where the programs of a page lie, which import each other. */
function folderOf(page: string): string {
  return page.replaceAll(/[/.]/g, '_');
}

/** What the `.tars` files of the pages become, for the snippets that import it. */
function generated(): [name: string, text: string][] {
  const idl = fences.filter(({ language }) => language === 'tars');
  const sources = new Map(idl.map(({ info, code }): [string, string] => [`/${info.replace('file=', '')}`, code]));
  const outputs = compileTars([...sources.keys()], { cwd: '/', readFile: (path) => sources.get(path) });
  const folders = new Set(['.', ...idl.map(({ file }) => folderOf(file))]);
  return [...folders].flatMap((folder) =>
    outputs.map(({ path, text }): [name: string, text: string] => [`${folder}/${basename(path)}`, text]),
  );
}

describe('the TypeScript in the documentation', () => {
  it('compiles', () => {
    // Named for their place, so that a problem tells it; the lines before keep the line numbers of the page.
    const files = whole.map(({ file, line, info, code }) => {
      const page = folderOf(file);
      const name = info.startsWith('file=') ? `${page}/${info.slice(5)}` : `${page}_${line}.ts`;
      return [name, '\n'.repeat(line - 1) + code] as const;
    });
    const { folder, problems } = compile(Object.fromEntries([...files, ...generated()]));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    expect(problems).toEqual([]);
  });

  it('is whole, but for few fragments', () => {
    expect(whole.length).toBeGreaterThan(15);
    expect(snippets.length - whole.length).toBeLessThanOrEqual(2);
  });

  it('is found wrong when it is', () => {
    const { folder, problems } = compile({ 'wrong.ts': "import { Nothing } from '@tarsier/framework';\nNothing();\n" });
    onTestFinished(() => rmSync(folder, { recursive: true }));
    expect(problems.join('\n')).toContain('wrong.ts(1)');
  });
});
