import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Logged } from './address-log.js';
import { EarliestFirst } from './earliest-first.js';

const logged = (sequence: number): Logged => ({ message: { sequence } as Logged['message'], size: 1, atMs: 0 });

describe('logs that are merged', () => {
  it('give all of their entries by their numbers', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(1000), { maxLength: 100 }),
        fc.integer({ min: 1, max: 20 }),
        (numbers, count) => {
          const logs = Array.from({ length: count }, (_, log) => numbers.filter((one) => one % count === log));
          const merged = new EarliestFirst();
          for (const log of logs)
            merged.add(
              log
                .toSorted((a, b) => a - b)
                .map(logged)
                .values(),
            );
          const found: number[] = [];
          for (let next = merged.take(); next !== undefined; next = merged.take()) found.push(next.message.sequence);
          expect(found).toEqual(numbers.toSorted((a, b) => a - b));
          expect(merged.isEmpty).toBe(true);
        },
      ),
    );
  });
});
