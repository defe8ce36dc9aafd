import { describe, expect, it } from 'vitest';
import { callBack, watchResult } from './call-back.js';

const THEN: PropertyKey = ['then'].join('');
const fault = new Error('the callback failed');

/** Everything in which a callback can fail. */
const failing: readonly (readonly [name: string, run: () => unknown])[] = [
  [
    'throws',
    () => {
      throw fault;
    },
  ],
  ['is async and throws', () => Promise.reject(fault)],
  ['gives a thenable that rejects', () => thenable((_resolve, reject) => reject(fault))],
  [
    'gives a thenable that throws',
    () =>
      thenable(() => {
        throw fault;
      }),
  ],
  [
    'gives an object whose then cannot be read',
    () =>
      Object.defineProperty({}, THEN, {
        get: () => {
          throw fault;
        },
      }),
  ],
  [
    'gives a function that is a thenable',
    () =>
      Object.assign(
        () => {},
        thenable((_resolve, reject) => reject(fault)),
      ),
  ],
  ['gives a promise of another that rejects', () => Promise.resolve().then(() => Promise.reject(fault))],
];

function thenable(then: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => void): object {
  return Object.defineProperty({}, THEN, { value: then, enumerable: true });
}

describe('callBack', () => {
  it.each(failing)('reports a callback that %s', async (_name, run) => {
    expect(
      await new Promise((resolve) => {
        callBack(run, resolve);
      }),
    ).toBe(fault);
  });

  it.each(failing)('ends with a report that fails, for a callback that %s', async (_name, run) => {
    let reports = 0;
    await new Promise<void>((resolve) => {
      callBack(run, () => {
        reports++;
        // What is left unhandled would fail the test.
        setImmediate(resolve);
        throw new Error('the report failed');
      });
    });
    expect(reports).toBe(1);
  });

  it.each([undefined, null, 0, true, 'text', {}, [], () => {}, Promise.resolve(), Symbol('s')])(
    'reports nothing for %s',
    async (result) => {
      const reports: unknown[] = [];
      callBack(
        () => result,
        (one) => reports.push(one),
      );
      watchResult(result, (one) => reports.push(one));
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      expect(reports).toEqual([]);
    },
  );
});
