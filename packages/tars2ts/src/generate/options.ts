import type { Definition, FileModel } from '../check/model.js';
import type { FileNames } from './file-names.js';

/** What goes into the output: `client` are structs, proxies and callbacks, `server` structs and servants. */
export type Only = 'structs' | 'client' | 'server' | 'all';

/** How generated code looks. */
export interface GenerateOptions {
  /** Interfaces with a constant each instead of classes. */
  readonly plain: boolean;
  readonly long: 'bigint' | 'number';
  readonly only: Only;
}

/** One file that is generated, and what it needs to know of the others. */
export interface Unit {
  readonly file: FileModel;
  readonly names: FileNames;
  readonly options: GenerateOptions;
  /** The name of the source for the header. */
  readonly title: string;
  namesOf(definition: Definition): FileNames;
  /** How the generated code of a definition's file is imported. */
  specifierOf(definition: Definition): string;
}
