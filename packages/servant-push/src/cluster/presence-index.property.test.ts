import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PresenceIndex } from './presence-index.js';

const ADDRESSES = ['a:', 'g:a', 'g:b', 'u:c'];
const change = fc.record({
  node: fc.constantFrom('n1', 'n2'),
  address: fc.constantFrom(...ADDRESSES),
  count: fc.nat(5),
  isLost: fc.boolean(),
});

describe('the index of who is where', () => {
  it('is right whatever is lost, once the snapshots that it asks for have come', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const index = new PresenceIndex();
        const nodes = new Map<string, { version: number; counts: Map<string, number> }>();
        const snapshot = (name: string): void => {
          const { version, counts } = nodes.get(name) ?? { version: 0, counts: new Map<string, number>() };
          const all = [...counts];
          index.snapshot(name, version, 0, 2, all.slice(0, 1));
          index.snapshot(name, version, 1, 2, all.slice(1));
        };
        for (const { node, address, count, isLost } of changes) {
          const state = nodes.get(node) ?? { version: 0, counts: new Map<string, number>() };
          nodes.set(node, state);
          state.version++;
          if (count > 0) state.counts.set(address, count);
          else state.counts.delete(address);
          if (!isLost && !index.change(node, state.version, [[address, count]])) snapshot(node);
        }
        for (const [name, { version }] of nodes) {
          index.meet(name);
          if (index.isBehind(name, version)) snapshot(name);
        }
        const sums = (): number[] => ADDRESSES.map((address) => index.sum(address));
        const right = (names: string[]): number[] =>
          ADDRESSES.map((address) => names.reduce((sum, name) => sum + (nodes.get(name)?.counts.get(address) ?? 0), 0));
        expect(sums()).toEqual(right([...nodes.keys()]));
        expect(index.waiting).toBe(0);
        index.leave('n1');
        expect(sums()).toEqual(right(['n2']));
      }),
    );
  });
});
