import { createRequire } from 'node:module';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultLogger, type Require } from './default-logger.js';
import { LOG, setLogger } from './log.js';
import { lostLogLines } from './lost-lines.js';

const real = createRequire(import.meta.url);

function without(...missing: string[]): Require {
  return (id) => {
    if (missing.includes(id))
      throw Object.assign(new Error(`Cannot find module '${id}'`), { code: 'MODULE_NOT_FOUND' });
    return real(id);
  };
}

function broken(id: string): unknown {
  throw new Error(`${id} is broken`);
}

/** Every form that a line can have. */
const forms: readonly (readonly [form: string, require: Require, isTerminal: boolean])[] = [
  ['JSON by pino', real, false],
  ['JSON without pino', without('pino'), false],
  ['pretty', real, true],
  ['JSON on a terminal without pino-pretty', without('pino-pretty'), true],
];

/** The lines that are written meanwhile. */
function written(log: () => void): string {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  log();
  const text = write.mock.calls.map(([chunk]) => String(chunk)).join('');
  write.mockRestore();
  return text;
}

function selfReferring(): Error {
  const error = new Error('it refers to itself') as Error & { self?: unknown };
  error.self = error;
  error.cause = error;
  return error;
}

function throwing(): object {
  return {
    get field() {
      throw new Error('no');
    },
    toJSON() {
      throw new Error('no');
    },
  };
}

const revoked = Proxy.revocable({}, {});
revoked.revoke();

/** What cannot be told as it is. */
const fields: readonly (readonly [what: string, fields: object])[] = [
  ['an error that refers to itself', { err: selfReferring() }],
  ['an object that refers to itself', Object.assign({}, { get: 1 })],
  ['a getter that throws', { err: throwing() }],
  ['a toJSON that throws', throwing()],
  ['a Proxy that was revoked', { err: revoked.proxy }],
  ['a Proxy as fields', revoked.proxy],
  ['integers of 64 bits', { id: 2n ** 63n }],
  ['a symbol', { id: Symbol('s') }],
  ['a list of a million', { all: Array.from({ length: 1_000_000 }, (_, n) => n) }],
  ['an object with a million entries', Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, n]))],
  ['a text of 10 MB', { text: 'x'.repeat(10_000_000) }],
  ['bytes', { bytes: Buffer.alloc(1_000_000) }],
  ['an error with a long message', { err: new Error('x'.repeat(1_000_000)) }],
  ['a deep object', JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`) as object],
  [
    'an error whose message cannot be read',
    { err: Object.defineProperty(new Error('m'), 'message', { get: () => broken('m') }) },
  ],
];

describe.each(forms)('the log in the form %s', (_form, require, isTerminal) => {
  it.each(fields)('tells of %s, in a line of bounded length', (_what, given) => {
    const text = written(() => {
      defaultLogger(require, isTerminal).error('failed', given);
    });
    expect(text).toContain('failed');
    expect(text.length).toBeGreaterThan(20);
    expect(text.length).toBeLessThan(100_000);
  });

  it('lets no control character of a peer through, whichever text it is in', () => {
    const evil = '\u001b[2J\u0007\b\r\u007f\u009b31m\u2028\u2029\u202e\u2066\u200f\u061c';
    const text = written(() => {
      const err = Object.assign(new Error(evil), { [evil]: evil, cause: new Error(evil) });
      defaultLogger(require, isTerminal).warn(`message ${evil}`, { evil, nested: [evil, { [evil]: evil }], err });
    });
    // The colours of the pretty form are its own.
    const colours = isTerminal ? text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), '') : text;
    expect(colours.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
    expect(text).toContain(String.raw`message \u001b[2J`);
    if (!isTerminal) expect(text.trimEnd()).not.toContain('\n');
    if (!isTerminal) expect(JSON.parse(text)).toMatchObject({ msg: `message ${evil}`, evil });
  });

  it('lets no message make a second line', () => {
    const text = written(() => {
      defaultLogger(require, isTerminal).info('one\n[12:00:00.000] INFO: two', { field: 'three\nfour' });
    });
    expect(text).not.toMatch(/\n\[12:00|\nfour/);
  });

  it('tells of errors with code, stack and cause', () => {
    const err = Object.assign(new TypeError('no such node'), { code: 'E', cause: new Error('refused') });
    const text = written(() => {
      defaultLogger(require, isTerminal).error('failed', { err });
    });
    for (const part of ['TypeError', 'no such node', '"E"', 'refused', 'default-logger.test']) {
      expect(text).toContain(part);
    }
  });
});

describe('LOG', () => {
  afterEach(() => {
    setLogger(undefined);
    vi.restoreAllMocks();
  });

  it('does not hide that pino cannot be loaded', () => {
    expect(() => defaultLogger(broken)).toThrow('pino is broken');
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('full'))],
  ])('loses the line of a logger that %s, and counts it', async (_way, fail) => {
    const before = lostLogLines();
    const run = fail as () => void;
    setLogger({ debug: run, info: run, warn: run, error: run });
    LOG.error('a line');
    LOG.info('a line');
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(lostLogLines()).toBe(before + 2);
  });

  it('counts the lines that nobody reads any more', () => {
    const before = lostLogLines();
    vi.spyOn(process.stdout, 'write').mockImplementation((_line, done) => {
      (done as unknown as (error: Error) => void)(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      return false;
    });
    LOG.error('a line');
    expect(lostLogLines()).toBe(before + 1);
    // Without a listener an error of the stream would end the process.
    expect(process.stdout.listenerCount('error')).toBeGreaterThan(0);
  });

  it.each([{}, null, 'text', { ...LOG, warn: undefined }])('refuses %s for a logger', (logger) => {
    expect(() => {
      setLogger(logger as never);
    }).toThrow('of a logger takes a function');
  });
});
