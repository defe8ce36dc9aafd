import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Roster, type RosterEntry } from './roster.js';

class Entry implements RosterEntry {
  readonly name: number;
  index = -1;

  constructor(name: number) {
    this.name = name;
  }

  moved(_roster: object, index: number): void {
    this.index = index;
  }
}

const step = fc.oneof(fc.constant('add' as const), fc.constant('snapshot' as const), fc.record({ remove: fc.nat() }));

describe('a roster', () => {
  it('has whom it was given, knows where each stands, and never changes a snapshot', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const roster = new Roster<Entry>('g:x');
        const model: Entry[] = [];
        const snapshots: { taken: readonly Entry[]; copy: readonly Entry[] }[] = [];
        let count = 0;
        for (const one of steps) {
          if (one === 'add') {
            const entry = new Entry(count++);
            entry.index = roster.add(entry);
            model.push(entry);
          } else if (one === 'snapshot') {
            const taken = roster.snapshot();
            snapshots.push({ taken, copy: [...taken] });
          } else if (model.length > 0) {
            const [entry] = model.splice(one.remove % model.length, 1);
            roster.remove((entry as Entry).index);
          }
          expect(roster.size).toBe(model.length);
          const now = roster.snapshot();
          for (const entry of model) expect(now[entry.index]).toBe(entry);
        }
        for (const { taken, copy } of snapshots) expect(taken).toEqual(copy);
        expect(new Set(roster.snapshot())).toEqual(new Set(model));
      }),
    );
  });

  it('gives out the same snapshot as long as nothing changes', () => {
    const roster = new Roster<Entry>('g:x');
    roster.add(new Entry(1));
    const first = roster.snapshot();
    expect(roster.snapshot()).toBe(first);
    roster.add(new Entry(2));
    expect(roster.snapshot()).not.toBe(first);
    expect(first).toHaveLength(1);
  });
});
