import { describe, expect, it } from 'vitest';
import { type Delivery, defaultHubLimits, type HubLimitOptions } from './delivery.js';
import { hubLimits } from './hub-limits.js';
import type { HubMessage } from './hub-message.js';
import { HubLedger, MemberBacklog, type Overflow, type Taken } from './member-backlog.js';

interface Scene {
  readonly backlog: MemberBacklog;
  readonly ledger: HubLedger;
  readonly told: { overflow: Overflow; sequences: readonly number[] }[];
  add: (text: string, delivery?: Delivery, init?: { key?: string; sequence?: number; atMs?: number }) => Taken;
  taken: () => string[];
}

function scene(limits: HubLimitOptions = {}): Scene {
  const told: Scene['told'] = [];
  const all = hubLimits(limits);
  const ledger = new HubLedger(all.totalBytes);
  const backlog = new MemberBacklog(all, ledger, (overflow, sequences) => told.push({ overflow, sequences }));
  return {
    backlog,
    ledger,
    told,
    add: (text, delivery = 'reliable', { key = '', sequence = 0, atMs = 0 } = {}) => {
      const bytes = Buffer.from(text);
      const message: HubMessage = {
        address: 'g:x',
        topic: 'x',
        delivery,
        key,
        where: undefined,
        payload: bytes,
        sequence,
        bytes,
        push: undefined,
        name: '',
        id: '',
        namedBytes: undefined,
        isRepeated: false,
      };
      return backlog.add(message, bytes, atMs);
    },
    taken: () => {
      const all: string[] = [];
      for (let batch = backlog.take(); batch.length > 0; batch = backlog.take()) all.push(...batch.map(String));
      return all;
    },
  };
}

describe('reliable pushes', () => {
  it('wait in order', () => {
    const { add, taken, backlog } = scene();
    expect(['a', 'b', 'c'].map((text) => add(text))).toEqual(['queued', 'queued', 'queued']);
    expect(backlog.bytes).toBe(3);
    expect(taken()).toEqual(['a', 'b', 'c']);
    expect(backlog.isEmpty).toBe(true);
    expect(backlog.bytes).toBe(0);
  });

  it.each([
    ['bytes', { bytes: 4 }],
    ['pushes', { pushes: 2 }],
  ] as const)('close at the limit of %s, which is the default', (limit, limits) => {
    const { add, told } = scene({ reliable: limits });
    expect([add('aa'), add('bb'), add('cc')]).toEqual(['queued', 'queued', 'closed']);
    expect(told).toEqual([
      { overflow: { delivery: 'reliable', limit, action: 'close', pushes: 1, bytes: 2 }, sequences: [] },
    ]);
  });

  it('drop-oldest: gives up as many of the oldest as the new one needs, and tells their numbers', () => {
    const { add, told, taken } = scene({ reliable: { bytes: 5, policy: 'drop-oldest' } });
    add('aa', 'reliable', { sequence: 1 });
    add('bb', 'reliable', { sequence: 2 });
    expect(add('cccc', 'reliable', { sequence: 3 })).toBe('queued');
    expect(told).toEqual([
      {
        overflow: { delivery: 'reliable', limit: 'bytes', action: 'drop-oldest', pushes: 2, bytes: 4 },
        sequences: [1, 2],
      },
    ]);
    expect(taken()).toEqual(['cccc']);
  });

  it('drop-oldest: one that can never fit is dropped itself', () => {
    const { add, told } = scene({ reliable: { bytes: 3, policy: 'drop-oldest' } });
    add('aa', 'reliable', { sequence: 1 });
    expect(add('too long', 'reliable', { sequence: 2 })).toBe('dropped');
    expect(told.map(({ sequences }) => sequences)).toEqual([[1, 2]]);
  });

  it('drop-newest: refuses the new one', () => {
    const { add, told, taken } = scene({ reliable: { pushes: 1, policy: 'drop-newest' } });
    add('a');
    expect(add('b', 'reliable', { sequence: 7 })).toBe('dropped');
    expect(told).toMatchObject([{ overflow: { action: 'drop-newest', pushes: 1 }, sequences: [7] }]);
    expect(taken()).toEqual(['a']);
  });

  it('wait no longer than they may', () => {
    const closing = scene({ reliable: { ageMs: 100 } });
    closing.add('a', 'reliable', { atMs: 0 });
    expect(closing.backlog.expire(99)).toBe(true);
    expect(closing.backlog.expire(100)).toBe(false);
    const dropping = scene({ reliable: { ageMs: 100, policy: 'drop-oldest' } });
    dropping.add('a', 'reliable', { atMs: 0, sequence: 1 });
    dropping.add('b', 'reliable', { atMs: 50, sequence: 2 });
    expect(dropping.backlog.expire(120)).toBe(true);
    expect(dropping.told).toMatchObject([{ overflow: { limit: 'ageMs', action: 'drop-oldest' }, sequences: [1] }]);
    expect(dropping.taken()).toEqual(['b']);
  });

  it('come in batches, so that the connection can be asked in between', () => {
    const { add, backlog } = scene({ reliable: { bytes: 10_000_000 } });
    for (let i = 0; i < 100; i++) add('x'.repeat(10_000));
    const batch = backlog.take();
    expect(batch.length).toBeGreaterThanOrEqual(6);
    expect(batch.length).toBeLessThanOrEqual(8);
  });
});

describe('latest pushes', () => {
  it('take the place of what waits under the same key', () => {
    const { add, taken } = scene();
    expect(add('a1', 'latest', { key: 'a' })).toBe('queued');
    expect(add('b1', 'latest', { key: 'b' })).toBe('queued');
    expect(add('a2', 'latest', { key: 'a' })).toBe('coalesced');
    expect(taken()).toEqual(['b1', 'a2']);
  });

  it('cost a bounded number of keys: the oldest is given up', () => {
    const { add, taken, told, backlog } = scene({ latest: { pushes: 2 } });
    for (const key of ['a', 'b', 'c']) add(key, 'latest', { key });
    expect(backlog.bytes).toBe(2);
    expect(told).toMatchObject([{ overflow: { delivery: 'latest', limit: 'pushes', action: 'drop-oldest' } }]);
    expect(taken()).toEqual(['b', 'c']);
  });

  it('replace at the limit too, because that needs no room', () => {
    const { add } = scene({ latest: { pushes: 1, bytes: 2, policy: 'close' } });
    add('a1', 'latest', { key: 'a' });
    expect(add('a2', 'latest', { key: 'a' })).toBe('coalesced');
  });
});

describe('volatile pushes', () => {
  it('are dropped without a word', () => {
    const { add, told } = scene();
    expect(add('a', 'volatile')).toBe('dropped');
    expect(told).toEqual([]);
  });

  it('may wait where that is wanted', () => {
    const { add, told } = scene({ volatile: { bytes: 100, pushes: 1, policy: 'drop-newest' } });
    expect([add('a', 'volatile'), add('b', 'volatile')]).toEqual(['queued', 'dropped']);
    expect(told).toMatchObject([{ overflow: { delivery: 'volatile', action: 'drop-newest' } }]);
  });
});

describe('the limit for all members', () => {
  it('is shared, and given back', () => {
    const limits = hubLimits({ totalBytes: 4, reliable: { policy: 'drop-newest' } });
    const ledger = new HubLedger(limits.totalBytes);
    const told: Overflow[] = [];
    const make = () => new MemberBacklog(limits, ledger, (overflow) => told.push(overflow));
    const [one, two] = [make(), make()];
    const bytes = Buffer.from('abc');
    const message = { delivery: 'reliable', address: '', key: '', sequence: 0 } as HubMessage;
    expect(one.add(message, bytes, 0)).toBe('queued');
    expect(two.add(message, bytes, 0)).toBe('dropped');
    expect(told).toMatchObject([{ limit: 'totalBytes' }]);
    one.clear();
    expect(ledger.bytes).toBe(0);
    expect(two.add(message, bytes, 0)).toBe('queued');
  });
});

describe('limits of a hub', () => {
  it('have defaults', () => {
    expect(hubLimits()).toEqual(defaultHubLimits);
  });

  it.each([
    [{ reliable: { bytes: -1 } }, 'limits.reliable.bytes must be an integer from 0, found -1'],
    [{ latest: { ageMs: 1.5 } }, 'limits.latest.ageMs must be an integer from 0, found 1.5'],
    [{ totalBytes: Number.NaN }, 'limits.totalBytes must be an integer from 0, found NaN'],
    [
      { volatile: { policy: 'drop' as never } },
      'limits.volatile.policy must be one of close, drop-oldest, drop-newest',
    ],
  ])('%j is refused', (options, text) => {
    expect(() => hubLimits(options)).toThrow(text);
  });
});
