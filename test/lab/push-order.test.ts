import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endLabs, newLab } from './lab.testkit.js';
import { endHubs, frames, type HubBehaviour, serveHub, subscriber } from './push-hub.testkit.js';

endLabs();
endHubs();

const later =
  (ms: number, time: { schedule(ms: number, run: () => void): unknown }): NonNullable<HubBehaviour['maySubscribe']> =>
  () =>
    new Promise<boolean>((resolve) => time.schedule(ms, () => resolve(true)));

describe.each([
  ['at once', 0],
  ['after 100 ms', 100],
])('where maySubscribe decides %s', (_name, ms) => {
  const open = async () => {
    const here = newLab();
    const asked: string[] = [];
    const decide = later(ms, here.time);
    const maySubscribe: HubBehaviour['maySubscribe'] = (member, group) => {
      asked.push(group);
      return ms === 0 ? true : decide(member, group);
    };
    const hub = await serveHub(here, {}, { maySubscribe });
    const one = subscriber(here);
    await here.run(one.session.open());
    return { here, hub, asked, ...one };
  };

  it('leaving behind a subscription that is under way leaves', async () => {
    const { here, hub, session, log } = await open();
    const subscribed = session.subscribe('g');
    await here.time.advance(1);
    const left = session.unsubscribe('g');
    await here.run(Promise.all([subscribed, left]));
    expect(hub.count('g')).toBe(0);
    hub.group('g').push('not for it');
    await here.time.advance(500);
    expect(log).toEqual(['opened']);
    expect(hub.stats().groups).toBe(0);
  });

  it('subscribing twice and leaving once leaves', async () => {
    const { here, hub, session } = await open();
    await here.run(Promise.all([session.subscribe('g'), session.subscribe('g')]));
    await here.run(session.unsubscribe('g'));
    expect([hub.count('g'), session.groups]).toEqual([0, []]);
  });

  it('what strict mode does to an effect ends subscribed, once', async () => {
    const { here, hub, session, log, asked } = await open();
    const promises = [session.subscribe('g'), session.unsubscribe('g'), session.subscribe('g')];
    await here.run(Promise.all(promises));
    hub.group('g').push('once');
    await here.time.advance(500);
    expect([hub.count('g'), session.groups, log]).toEqual([1, ['g'], ['opened', 'once']]);
    expect(asked).toEqual(['g']);
    // An effect that runs again while it is subscribed misses nothing.
    void session.unsubscribe('g');
    void session.subscribe('g');
    hub.group('g').push('not missed');
    await here.time.advance(500);
    expect([log.at(-1), asked, hub.count('g')]).toEqual(['not missed', ['g'], 1]);
  });

  it('a client that sends all at once is served in its order', async () => {
    const { here, hub, prx, asked } = await open();
    const { calls } = frames.session;
    const answers: string[] = [];
    for (const call of [
      calls.subscribe('a'),
      calls.unsubscribe('a'),
      calls.subscribe('b'),
      calls.unsubscribe('b'),
      calls.subscribe('b'),
      calls.unsubscribe('never'),
    ]) {
      prx.rpcCallAsync(prx.genRequestId(), call.func, call.body, {
        onDispatch: ({ response }) => void answers.push(frames.session.read(response)?.kind ?? ''),
      });
    }
    await here.time.advance(1000);
    expect(answers).toEqual(['subscribed', 'unsubscribed', 'subscribed', 'unsubscribed', 'subscribed', 'unsubscribed']);
    expect([hub.count('a'), hub.count('b'), asked]).toEqual([0, 1, ['a', 'b', 'b']]);
  });
});

describe('behind the promise of leaving', () => {
  it.each(['reliable', 'latest', 'volatile'] as const)(
    'no %s push of the group comes, however slowly the client reads',
    async (delivery) => {
      const here = newLab();
      const hub = await serveHub(here, { limits: { volatile: { bytes: 1_000_000, pushes: 1000 } } });
      const { session, log } = subscriber(here, { groups: ['left', 'kept'] });
      await here.run(session.open());
      const slow = here.network.on().slowReader(20_000);
      const body = 'x'.repeat(1000);
      for (let i = 0; i < 300; i++) {
        hub.group('left').push(`left ${i} ${body}`, { delivery, key: String(i) });
        if (i % 10 === 0) hub.group('kept').push(`kept ${i}`);
        await here.time.advance(1);
      }
      let isLeft = false;
      let late = 0;
      session.on('push', ({ topic }) => {
        if (isLeft && topic === 'left') late++;
      });
      const left = session.unsubscribe('left').then(() => {
        isLeft = true;
      });
      for (let i = 0; i < 20; i++) hub.group('left').push(`at the same time ${i}`, { delivery, key: `same ${i}` });
      await here.time.advance(50);
      for (let i = 0; i < 20; i++) hub.group('left').push(`afterwards ${i}`, { delivery, key: `after ${i}` });
      slow.clear();
      await here.run(left, { limitMs: 120_000 });
      await here.time.advance(20_000);
      expect(late).toBe(0);
      expect(log.filter((line) => line.startsWith('kept')).length).toBe(30);
      expect(hub.stats().waitingBytes).toBe(0);
    },
  );

  it('nor when it was left while there was no connection', async () => {
    const here = newLab();
    const hub = await serveHub(here);
    const { session, log } = subscriber(here, { groups: ['left', 'kept'] });
    await here.run(session.open());
    here.network.connections()[0]?.reset();
    await here.time.advance(1);
    hub.group('left').push('missed, and still owed');
    let isLeft = false;
    const left = session.unsubscribe('left').then(() => {
      isLeft = true;
    });
    await here.time.advance(1);
    expect(isLeft).toBe(false);
    await here.run(left, { limitMs: 30_000 });
    const before = log.length;
    hub.group('left').push('not any more');
    hub.group('kept').push('kept');
    await here.time.advance(50);
    expect(log.slice(before)).toEqual(['kept']);
    expect(hub.count('left')).toBe(0);
  });

  it('resolves at once where nothing can come: before there is a session, and behind its end', async () => {
    const here = newLab();
    await serveHub(here);
    const { session } = subscriber(here, { groups: ['a', 'b'] });
    await here.run(session.unsubscribe('a'));
    expect(session.groups).toEqual(['b']);
    await here.run(session.open());
    const left = session.unsubscribe('b');
    session.close();
    await here.run(left);
    await here.run(session.unsubscribe('c'));
  });
});

/** What a program and a network may do to a session. */
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('subscribe' as const), group: fc.integer({ min: 0, max: 2 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('unsubscribe' as const), group: fc.integer({ min: 0, max: 2 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('push' as const), group: fc.integer({ min: 0, max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reset' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('goodbye' as const) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 400 }) }) },
);

describe('whatever program and network do in whatever order', () => {
  it('the last wish is what it comes to, and nothing comes behind a promise of leaving', {
    timeout: 120_000,
  }, async () => {
    const run = async (steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[], decideMs: number) => {
      const here = newLab();
      const decide = later(decideMs, here.time);
      const hub = await serveHub(
        here,
        { sessions: { windowMs: 600_000 } },
        { maySubscribe: decideMs === 0 ? () => true : decide },
      );
      const { session } = subscriber(here);
      // Which groups it has certainly left, and which it wants.
      const left = new Set<string>();
      const wanted = new Set<string>();
      const late: string[] = [];
      session.on('push', ({ topic }) => {
        if (left.has(topic)) late.push(topic);
      });
      await here.run(session.open());
      here.network.on().latency([0, 30]);
      const promises: Promise<void>[] = [];
      for (const one of steps) {
        const name = 'group' in one ? `g${one.group}` : '';
        if (one.kind === 'subscribe') {
          left.delete(name);
          wanted.add(name);
          promises.push(session.subscribe(name));
        } else if (one.kind === 'unsubscribe') {
          wanted.delete(name);
          promises.push(
            session.unsubscribe(name).then(() => {
              if (!wanted.has(name)) left.add(name);
            }),
          );
        } else if (one.kind === 'push') hub.group(name).push(name);
        else if (one.kind === 'reset') here.network.connections().at(-1)?.reset();
        else if (one.kind === 'wait') await here.time.advance(one.ms);
        else {
          const [member] = hub.members();
          member?.current.sendResponse(frames.hub.session?.encode({ kind: 'goodbye' }, 0) ?? new Uint8Array(0));
        }
      }
      await here.run(Promise.all(promises), { limitMs: 120_000 });
      await here.run(() => session.state === 'open', { limitMs: 120_000 });
      await here.time.advance(1000);
      for (const name of ['g0', 'g1', 'g2']) hub.group(name).push(name);
      await here.time.advance(200);
      expect(late).toEqual([]);
      expect([...hub.groups().keys()].toSorted()).toEqual([...wanted].toSorted());
      expect(session.groups.toSorted()).toEqual([...wanted].toSorted());
      session.close();
    };
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.constantFrom(0, 20, 150), run), {
      numRuns: 60,
    });
  });
});
