import type { Only } from './generate/options.js';
import type { ReadFile } from './load/file-reader.js';

/** How `.tars` files are compiled. */
export interface CompileOptions {
  /** Folder for all output; without it, each file goes beside its source. */
  readonly out?: string;
  /** Folders in which included files are looked for, after that of the including file. */
  readonly include?: readonly string[];
  /** Interfaces and constants in place of classes. */
  readonly plain?: boolean;
  /** What a `long` is in TypeScript: `bigint` unless told. A number holds 2^53 - 1 either way, and what is beyond is refused. */
  readonly long?: 'bigint' | 'number';
  /** `client`: structs, proxies and callbacks; `server`: structs and servants; `all` unless told. */
  readonly only?: Only;
  /** Allows names that begin with `tars`. */
  readonly withTars?: boolean;
  /** How generated files end where they import each other: `.js` unless told. `.ts` suits programs that Node.js runs as they are. */
  readonly importExtension?: string;
  /** Folder that relative paths begin at; that of the process unless told. */
  readonly cwd?: string;
  /** Where files come from; the disk unless told. */
  readonly readFile?: ReadFile;
}
