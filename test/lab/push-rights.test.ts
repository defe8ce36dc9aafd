import { PushHub, type PushMember, PushRefusal, PushServant } from '@tarsier/servant-push';
import { describe, expect, it } from 'vitest';
import { AT, endLabs, newLab } from './lab.testkit.js';
import { endHubs, frames, type HubBehaviour, OBJECT, serveHub, subscriber } from './push-hub.testkit.js';

endLabs();
endHubs();

/** What a promise came to: the code of its error, or `done`. */
const outcome = (promise: Promise<void>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

describe('who may subscribe', () => {
  it('nobody, unless the servant says so', async () => {
    const here = newLab();
    const hub = new PushHub({ protocol: frames.hub, time: here.time });
    class Plain extends PushServant {}
    const adapters = { A: { servant: OBJECT, endpoint: `${AT} -t 0`, protocol: 'not_tars' as const } };
    await here.application({ app: 'T', server: 'S', adapters }, (app) => {
      app.addServant(Plain, OBJECT, hub);
      app.addServantProtocol(OBJECT, frames.parser);
    });
    const { session, log } = subscriber(here);
    await here.run(session.open());
    expect(await here.run(outcome(session.subscribe('admins')))).toBe('TARSIER_SUBSCRIBE_REFUSED');
    hub.group('admins').push('secret');
    // The program puts members into groups as before.
    for (const member of hub.members()) member.join('news');
    hub.group('news').push('news');
    await here.time.advance(10);
    expect(log).toEqual(['opened', 'news']);
    expect(hub.count('admins')).toBe(0);
    await here.run(hub.close());
  });

  it.each([false, undefined, null, 0, 1, '', 'no', {}, [true], new PushRefusal('no')])(
    'is refused by %j: only true lets in',
    async (decision) => {
      const here = newLab();
      const hub = await serveHub(here, {}, { maySubscribe: (() => decision) as never });
      // The testkit takes undefined for "no hook", so it is given as an answer that comes later.
      const later = await serveHub(here, {}, { maySubscribe: (async () => decision) as never }, {}, 'tcp -h b -p 1');
      const one = subscriber(here);
      const two = subscriber(here, {}, 'tcp -h b -p 1');
      await here.run(Promise.all([one.session.open(), two.session.open()]));
      if (decision !== undefined && decision !== null) {
        expect(await here.run(outcome(one.session.subscribe('g')))).toBe('TARSIER_SUBSCRIBE_REFUSED');
        expect(hub.count('g')).toBe(0);
      }
      expect(await here.run(outcome(two.session.subscribe('g')))).toBe('TARSIER_SUBSCRIBE_REFUSED');
      expect(later.count('g')).toBe(0);
      expect(two.session.groups).toEqual([]);
    },
  );

  it('is told the reason and the code of the program', async () => {
    const here = newLab();
    await serveHub(here, {}, { maySubscribe: () => new PushRefusal('for members', { code: 'no-member' }) });
    const { session } = subscriber(here);
    await here.run(session.open());
    await expect(here.run(session.subscribe('club'))).rejects.toMatchObject({
      code: 'TARSIER_SUBSCRIBE_REFUSED',
      group: 'club',
      reason: 'for members',
      refusal: 'no-member',
      isLater: false,
    });
  });

  it('has limits for the groups of a client and the bytes of their names, and says so', async () => {
    const here = newLab();
    const hub = await serveHub(here, { sessions: { maxGroups: 3, maxNameBytes: 8 } });
    const { session, log } = subscriber(here);
    await here.run(session.open());
    const names = ['a', 'b', 'c', 'd', 'too long name', 'ääää', 'äääää'];
    const outcomes = await here.run(Promise.all(names.map((name) => outcome(session.subscribe(name)))));
    expect(outcomes).toEqual([
      'done',
      'done',
      'done',
      'TARSIER_PUSH_LIMIT',
      'TARSIER_PUSH_LIMIT',
      'TARSIER_PUSH_LIMIT',
      'TARSIER_PUSH_LIMIT',
    ]);
    await expect(here.run(session.subscribe('e'))).rejects.toThrow('it is in 3 groups, more are not allowed');
    await expect(here.run(session.subscribe('123456789'))).rejects.toThrow('has 9 bytes; 8 are allowed');
    // What it has already it may ask for again, and what it leaves makes room.
    await here.run(session.unsubscribe('a'));
    expect(await here.run(outcome(session.subscribe('ääää')))).toBe('done');
    expect([...hub.groups().keys()].toSorted()).toEqual(['b', 'c', 'ääää']);
    // What the program joins is not refused.
    for (const member of hub.members()) expect(member.join('of the program')).toBe(true);
    expect(log).toEqual(['opened']);
  });
});

/** Hooks that fail once, in each way in which they may. */
const failures: readonly [name: string, fail: () => never | Promise<never>][] = [
  [
    'throws',
    () => {
      throw new Error('on purpose');
    },
  ],
  ['rejects', () => Promise.reject(new Error('on purpose'))],
  ['hangs', () => new Promise<never>(() => undefined)],
];

describe('a hook that cannot decide', () => {
  it.each(failures)(
    'identify that %s: the client is told at once, and comes in later by itself',
    async (_name, fail) => {
      const here = newLab();
      let asked = 0;
      const identify: HubBehaviour['identify'] = () => (asked++ === 0 ? fail() : { user: 'ann' });
      const hub = await serveHub(here, { sessions: { decisionMs: 1000 } }, { identify });
      const errors: unknown[] = [];
      hub.on('error', (error) => errors.push(error));
      const { session } = subscriber(here);
      expect(await here.run(outcome(session.open()), { limitMs: 1100 })).toBe('TARSIER_PUSH_LATER');
      expect(session.state).toBe('lost');
      expect(errors.length).toBe(1);
      await here.run(session.open(), { limitMs: 5000 });
      expect(hub.isOnline('ann')).toBe(true);
      expect(asked).toBe(2);
    },
  );

  it.each(failures)('maySubscribe that %s: the same', async (_name, fail) => {
    const here = newLab();
    let asked = 0;
    const maySubscribe: HubBehaviour['maySubscribe'] = () => (asked++ === 0 ? fail() : true);
    const hub = await serveHub(here, { sessions: { decisionMs: 1000 } }, { maySubscribe });
    hub.on('error', () => undefined);
    const { session } = subscriber(here);
    await here.run(session.open());
    expect(await here.run(outcome(session.subscribe('g')), { limitMs: 1100 })).toBe('TARSIER_PUSH_LATER');
    expect(session.groups).toEqual(['g']);
    await here.run(() => hub.count('g') === 1, { limitMs: 5000 });
    expect(asked).toBe(2);
  });

  it('never lets anybody in with an answer that comes too late', async () => {
    const here = newLab();
    let decide: (decision: true) => void = () => undefined;
    const maySubscribe: HubBehaviour['maySubscribe'] = (_member, group) =>
      group === 'slow' ? new Promise<true>((resolve) => (decide = resolve)) : true;
    const hub = await serveHub(here, { sessions: { decisionMs: 500 } }, { maySubscribe });
    hub.on('error', () => undefined);
    const { session } = subscriber(here);
    await here.run(session.open());
    const subscribed = outcome(session.subscribe('slow'));
    // It waits behind the other, and is served when that is given up.
    const other = outcome(session.subscribe('quick'));
    expect(await here.run(subscribed, { limitMs: 600 })).toBe('TARSIER_PUSH_LATER');
    void session.unsubscribe('slow');
    decide(true);
    expect(await here.run(other)).toBe('done');
    await here.time.advance(100);
    expect(hub.count('slow')).toBe(0);
  });

  it('without sessions in the protocol closes the connection, and packets that came meanwhile are served in order', async () => {
    const here = newLab();
    const hub = new PushHub({ time: here.time, sessions: { decisionMs: 1000 } });
    hub.on('error', () => undefined);
    const served: string[] = [];
    let ways: (() => object | Promise<object>)[] = [];
    class First extends PushServant {
      override identify(): object | Promise<object> {
        return (ways.shift() ?? (() => ({})))();
      }

      override onRequest(...[current]: Parameters<PushServant['onRequest']>): number {
        served.push(frames.request(current).body.toString());
        return 0;
      }
    }
    const adapters = { A: { servant: OBJECT, endpoint: `${AT} -t 0`, protocol: 'not_tars' as const } };
    await here.application({ app: 'T', server: 'S', adapters }, (app) => {
      app.addServant(First, OBJECT, hub);
      app.addServantProtocol(OBJECT, frames.parser);
    });
    let identified: (who: object) => void = () => undefined;
    ways = [() => new Promise((resolve) => (identified = resolve))];
    const prx = here.communicator({ timeoutcheckinterval: 1 }).stringToProxy(`${OBJECT}@${AT}`);
    prx.setProtocol(frames.proxyProtocol);
    for (const text of ['1', '2', '3']) prx.rpcCallAsync(0, 'say', text, null);
    await here.time.advance(20);
    expect(served).toEqual([]);
    identified({});
    await here.time.advance(10);
    prx.rpcCallAsync(0, 'say', '4', null);
    await here.time.advance(20);
    expect(served).toEqual(['1', '2', '3', '4']);
    for (const [, fail] of failures) {
      ways = [fail];
      const other = here.communicator({ timeoutcheckinterval: 1 }).stringToProxy(`${OBJECT}@${AT}`);
      other.setProtocol(frames.proxyProtocol);
      const closed = new Promise<void>((resolve) => other.once('close', () => resolve()));
      other.rpcCallAsync(0, 'say', 'never', null);
      await here.run(closed, { limitMs: 1200 });
    }
    expect(served).toEqual(['1', '2', '3', '4']);
    await here.run(hub.close());
  });
});

describe('a session that is refused', () => {
  it.each([undefined, new PushRefusal('log in first', { code: 'log-in' })])(
    'rejects at once with %j, and the client stops until it is opened again',
    async (refusal) => {
      const here = newLab();
      let asked = 0;
      let isAllowed = false;
      const identify: HubBehaviour['identify'] = () => {
        asked++;
        return isAllowed ? {} : refusal;
      };
      const hub = await serveHub(here, {}, { identify });
      const { session, log } = subscriber(here, { groups: ['g'] });
      expect(await here.run(outcome(session.open()), { limitMs: 100 })).toBe('TARSIER_SESSION_REFUSED');
      expect(session.state).toBe('idle');
      await here.time.advance(60_000);
      expect(asked).toBe(1);
      isAllowed = true;
      await here.run(session.open());
      expect(hub.count('g')).toBe(1);
      expect(log).toEqual(['opened']);
    },
  );

  it('when it wants to go on: it stops, says so, and can go on when it is allowed again', async () => {
    const here = newLab();
    let isAllowed = true;
    let asked = 0;
    const identify: HubBehaviour['identify'] = () => {
      asked++;
      return isAllowed ? {} : new PushRefusal('the token has expired', { code: 'token' });
    };
    const hub = await serveHub(here, {}, { identify });
    const { session, log } = subscriber(here, { groups: ['g'] });
    await here.run(session.open());
    isAllowed = false;
    here.network.connections()[0]?.reset();
    await here.time.advance(20_000);
    hub.group('g').push('meanwhile');
    expect(log).toEqual([
      'opened',
      'lost',
      'error PushRefusedException: the server refused the session: the token has expired',
    ]);
    expect([session.state, asked]).toEqual(['idle', 2]);
    isAllowed = true;
    await here.run(session.open());
    await here.time.advance(10);
    expect(log.slice(3)).toEqual(['resumed', 'meanwhile']);
  });
});

describe('a session that goes on has the rights of now', () => {
  it('labels, groups of identify, groups that its client asked for, groups that the program joined', async () => {
    const here = newLab();
    let isAdmin = true;
    const kept: string[] = [];
    const behaviour: HubBehaviour = {
      identify: () => ({
        user: 'bob',
        labels: isAdmin ? { role: 'admin', badge: 1 } : { role: 'none' },
        groups: isAdmin ? ['staff', 'all hands'] : ['all hands'],
      }),
      maySubscribe: (_member, group) => group === 'news' || isAdmin || 'admins only',
      mayKeep: (_member, group) => {
        kept.push(group);
        return isAdmin || group !== 'board';
      },
    };
    const hub = await serveHub(here, {}, behaviour);
    const { session, log } = subscriber(here, { groups: ['admins', 'news'] });
    await here.run(session.open());
    let [member] = hub.members();
    member?.join('board');
    member?.join('lobby');
    member?.setLabels({ color: 'red' });
    isAdmin = false;
    here.network.connections()[0]?.reset();
    await here.time.advance(1);
    const groups = ['admins', 'news', 'staff', 'all hands', 'board', 'lobby'];
    for (const group of groups) hub.group(group).push(`${group}, meanwhile`);
    hub.where({ role: 'admin' }).push('to admins');
    hub.where({ badge: 1 }).push('to the badge');
    await here.run(() => session.state === 'open', { limitMs: 20_000 });
    await here.time.advance(10);
    for (const group of groups) hub.group(group).push(group);
    hub.where({ role: 'admin' }).push('to admins');
    hub.where({ badge: 1 }).push('to the badge');
    hub.where({ role: 'none' }).push('to all others');
    hub.where({ color: 'red' }).push('to the red');
    await here.time.advance(10);
    const refusals = log.filter((line) => line.startsWith('error'));
    expect(refusals.length).toBe(3);
    for (const group of ['admins', 'staff', 'board']) {
      expect(refusals.some((line) => line.includes(`subscription to ${group}:`))).toBe(true);
    }
    expect(log.filter((line) => !line.startsWith('error'))).toEqual([
      'opened',
      'lost',
      'resumed',
      ...['news', 'all hands', 'lobby'].map((group) => `${group}, meanwhile`),
      'news',
      'all hands',
      'lobby',
      'to all others',
      'to the red',
    ]);
    expect(session.groups).toEqual(['news']);
    [member] = hub.members();
    expect(member?.labels).toEqual({ role: 'none', color: 'red' });
    expect(kept).toEqual(['board', 'lobby']);
  });

  it.each(failures)('and loses nothing when maySubscribe %s for a moment', async (_name, fail) => {
    const here = newLab();
    let fails = 0;
    const maySubscribe: HubBehaviour['maySubscribe'] = (_member, group) =>
      group === 'b' && fails > 0 && fails-- > 0 ? fail() : true;
    const hub = await serveHub(here, { sessions: { decisionMs: 500 } }, { maySubscribe });
    hub.on('error', () => undefined);
    const { session, log } = subscriber(here, { groups: ['a', 'b'] });
    await here.run(session.open());
    fails = 2;
    here.network.connections()[0]?.reset();
    await here.time.advance(1);
    hub.group('a').push('a');
    hub.group('b').push('b');
    await here.run(() => session.state === 'open', { limitMs: 25_000 });
    await here.time.advance(10);
    expect(fails).toBe(0);
    expect(log).toEqual(['opened', 'lost', 'resumed', 'a', 'b']);
  });

  it('over the same connection too', async () => {
    const here = newLab();
    let isAdmin = true;
    const hub = await serveHub(
      here,
      {},
      { identify: () => ({ labels: { isAdmin } }), maySubscribe: (_member, group) => isAdmin || group !== 'admins' },
    );
    const { session, log } = subscriber(here, { groups: ['admins', 'news'] });
    await here.run(session.open());
    const [member] = hub.members();
    isAdmin = false;
    member?.current.sendResponse(frames.hub.session?.encode({ kind: 'goodbye' }, 0) ?? new Uint8Array(0));
    await here.run(() => log.includes('resumed'), { limitMs: 20_000 });
    await here.time.advance(10);
    expect([...(hub.members().next().value as PushMember).groups]).toEqual(['news']);
    expect(session.groups).toEqual(['news']);
    expect((hub.members().next().value as PushMember).labels).toEqual({ isAdmin: false });
  });

  it('and cannot ask for what it has acknowledged again', async () => {
    const here = newLab();
    const hub = await serveHub(here);
    const { session, log } = subscriber(here, { groups: ['g'], ackMs: 1 });
    await here.run(session.open());
    for (const text of ['1', '2', '3']) hub.group('g').push(text);
    await here.time.advance(50);
    const other = subscriber(here, {});
    const { id } = session;
    const { epoch } = hub.backplane;
    const call = frames.session.calls.resume(id, epoch, 0, 1, false);
    const got: string[] = [];
    other.prx.setPushCallback({ onDispatch: ({ response }) => void got.push(response.sBuffer.toString()) });
    await here.run(other.prx.rpcCall(other.prx.genRequestId(), call.func, call.body));
    await here.time.advance(50);
    expect(got).toEqual([]);
    expect(log).toContain('3');
  });
});
