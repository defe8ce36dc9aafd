import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallTable, type TableEntry } from './call-table.js';

/** Ids that follow each other, ids of one slot, and keys above all ids. */
const key = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 40 }).map((i) => 64 * i),
  fc.integer({ min: 0, max: 20 }).map((i) => 2 ** 31 - 1 - i),
  fc.integer({ min: 0, max: 40 }).map((i) => 2 ** 33 + i),
);
const step = fc.record({ isAdded: fc.boolean(), key });

class Value implements TableEntry<Value> {
  readonly key: number;
  behind: Value | undefined = undefined;

  constructor(key: number) {
    this.key = key;
  }
}

function check(table: CallTable<Value>, model: Map<number, Value>): void {
  expect(table.size).toBe(model.size);
  for (const [known, value] of model) expect(table.get(known)).toBe(value);
  expect(new Set(table.values())).toEqual(new Set(model.values()));
}

describe('CallTable', () => {
  it('finds what a Map finds', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const table = new CallTable<Value>();
        const model = new Map<number, Value>();
        for (const { isAdded, key: at } of steps) {
          if (isAdded && !model.has(at)) {
            const value = new Value(at);
            table.add(value);
            model.set(at, value);
          } else {
            const value = model.get(at);
            // One that is not there, although its key may be.
            table.delete(new Value(at));
            if (value !== undefined) table.delete(value);
            model.delete(at);
            expect(value?.behind).toBeUndefined();
            expect(table.get(at)).toBeUndefined();
          }
        }
        check(table, model);
      }),
    );
  });

  it('grows for a rush, and is small again after it', () => {
    const table = new CallTable<Value>();
    const model = new Map<number, Value>();
    for (let at = 1; at <= 20_000; at++) {
      const value = new Value(at);
      table.add(value);
      model.set(at, value);
    }
    check(table, model);
    for (let at = 1; at <= 19_990; at++) {
      table.delete(model.get(at) as Value);
      model.delete(at);
    }
    check(table, model);
    for (const value of model.values()) table.delete(value);
    expect(table.values()).toEqual([]);
  });

  it('does not find what a stranger may ask for', () => {
    const table = new CallTable<Value>();
    for (let at = 0; at < 30; at++) table.add(new Value(at));
    for (const odd of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32, undefined as unknown as number]) {
      expect(table.get(odd)).toBeUndefined();
    }
  });
});

describe('CallTable under load', () => {
  it('takes no longer to remove a call the more there are', () => {
    const perCall = (count: number): number => {
      const table = new CallTable<Value>();
      let calls = Array.from({ length: count }, (_, i) => new Value(i + 1));
      for (const call of calls) table.add(call);
      let best = Number.POSITIVE_INFINITY;
      for (let round = 1; round <= 20; round++) {
        const next = calls.map(({ key: at }) => new Value(at + count));
        const beganMs = performance.now();
        for (const [i, call] of calls.entries()) {
          table.delete(call);
          table.add(next[i] as Value);
        }
        best = Math.min(best, (performance.now() - beganMs) / count);
        calls = next;
      }
      return best;
    };
    perCall(1000);
    // What is quadratic would take 64 times as long.
    expect(perCall(64_000) / perCall(1000)).toBeLessThan(20);
  });
});
