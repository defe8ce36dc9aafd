import { describe, expect, it } from 'vitest';
import { type ErrorCodeInfo, errorCodes } from './error-codes.js';
import { ResultCode } from './result-code.js';

/** What no call can end with: thrown where a program is set up, or told of beside the calls. */
const setUpCodes = [
  'TARSIER_CALLBACK_FAILED',
  'TARSIER_CONFIG_INVALID',
  'TARSIER_CONFIG_MISSING',
  'TARSIER_ENDPOINT_INVALID',
  'TARSIER_LISTEN_FAILED',
  'TARSIER_NO_LOCATOR',
  'TARSIER_PUSH_ENGINE',
  'TARSIER_SERVANT_INVALID',
  'TARSIER_SUBSCRIBE_REFUSED',
  'TARSIER_WORKER_FAILED',
];

describe('errorCodes', () => {
  const entries: [string, ErrorCodeInfo][] = Object.entries(errorCodes);

  it.each(entries)('%s has a result code of TARS and a sentence', (code, info) => {
    expect(code).toMatch(/^TARSIER_[A-Z_]+$/);
    expect(Object.values<number>(ResultCode)).toContain(info.iRet);
    expect(info.meaning).toMatch(/^[A-Z].*\.$/);
  });

  it('has 0 only for what no call can end with: a callback would take 0 for success', () => {
    expect(
      entries
        .filter(([, info]) => info.iRet === 0)
        .map(([code]) => code)
        .toSorted(),
    ).toEqual(setUpCodes);
  });
});
