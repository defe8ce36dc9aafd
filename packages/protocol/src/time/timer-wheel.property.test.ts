import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { TimerNode, TimerWheel } from './timer-wheel.js';

const NODES = 12;
const delay = fc.oneof(fc.integer({ min: -50, max: 300 }), fc.integer({ min: 0, max: 20_000 }));
const change = fc.record({ node: fc.nat(NODES - 1), kind: fc.constantFrom('add' as const, 'remove' as const), delay });
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('change' as const), change }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      pause: fc.oneof(fc.nat(40), fc.nat(1000), fc.nat(30_000), fc.double({ min: 0, max: 50, noNaN: true })),
      // What the callbacks of this advance do, one after the other.
      inside: fc.array(change, { maxLength: 4 }),
    }),
  },
);

it('fires each entry once, never early, with the first advance that reaches its step', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 25 }), fc.array(step, { maxLength: 60, size: 'max' }), (stepMs, steps) => {
      let now = 12_345.5;
      const wheel = new TimerWheel(stepMs, now);
      const nodes = Array.from({ length: NODES }, () => new TimerNode());
      /** Which entries wait, and the tick from which on each may be late no more. */
      const waiting = new Map<TimerNode, { dueMs: number; tick: number }>();
      const tickOf = (ms: number): number => Math.floor(ms / stepMs);
      const apply = ({ node: index, kind, delay }: { node: number; kind: 'add' | 'remove'; delay: number }): void => {
        const node = nodes[index] as TimerNode;
        if (kind === 'remove') {
          wheel.remove(node);
          waiting.delete(node);
        } else {
          const dueMs = now + delay;
          wheel.add(node, dueMs);
          waiting.set(node, { dueMs, tick: Math.max(tickOf(now) + 1, Math.ceil(dueMs / stepMs)) });
        }
      };
      for (const step of steps) {
        if (step.do === 'change') {
          apply(step.change);
        } else {
          now += step.pause;
          const inside = [...step.inside];
          let calls = 0;
          wheel.advance(now, (node) => {
            const entry = waiting.get(node);
            expect(entry).toBeDefined();
            expect(entry?.dueMs).toBeLessThanOrEqual(now);
            waiting.delete(node);
            // It ends: an entry that is added again waits for a later advance, or fires once more at most.
            expect(++calls).toBeLessThanOrEqual(NODES + step.inside.length);
            const next = inside.shift();
            if (next !== undefined) apply(next);
          });
          for (const { tick } of waiting.values()) expect(tick).toBeGreaterThan(tickOf(now));
        }
        expect(wheel.size).toBe(waiting.size);
      }
    }),
    { numRuns: 500 },
  );
});
