import { ConfigException } from '../errors/exceptions.js';
import type { Where } from '../errors/tars-exception.js';

/** Where something stands in a configuration text; lines and columns count from 1. */
export interface ConfigPosition {
  /** The file's name as it was given to the parser. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
}

/** The begin of a message about a place: `server.conf:12:3: `, or `line 12, column 3: ` without a file name. */
export function atPosition(position: ConfigPosition | undefined): string {
  if (position === undefined) return '';
  const { file, line, column } = position;
  return file === undefined ? `line ${line}, column ${column}: ` : `${file}:${line}:${column}: `;
}

/** The exception for something wrong in a configuration, with file, line and column if they are known. */
export function configError(
  message: string,
  position?: ConfigPosition,
  where: Where = {},
  cause?: unknown,
): ConfigException {
  return new ConfigException(atPosition(position) + message, { where: { ...position, ...where }, cause });
}

/** A piece of a configuration in quotes, cut when it is long. */
export function quoteConfig(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
