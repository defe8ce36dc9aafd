import { describe, expect, it, vi } from 'vitest';
import { type ErrorCode, type ErrorCodeInfo, errorCodes } from './error-codes.js';
import { TarsException } from './tars-exception.js';

describe('TarsException', () => {
  it.each(Object.keys(errorCodes) as ErrorCode[])('has the result code of %s', (code) => {
    const info: ErrorCodeInfo = errorCodes[code];
    const error = new TarsException('text', { code });
    expect([error.code, error.iRet]).toEqual([code, info.iRet]);
    expect(new TarsException('text', { code, iRet: 7 }).iRet).toBe(7);
  });

  it('carries where and why', () => {
    const cause = new Error('socket');
    const where = { object: 'A.B.C', offset: 3 };
    const error = new TarsException('text', { where, cause });
    expect(error).toBeInstanceOf(Error);
    expect([error.message, error.name, error.where, error.cause]).toEqual(['text', 'TarsException', where, cause]);
    expect(new TarsException('text').where).toEqual({});
    expect('cause' in new TarsException('text')).toBe(false);
    expect(new TarsException('text').code).toBe('TARSIER_SERVER_UNKNOWN');
  });

  it('recognises exceptions, of another copy of the package too, and nothing else', async () => {
    vi.resetModules();
    const copy = await import('./tars-exception.js');
    expect(copy.TarsException).not.toBe(TarsException);
    const foreign = new copy.TarsException('text', { code: 'TARSIER_CLOSED' });
    expect(foreign).not.toBeInstanceOf(TarsException);
    expect(TarsException.is(foreign)).toBe(true);
    expect(TarsException.from(foreign)).toBe(foreign);
    for (const other of [new Error('text'), {}, null, undefined, 'text', { code: 'TARSIER_CLOSED' }]) {
      expect(TarsException.is(other)).toBe(false);
    }
  });

  it('makes one of anything that was caught', () => {
    const own = new TarsException('text');
    expect(TarsException.from(own, { code: 'TARSIER_CLOSED' })).toBe(own);
    const error = new TypeError('wrong');
    const made = TarsException.from(error, { code: 'TARSIER_ENCODE', where: { func: 'f' } });
    expect(made).toMatchObject({
      message: 'wrong',
      code: 'TARSIER_ENCODE',
      iRet: -13,
      where: { func: 'f' },
      cause: error,
    });
    expect(TarsException.from('text')).toMatchObject({ message: 'text', cause: 'text' });
    expect(TarsException.from(undefined).message).toBe('undefined');
    expect(TarsException.from(Symbol('s')).message).toBe('Symbol(s)');
  });
});
