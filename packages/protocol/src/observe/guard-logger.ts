import { checkMethods } from '../errors/check-function.js';
import { callBack } from './call-back.js';
import type { Logger } from './logger.js';

/**
 * A logger of a program, whose faults cost the line and nothing else: what it throws, or rejects with, is told to `lost` and dropped. There is
 * nowhere to log it.
 */
export function guardLogger(logger: Logger, lost: () => void): Logger {
  return {
    debug: (message, fields) => {
      callBack(() => logger.debug(message, fields), lost);
    },
    info: (message, fields) => {
      callBack(() => logger.info(message, fields), lost);
    },
    warn: (message, fields) => {
      callBack(() => logger.warn(message, fields), lost);
    },
    error: (message, fields) => {
      callBack(() => logger.error(message, fields), lost);
    },
  };
}

/** @throws TarsException `TARSIER_INVALID_ARGUMENT` for a logger that lacks one of its methods. */
export function checkLogger(logger: Logger): Logger {
  checkMethods('a logger', logger, ['debug', 'info', 'warn', 'error']);
  return logger;
}
