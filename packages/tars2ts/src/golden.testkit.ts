import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CompileOptions, compile } from './index.js';

export const goldenDir: string = fileURLToPath(new URL('../golden', import.meta.url));

/** The runs whose output is kept. */
export const goldenRuns: readonly { readonly files: readonly string[]; readonly options: CompileOptions }[] = [
  { files: ['vec.tars', 'Hello.tars'], options: {} },
  { files: ['vec.tars', 'Hello.tars'], options: { plain: true, long: 'number', only: 'client', out: 'plain' } },
];

/** Output by its path below the folder. */
export function compileGolden(files: readonly string[], options: CompileOptions): Map<string, string> {
  const outputs = compile(files, { cwd: goldenDir, ...options });
  return new Map(outputs.map(({ path, text }) => [relative(goldenDir, path), text]));
}

export function goldenText(path: string): string {
  return readFileSync(join(goldenDir, path), 'utf8');
}
