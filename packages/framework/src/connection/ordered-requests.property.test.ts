import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Current } from '../current.js';
import { HeldPackets } from './held-packets.js';
import { OrderedRequests } from './ordered-requests.js';

const steps = fc.array(fc.integer({ min: -60, max: 40 }), { maxLength: 200 });

describe('OrderedRequests', () => {
  it('gives what was added in its order, as an array does', () => {
    fc.assert(
      fc.property(steps, (steps) => {
        const requests = new OrderedRequests();
        const model: number[] = [];
        let next = 0;
        for (const step of steps) {
          for (let i = 0; i < step * 30; i++) {
            requests.add({ current: {} as Current, addedMs: next, isAdmitted: true });
            model.push(next++);
          }
          for (let i = 0; i > step * 20; i--) expect(requests.take()?.addedMs).toBe(model.shift());
          expect([requests.size, requests.isFull, requests.isLow]).toEqual([
            model.length,
            model.length >= 64,
            model.length <= 16,
          ]);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('HeldPackets', () => {
  it('knows of each packet that is taken out whether it is an answer', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.boolean(), { freq: 2 }), { maxLength: 2000 }), (steps) => {
        const held = new HeldPackets();
        const model: boolean[] = [];
        for (const step of steps) {
          if (step !== null) {
            held.push(Uint8Array.of(1), 0, step);
            model.push(step);
          } else if (held.shift() !== undefined) expect(held.wasAnswer).toBe(model.shift());
          expect(held.size).toBe(model.length);
        }
      }),
      { numRuns: 100 },
    );
  });
});
