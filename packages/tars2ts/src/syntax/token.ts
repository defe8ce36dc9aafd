import type { Span } from '../source/source-file.js';

export type TokenKind = 'name' | 'keyword' | 'integer' | 'float' | 'string' | 'sign' | 'include' | 'end';

/** A comment, with its marks. */
export interface Comment {
  readonly start: number;
  readonly end: number;
}

export interface Token extends Span {
  readonly kind: TokenKind;
  /** As it stands in the source; of an `#include` the whole directive. */
  readonly text: string;
  /** Of `integer` a bigint, of `float` a number, of `string` and `include` the text without quotes and escapes. */
  readonly value?: bigint | number | string;
  /** Comments between the token before and this one. */
  readonly comments: readonly Comment[];
}

export const keywords: ReadonlySet<string> = new Set([
  'void',
  'struct',
  'bool',
  'byte',
  'short',
  'int',
  'double',
  'float',
  'long',
  'string',
  'vector',
  'map',
  'key',
  'routekey',
  'module',
  'interface',
  'out',
  'require',
  'optional',
  'false',
  'true',
  'enum',
  'const',
  'unsigned',
]);
