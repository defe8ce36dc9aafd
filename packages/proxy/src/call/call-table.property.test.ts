import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallTable } from './call-table.js';

/** Ids that follow each other, ids of one slot, and keys above all ids. */
const key = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 40 }).map((i) => 64 * i),
  fc.integer({ min: 0, max: 20 }).map((i) => 2 ** 31 - 1 - i),
  fc.integer({ min: 0, max: 40 }).map((i) => 2 ** 33 + i),
);
const step = fc.record({ isAdded: fc.boolean(), key });

function check(table: CallTable<{ key: number }>, model: Map<number, { key: number }>): void {
  expect(table.size).toBe(model.size);
  for (const [known, value] of model) expect(table.get(known)).toBe(value);
  expect(new Set(table.values())).toEqual(new Set(model.values()));
}

describe('CallTable', () => {
  it('finds what a Map finds', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const table = new CallTable<{ key: number }>();
        const model = new Map<number, { key: number }>();
        for (const { isAdded, key: at } of steps) {
          if (isAdded && !model.has(at)) {
            const value = { key: at };
            table.add(value);
            model.set(at, value);
          } else {
            table.delete(at);
            model.delete(at);
            expect(table.get(at)).toBeUndefined();
          }
        }
        check(table, model);
      }),
    );
  });

  it('grows for a rush, and is small again after it', () => {
    const table = new CallTable<{ key: number }>();
    const model = new Map<number, { key: number }>();
    for (let at = 1; at <= 20_000; at++) {
      const value = { key: at };
      table.add(value);
      model.set(at, value);
    }
    check(table, model);
    for (let at = 1; at <= 19_990; at++) {
      table.delete(at);
      model.delete(at);
    }
    check(table, model);
    for (let at = 19_991; at <= 20_000; at++) table.delete(at);
    expect(table.values()).toEqual([]);
  });

  it('does not find what a stranger may ask for', () => {
    const table = new CallTable<{ key: number }>();
    for (let at = 0; at < 30; at++) table.add({ key: at });
    for (const odd of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32, undefined as unknown as number]) {
      expect(table.get(odd)).toBeUndefined();
    }
  });
});
