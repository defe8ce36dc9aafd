import { hostname } from 'node:os';
import type { Logger } from '@tarsier/protocol';
import { escapeControls } from '@tarsier/protocol/internal';
import { cutText, safeRecord } from './safe-record.js';

/** One JSON object a line, with the keys that pino writes. */
export function jsonLineLogger(write: (line: string) => void, now: () => number = Date.now): Logger {
  const origin = { pid: process.pid, hostname: hostname() };
  const lines =
    (level: string) =>
    (message: string, fields?: object): void => {
      const record = { level, time: now(), ...origin, ...safeRecord(fields), msg: cutText(message) };
      // JSON escapes what is below a space; the rest of what must not reach a terminal stands in its texts only.
      write(`${escapeControls(JSON.stringify(record))}\n`);
    };
  return { debug: lines('debug'), info: lines('info'), warn: lines('warn'), error: lines('error') };
}
