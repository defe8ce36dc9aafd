import { createRequire } from 'node:module';
import type { Logger } from '@tarsier/protocol';
import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';

/** The log levels of TARS, from silent to everything. */
export const LogLevel = { NONE: 0, ERROR: 1, WARN: 2, INFO: 3, DEBUG: 4, TARS: 5 } as const;

/** One of the values of {@link LogLevel}. */
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

let level: LogLevel = LogLevel.INFO;
let target: Logger | undefined;

/** Made when the first line is written, so that a program with its own logger never loads a stream of ours. */
function defaultLogger(): Logger {
  const stream = process.stdout.isTTY ? prettyStream() : undefined;
  const options = { level: 'trace', formatters: { level: (label: string) => ({ level: label }) } };
  const logger: PinoLogger = stream === undefined ? pino(options) : pino(options, stream);
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

/** For people. Loaded on demand, because the logs of most servers are read by programs; undefined where it is not installed. */
function prettyStream(): DestinationStream | undefined {
  let pretty: typeof import('pino-pretty');
  try {
    pretty = createRequire(import.meta.url)('pino-pretty') as typeof pretty;
  } catch (error) {
    // A server that was bundled into one file: its lines are JSON.
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
  // Written synchronously: lines must not be lost when the process ends.
  return pretty({ colorize: true, sync: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname' });
}

function sink(): Logger {
  target ??= defaultLogger();
  return target;
}

/**
 * The log of the application: pretty on a terminal, JSON lines otherwise, replaceable with {@link setLogger}.
 *
 * Source: LOG, TarsRollLogger (TarsCpp): `LOG->debug() << text` becomes `LOG.debug(text, fields)`.
 */
export const LOG: Logger = {
  debug(message, fields) {
    if (level >= LogLevel.DEBUG) sink().debug(message, fields);
  },
  info(message, fields) {
    if (level >= LogLevel.INFO) sink().info(message, fields);
  },
  warn(message, fields) {
    if (level >= LogLevel.WARN) sink().warn(message, fields);
  },
  error(message, fields) {
    if (level >= LogLevel.ERROR) sink().error(message, fields);
  },
};

/** Sends all log lines elsewhere; `undefined` brings the default back. */
export function setLogger(logger: Logger | undefined): void {
  target = logger;
}

/** Sets what is logged: this level and everything more severe. The application sets it from `loglevel`. */
export function setLogLevel(newLevel: LogLevel): void {
  level = newLevel;
}

/** What is logged now. */
export function getLogLevel(): LogLevel {
  return level;
}
