import { hostname } from 'node:os';
import type { Logger } from '@tarsier/protocol';

/** What `JSON.stringify` cannot tell by itself: errors, and integers of 64 bits. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error)
    return Object.assign({ type: value.name, message: value.message, stack: value.stack }, value);
  return typeof value === 'bigint' ? String(value) : value;
}

/** One JSON object a line, with the keys that pino writes. */
export function jsonLineLogger(write: (line: string) => void, now: () => number = Date.now): Logger {
  const origin = { pid: process.pid, hostname: hostname() };
  const lines =
    (level: string) =>
    (message: string, fields?: object): void => {
      write(`${JSON.stringify({ level, time: now(), ...origin, ...fields, msg: message }, plain)}\n`);
    };
  return { debug: lines('debug'), info: lines('info'), warn: lines('warn'), error: lines('error') };
}
