import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HubSession } from './hub-session.js';
import { networkOf } from './network-of.js';
import { OwnerSets } from './owner-sets.js';
import { sessionLimitNames, sessionLimits } from './session-limits.js';
import { SessionStore } from './session-store.js';

/** A store, and the ids of the sessions that have ended. */
function storeOf(limits: Parameters<typeof sessionLimits>[0]): {
  away(id: string, user: string, address: string): void;
  ended: string[];
} {
  const ended: string[] = [];
  const store = new SessionStore(sessionLimits(limits), ({ id }) => ended.push(id));
  let nowMs = 0;
  return {
    ended,
    away: (id, user, address) => {
      const session = store.add(new HubSession(id, user, {}, 0));
      store.attached(session, address);
      store.detached(session, ++nowMs);
    },
  };
}

describe('sessions without a connection', () => {
  it('of one that opens and drops them without end cost nobody else theirs', () => {
    const { away, ended } = storeOf({ maxAway: 10, maxAwayPerUser: 1000 });
    for (let i = 0; i < 5; i++) away(`good ${i}`, `user ${i}`, `10.0.0.${i}`);
    for (let i = 0; i < 100; i++) away(`bad ${i}`, `made up ${i}`, '10.9.9.9');
    expect(ended).toEqual(Array.from({ length: 95 }, (_, i) => `bad ${i}`));
  });

  it('count by the network of IPv6, of which one peer has all addresses', () => {
    const { away, ended } = storeOf({ maxAway: 4 });
    away('good', '', '2001:db8:0:1::1');
    for (let i = 0; i < 6; i++) away(`bad ${i}`, '', `2001:db8:0:2::${i}`);
    expect(ended).toEqual(['bad 0', 'bad 1', 'bad 2']);
  });

  it('have a limit for each user and each address', () => {
    const { away, ended } = storeOf({ maxAwayPerUser: 2, maxAwayPerAddress: 3 });
    for (let i = 0; i < 4; i++) away(`ann ${i}`, 'ann', `10.0.0.${i}`);
    for (let i = 0; i < 5; i++) away(`nobody ${i}`, '', '10.0.0.9');
    expect(ended).toEqual(['ann 0', 'ann 1', 'nobody 0', 'nobody 1']);
  });

  it('none are kept where none may be', () => {
    const { away, ended } = storeOf({ maxAway: 0 });
    away('one', 'ann', '10.0.0.1');
    expect(ended).toEqual(['one']);
  });
});

describe('the network of an address', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:1:2::', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['', ''],
    ['/run/a.sock', '/run/a.sock'],
  ])('%j is %j', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});

describe('sets by owner', () => {
  it('know who has most, whatever comes and goes', () => {
    const owner = fc.integer({ min: 0, max: 5 }).map(String);
    const step = fc.record({ isAdded: fc.boolean(), owner, item: fc.integer({ min: 0, max: 9 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const sets = new OwnerSets<number>();
        const model = new Map<string, Set<number>>();
        for (const { isAdded, owner: name, item } of steps) {
          const set = model.get(name) ?? new Set();
          model.set(name, set);
          if (isAdded) {
            sets.add(name, item);
            set.add(item);
          } else {
            sets.delete(name, item);
            set.delete(item);
          }
          expect(sets.largest.size).toBe(Math.max(0, ...Array.from(model.values(), ({ size }) => size)));
          expect(sets.of(name)).toEqual(set);
        }
      }),
    );
  });
});

describe('the limits of sessions', () => {
  it.each(sessionLimitNames)('%s takes integers in its range only', (name) => {
    for (const wrong of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32, '7', null]) {
      expect(() => sessionLimits({ [name]: wrong as number })).toThrow(
        expect.objectContaining({ code: 'TARSIER_INVALID_ARGUMENT', where: { key: `sessions.${name}` } }),
      );
    }
    expect(sessionLimits({ [name]: 7 })[name]).toBe(7);
    expect(sessionLimits({ [name]: undefined })[name]).toBe(sessionLimits()[name]);
  });

  it('that there are not are named', () => {
    expect(() => sessionLimits({ window: 7 } as never)).toThrow(/sessions.window is no option; there are windowMs/);
  });
});
