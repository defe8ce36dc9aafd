import { createRequire } from 'node:module';
import type { Logger } from '@tarsier/protocol';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import { jsonLineLogger } from './json-line-logger.js';

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

/** For people. Undefined where it is not installed. */
function prettyStream(require: Require): DestinationStream | undefined {
  const pretty = optional(require, 'pino-pretty') as typeof import('pino-pretty') | undefined;
  // Written synchronously: lines must not be lost when the process ends.
  return pretty?.({ colorize: true, sync: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname' });
}

function pinoLogger({ pino }: typeof import('pino'), stream: DestinationStream | undefined): PinoLogger {
  const options = { level: 'trace', formatters: { level: (label: string) => ({ level: label }) } };
  return stream === undefined ? pino(options) : pino(options, stream);
}

/**
 * Lines to standard output: pretty on a terminal, else JSON. Loads pino, which takes memory that silent servers need not spend; where it is
 * missing, the same lines are written without it.
 *
 * @param require instead of that of this file, for tests.
 */
export function defaultLogger(require: Require = createRequire(import.meta.url)): Logger {
  const pino = optional(require, 'pino') as typeof import('pino') | undefined;
  if (pino === undefined) return jsonLineLogger((line) => process.stdout.write(line));
  const logger = pinoLogger(pino, process.stdout.isTTY ? prettyStream(require) : undefined);
  return {
    debug: (message, fields) => {
      logger.debug(fields ?? {}, message);
    },
    info: (message, fields) => {
      logger.info(fields ?? {}, message);
    },
    warn: (message, fields) => {
      logger.warn(fields ?? {}, message);
    },
    error: (message, fields) => {
      logger.error(fields ?? {}, message);
    },
  };
}
