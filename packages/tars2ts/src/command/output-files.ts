import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { OutputFile } from '../compile.js';

/** The files that are not on the disk as they should be. */
export function changedFiles(files: readonly OutputFile[]): OutputFile[] {
  return files.filter(({ path, text }) => currentText(path) !== text);
}

export function writeFiles(files: readonly OutputFile[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

function currentText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not there, or not to be read: it has to be written in any case, which says why it cannot be.
    return undefined;
  }
}
