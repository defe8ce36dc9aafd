import { type FSWatcher, watch } from 'node:fs';
import { dirname, join } from 'node:path';

/** An editor writes a file in several steps. */
const SETTLE_MS = 50;

/** Tells when one of some files changes, comes or goes. */
export class FileWatch {
  readonly #onChange: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #files: ReadonlySet<string> = new Set();
  #timer: NodeJS.Timeout | undefined;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  /** @param files absolute paths; those that are not there may come. */
  set(files: readonly string[]): void {
    this.#files = new Set(files);
    const dirs = new Set(files.map((file) => dirname(file)));
    for (const [dir, watcher] of this.#watchers) {
      if (dirs.has(dir)) continue;
      watcher.close();
      this.#watchers.delete(dir);
    }
    for (const dir of dirs) if (!this.#watchers.has(dir)) this.#open(dir);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  /** Folders are watched and not files: many editors put a new file in place of the old one. */
  #open(dir: string): void {
    try {
      const watcher = watch(dir, (_event, name) => {
        if (name === null || this.#files.has(join(dir, name))) this.#settle();
      });
      // The folder has gone: nothing in it can change.
      watcher.on('error', () => this.#watchers.delete(dir));
      this.#watchers.set(dir, watcher);
    } catch {
      // There is no such folder, which the compiler has reported.
    }
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#onChange, SETTLE_MS);
  }
}
