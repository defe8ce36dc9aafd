import { rmSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compile } from './compile.js';
import { fencesOf, pages } from './markdown.js';

const snippets = pages()
  .flatMap(fencesOf)
  .filter(({ language }) => language === 'ts');
const whole = snippets.filter(({ info }) => info !== 'fragment');

describe('the TypeScript in the documentation', () => {
  it('compiles', () => {
    // Named for their place, so that a problem tells it; the lines before keep the line numbers of the page.
    const files = whole.map(({ file, line, info, code }) => {
      const page = file.replaceAll(/[/.]/g, '_');
      // The programs of a page import each other.
      const name = info.startsWith('file=') ? `${page}/${info.slice(5)}` : `${page}_${line}.ts`;
      return [name, '\n'.repeat(line - 1) + code] as const;
    });
    const { folder, problems } = compile(Object.fromEntries(files));
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
