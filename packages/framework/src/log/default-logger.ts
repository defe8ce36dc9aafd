import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Logger } from '@tarsier/protocol';
import { escapeControls } from '@tarsier/protocol/internal';
import type { Logger as PinoLogger } from 'pino';
import { jsonLineLogger } from './json-line-logger.js';
import { prettyLine } from './pretty-line.js';
import { cutText, safeRecord } from './safe-record.js';
import { writeLine } from './standard-output.js';

/** Loads a package by name. */
export type Require = (id: string) => unknown;

/** A package that is loaded when it is needed; undefined where there is none, as in a server that was bundled into one file. */
function optional(require: Require, id: string): unknown {
  try {
    return require(id);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** Beside this file; a bundle in the form of CommonJS does not know where that is. */
function ownRequire(): Require {
  const { url } = import.meta as { readonly url?: string };
  return createRequire(url ?? join(process.cwd(), 'index.js'));
}

/** For people. Undefined where it is not installed. */
function prettyFormat(require: Require): ((line: string) => string) | undefined {
  const pretty = optional(require, 'pino-pretty') as typeof import('pino-pretty') | undefined;
  if (pretty === undefined) return undefined;
  return prettyLine(pretty.prettyFactory({ colorize: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname' }));
}

/** JSON escapes what is below a space; the rest of what must not reach a terminal stands in its texts only. */
function escapedLine(line: string): string {
  return `${escapeControls(line.trimEnd())}\n`;
}

function pinoLogger({ pino }: typeof import('pino'), write: (line: string) => void): PinoLogger {
  const options = {
    level: 'trace',
    formatters: { level: (label: string) => ({ level: label }) },
    // Errors are told already.
    serializers: { err: (value: unknown) => value },
  };
  return pino(options, { write });
}

/**
 * Lines to standard output: pretty on a terminal, else JSON. Loads pino, which takes memory that silent servers need not spend; where it is
 * missing, the same lines are written without it.
 *
 * @param require instead of that of this file, for tests.
 * @param isTerminal instead of whether standard output is one, for tests.
 */
export function defaultLogger(require: Require = ownRequire(), isTerminal: boolean = process.stdout.isTTY): Logger {
  const pino = optional(require, 'pino') as typeof import('pino') | undefined;
  if (pino === undefined) return jsonLineLogger(writeLine);
  const format = (isTerminal ? prettyFormat(require) : undefined) ?? escapedLine;
  const logger = pinoLogger(pino, (line) => {
    writeLine(format(line));
  });
  const lines =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields?: object): void => {
      logger[level](safeRecord(fields), cutText(message));
    };
  return { debug: lines('debug'), info: lines('info'), warn: lines('warn'), error: lines('error') };
}
