import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** A fenced block of code. */
export interface Fence {
  /** Path from the root. */
  readonly file: string;
  /** Line of its first line of code, from 1. */
  readonly line: number;
  readonly language: string;
  /** What follows the language, as `file=server.ts`. */
  readonly info: string;
  readonly code: string;
}

/** Folders with pages that are made, or not ours. */
const SKIPPED = new Set(['node_modules', 'dist', 'api', 'coverage', 'src']);

function pagesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name.startsWith('.') || SKIPPED.has(entry.name) ? [] : pagesIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Every page that is written by hand, as paths from the root. */
export function pages(): string[] {
  return pagesIn('').toSorted();
}

/** The text of a page. */
export function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** The blocks of code of a page. */
export function fencesOf(file: string): Fence[] {
  const fences: Fence[] = [];
  let open: { line: number; language: string; info: string; code: string[] } | undefined;
  for (const [index, line] of read(file).split('\n').entries()) {
    if (!line.startsWith('```')) {
      open?.code.push(line);
    } else if (open === undefined) {
      const [language = '', ...info] = line.slice(3).split(' ');
      open = { line: index + 2, language, info: info.join(' '), code: [] };
    } else {
      fences.push({ ...open, file, code: `${open.code.join('\n')}\n` });
      open = undefined;
    }
  }
  return fences;
}

/** A page without its blocks of code. */
export function proseOf(file: string): string {
  return read(file).replace(/^```[\s\S]*?^```$/gm, '');
}

/** The lines below a heading, up to the next heading of any level; throws when there is no such heading. */
export function sectionOf(file: string, heading: string): string {
  const text = proseOf(file);
  const start = text.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`${file} has no heading "${heading}"`);
  const rest = text.slice(start + heading.length + 2);
  const end = rest.search(/^#+ /m);
  return end < 0 ? rest : rest.slice(0, end);
}

/** The rows of the first table in a text, without its head. */
export function rowsOf(text: string): string[][] {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => line.startsWith('|'));
  const rows: string[][] = [];
  for (const line of lines.slice(first + 2)) {
    if (!line.startsWith('|')) break;
    rows.push(
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
  }
  return rows;
}

/** The name in a cell such as `` `key` `` or `` [`KEY`](#key) ``. */
export function nameIn(cell: string | undefined): string {
  return /`([^`]+)`/.exec(cell ?? '')?.[1] ?? '';
}

/** The anchors of a page, as GitHub makes them of its headings. */
export function anchorsOf(file: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of proseOf(file).matchAll(/^#+ (.*)$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
}
