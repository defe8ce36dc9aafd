import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { jsonLineLogger } from './json-line-logger.js';

function written(log: (logger: ReturnType<typeof jsonLineLogger>) => void): Record<string, unknown> {
  const lines: string[] = [];
  log(
    jsonLineLogger(
      (line) => lines.push(line),
      () => 5,
    ),
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]?.endsWith('\n')).toBe(true);
  return JSON.parse(lines[0] as string) as Record<string, unknown>;
}

describe('jsonLineLogger', () => {
  it.each(['debug', 'info', 'warn', 'error'] as const)('writes %s', (level) => {
    const line = written((logger) => {
      logger[level]('a "text"\nof two lines', { n: 1 });
    });
    expect(line).toEqual({
      level,
      time: 5,
      pid: process.pid,
      hostname: hostname(),
      n: 1,
      msg: 'a "text"\nof two lines',
    });
  });

  it('tells of errors, with what they carry, and of large integers', () => {
    const err = Object.assign(new TypeError('no such node'), { code: 'E', cause: new Error('refused') });
    const line = written((logger) => {
      logger.error('failed', { err, id: 2n ** 63n });
    });
    expect(line['id']).toBe('9223372036854775808');
    expect(line['err']).toMatchObject({ type: 'TypeError', message: 'no such node', code: 'E' });
    expect((line['err'] as { stack: string }).stack).toContain('TypeError: no such node');
    expect((line['err'] as { cause: object }).cause).toMatchObject({ message: 'refused' });
  });
});
