import type { Logger } from '@tarsier/protocol';
import { checkLogger, guardLogger } from '@tarsier/protocol/internal';
import { defaultLogger } from './default-logger.js';
import { jsonLineLogger } from './json-line-logger.js';
import { lineLost } from './lost-lines.js';
import { writeLine } from './standard-output.js';

/** The log levels of TARS, from silent to everything. */
export const LogLevel = { NONE: 0, ERROR: 1, WARN: 2, INFO: 3, DEBUG: 4, TARS: 5 } as const;

/** One of the values of {@link LogLevel}. */
export type LogLevel = (typeof LogLevel)[keyof typeof LogLevel];

let level: LogLevel = LogLevel.INFO;
let target: Logger | undefined;

/** A broken installation of pino is a line of the log, and not the end of who logs. */
function usableLogger(): Logger {
  try {
    return defaultLogger();
  } catch (error) {
    const logger = jsonLineLogger(writeLine);
    logger.error('pino cannot be loaded; the log is written without it', { err: error });
    return logger;
  }
}

/** Made when the first line is written, so that a program with its own logger never loads ours. */
function sink(): Logger {
  target ??= guardLogger(usableLogger(), lineLost);
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

/**
 * Sends all log lines elsewhere; `undefined` brings the default back. A line whose logger throws or rejects is lost, and counted: see
 * `lostLogLines` of `app.stats()`.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` for a logger that lacks one of the four methods.
 */
export function setLogger(logger: Logger | undefined): void {
  target = logger === undefined ? undefined : guardLogger(checkLogger(logger), lineLost);
}

/** Sets what is logged: this level and everything more severe. The application sets it from `loglevel`. */
export function setLogLevel(newLevel: LogLevel): void {
  level = newLevel;
}

/** What is logged now. */
export function getLogLevel(): LogLevel {
  return level;
}
