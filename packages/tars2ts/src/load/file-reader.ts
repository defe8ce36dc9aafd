import { readFileSync } from 'node:fs';

/** Where `.tars` files come from: undefined for one that is not there. */
export type ReadFile = (path: string) => string | undefined;

/** From the disk. */
export function readFromDisk(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
