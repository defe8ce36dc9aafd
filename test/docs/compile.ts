import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { root } from './markdown.js';

/** Where snippets are compiled: inside the repository, so that `@tarsier/*` resolve to the built packages as for a user. */
const cache = join(root, 'node_modules/.cache/tarsier-docs');

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts'],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  moduleDetection: ts.ModuleDetectionKind.Force,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noImplicitOverride: true,
  experimentalDecorators: true,
  skipLibCheck: true,
  types: ['node'],
  typeRoots: [join(root, 'node_modules/@types')],
};

/** What the compiler made of some files. */
export interface Compiled {
  /** The folder that they, and their `.js` files, lie in. */
  readonly folder: string;
  /** As `name.ts(3): message`. */
  readonly problems: string[];
}

/** Compiles files, given by name and text, as modules of a program of a user. The caller removes the folder. */
export function compile(files: Readonly<Record<string, string>>): Compiled {
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'run-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  const paths = Object.entries(files).map(([name, text]) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  });
  const program = ts.createProgram(paths, options);
  const problems = ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
    const { file, start = 0 } = diagnostic;
    if (file === undefined) return text;
    return `${relative(folder, file.fileName)}(${file.getLineAndCharacterOfPosition(start).line + 1}): ${text}`;
  });
  program.emit();
  return { folder, problems };
}
