import { describe, expect, it } from 'vitest';
import { checkCount, checkDurationMs, MAX_DURATION_MS, timerMs } from './check-duration.js';

/** What programs give for "never", by a slip, or without types. */
const bad: readonly unknown[] = [
  -1,
  1.5,
  Number.NaN,
  Infinity,
  -Infinity,
  2_147_483_648,
  4_294_967_295,
  '5',
  '',
  null,
  undefined,
  true,
  {},
  [5],
  5n,
];

describe.each([
  ['checkDurationMs', checkDurationMs, /^waitMs must be a whole number of ms from 0 to 2147483647, found /],
  ['checkCount', checkCount, /^waitMs must be an integer from 0 to 2147483647, found /],
] as const)('%s', (_name, check, message) => {
  it.each(bad.map((value) => [value]))('refuses %o by its name', (value) => {
    expect(() => check('waitMs', value, { min: 0 })).toThrow(message);
    expect(() => check('waitMs', value, { min: 0 })).toThrow(
      expect.objectContaining({ code: 'TARSIER_INVALID_ARGUMENT', where: { key: 'waitMs' } }) as Error,
    );
  });

  it('takes integers within its bounds', () => {
    expect(check('waitMs', 1)).toBe(1);
    expect(check('waitMs', MAX_DURATION_MS)).toBe(MAX_DURATION_MS);
    expect(() => check('waitMs', 0)).toThrow(/from 1 to/);
    expect(() => check('waitMs', 11, { max: 10 })).toThrow(/from 1 to 10, found 11/);
  });
});

it('timerMs is what a timer can hold', () => {
  expect([0, -5, 0.2, 1500.5, MAX_DURATION_MS, 2 * MAX_DURATION_MS, Infinity].map(timerMs)).toEqual([
    1,
    1,
    1,
    1501,
    MAX_DURATION_MS,
    MAX_DURATION_MS,
    MAX_DURATION_MS,
  ]);
});
