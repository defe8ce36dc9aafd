import { dirname, resolve } from 'node:path';
import { type Problem, problemAt } from '../source/problem.js';
import { SourceFile, type Span } from '../source/source-file.js';
import { parseFile } from '../syntax/parser.js';
import type { FileTree, IncludeNode } from '../syntax/tree.js';
import type { ReadFile } from './file-reader.js';

/** As in TarsCpp. */
const MAX_INCLUDE_DEPTH = 200;

/** A file and what it includes, in the order of its text. */
export interface LoadedFile {
  readonly tree: FileTree;
  readonly includes: readonly LoadedInclude[];
}

export interface LoadedInclude {
  readonly file: LoadedFile;
  /** Where it is included. */
  readonly span: Span;
}

/** Reads files with all that they include; each file is read once, however often it is included. */
export class FileLoader {
  readonly #read: ReadFile;
  readonly #includeDirs: readonly string[];
  readonly #problems: Problem[];
  readonly #files = new Map<string, { tree: FileTree; includes: LoadedInclude[] }>();
  readonly #looked = new Set<string>();

  constructor(read: ReadFile, includeDirs: readonly string[], problems: Problem[]) {
    this.#read = read;
    this.#includeDirs = includeDirs;
    this.#problems = problems;
  }

  /** Everything whose change may change the result, files that were looked for in vain too. */
  get watched(): string[] {
    return [...this.#looked];
  }

  /** @param path absolute. */
  load(path: string): LoadedFile | undefined {
    return this.#open(path, 0);
  }

  #open(path: string, depth: number): LoadedFile | undefined {
    // Also ends cycles: what is being read counts as read, as in C++.
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    this.#looked.add(path);
    const text = this.#read(path);
    if (text === undefined) return undefined;
    const tree = parseFile(new SourceFile(path, text), this.#problems);
    const file = { tree, includes: [] as LoadedInclude[] };
    this.#files.set(path, file);
    for (const include of tree.includes) {
      const included = this.#include(include, depth + 1);
      if (included !== undefined && included !== file) file.includes.push({ file: included, span: include });
    }
    return file;
  }

  #include(include: IncludeNode, depth: number): LoadedFile | undefined {
    if (depth > MAX_INCLUDE_DEPTH) {
      this.#report(include, `files include each other more than ${MAX_INCLUDE_DEPTH} deep; make the chain shorter`);
      return undefined;
    }
    const dirs = [dirname(include.source.path), ...this.#includeDirs];
    for (const dir of dirs) {
      const file = this.#open(resolve(dir, include.path), depth);
      if (file !== undefined) return file;
    }
    const places = [...new Set(dirs)].join(', ');
    this.#report(include, `"${include.path}" is not in ${places}; correct the name or give its folder with --include`);
    return undefined;
  }

  #report(span: Span, message: string): void {
    this.#problems.push(problemAt(span, message));
  }
}
