import { EndpointF } from '@tarsier/proxy';
import { describe, expect, it } from 'vitest';
import { entriesOfSet, partsOfSet } from './entries-of-set.js';
import type { TableEntry } from './table-entry.js';

function entry(setId: string): TableEntry {
  const endpoint = EndpointF.create({ setId });
  return { obj: 'T.S.Obj', endpoint, station: '', instance: 'a', isActive: true, leaseEndMs: 0 };
}

describe('partsOfSet', () => {
  it.each([
    ['app.sz.1', ['app', 'sz', '1']],
    ['app.sz.*', ['app', 'sz', '*']],
    ['app.sz', undefined],
    ['app.sz.1.2', undefined],
    ['app..1', undefined],
    ['*.sz.1', undefined],
    ['app.*.1', undefined],
    ['', undefined],
  ])('of %j are %j', (set, parts) => {
    expect(partsOfSet(set)).toEqual(parts);
  });
});

describe('entriesOfSet', () => {
  const all = ['app.sz.1', 'app.sz.2', 'app.sz.*', 'app.sh.1', 'apple.sz.1', ''];
  const none: readonly string[] = [];

  it.each<[caller: string, nodes: readonly string[], found: readonly string[]]>([
    ['app.sz.1', all, ['app.sz.1']],
    ['app.sz.3', all, ['app.sz.*']],
    ['app.sz.*', all, ['app.sz.1', 'app.sz.2', 'app.sz.*']],
    ['app.sh.1', all, ['app.sh.1']],
    ['app.sh.2', all, none],
    ['app.bj.1', all, none],
    ['app.bj.*', all, none],
    ['other.sz.1', all, all],
    ['app.sz.1', ['', ''], ['', '']],
    ['app.sz.1', none, none],
  ])('a caller of %s finds among %j: %j', (caller, nodes, found) => {
    const parts = partsOfSet(caller);
    expect(parts && entriesOfSet(nodes.map(entry), parts).map(({ endpoint }) => endpoint.setId)).toEqual(found);
  });
});
