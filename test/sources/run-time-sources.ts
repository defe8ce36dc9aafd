import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A source that is part of a package. */
export interface RunTimeSource {
  /** Path from the root, with slashes. */
  readonly file: string;
  readonly tree: ts.SourceFile;
}

/** All sources of the packages except those of tests. */
export function runTimeSources(): RunTimeSource[] {
  return readdirSync(join(root, 'packages')).flatMap((name) => {
    const folder = `packages/${name}/src`;
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/\.(?:test|testkit|d)\.ts$/.test(path))
      .map((path) => {
        const file = `${folder}/${path.replaceAll('\\', '/')}`;
        const text = readFileSync(join(root, file), 'utf8');
        return { file, tree: ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true) };
      });
  });
}

/** Calls a function with each node of a source. */
export function visitNodes(tree: ts.SourceFile, visit: (node: ts.Node) => void): void {
  const each = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, each);
  };
  each(tree);
}

/** `file:line`, as editors open it. */
export function placeOf({ file, tree }: RunTimeSource, node: ts.Node): string {
  return `${file}:${tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1}`;
}
