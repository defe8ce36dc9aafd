import { PushSession } from '@tarsier/servant-push/client';
import { describe, expect, it } from 'vitest';
import { endLabs, newLab } from './lab.testkit.js';
import { endHubs, frames, type HubBehaviour, serveHub, subscriber } from './push-hub.testkit.js';

endLabs();
endHubs();

/** What a promise came to: the code of its error, or `done`. */
const outcome = (promise: Promise<void>): Promise<string> =>
  promise.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

describe('credentials of a session', () => {
  it('are asked for at each open and resume, and a session that was logged in comes back by itself', async () => {
    const here = newLab();
    const seen: string[] = [];
    let valid = 'token 1';
    const identify: HubBehaviour['identify'] = async (_current, credentials) => {
      seen.push(credentials.toString());
      return credentials.toString() === valid ? { user: 'ann', labels: { member: true } } : undefined;
    };
    const hub = await serveHub(here, {}, { identify });
    let count = 0;
    const credentials = (): Promise<string> =>
      new Promise((resolve) => here.time.schedule(200, () => resolve(`token ${++count}`)));
    const { session, log } = subscriber(here, { credentials, groups: ['g'] });
    await here.run(session.open());
    // A token is good for one connection here.
    valid = 'token 2';
    here.network.connections()[0]?.reset();
    await here.time.advance(1);
    hub.group('g').push('meanwhile');
    await here.run(() => session.state === 'open', { limitMs: 20_000 });
    await here.time.advance(10);
    expect(log).toEqual(['opened', 'lost', 'resumed', 'meanwhile']);
    expect(seen).toEqual(['token 1', 'token 2']);
    expect(hub.isOnline('ann')).toBe(true);
  });

  it.each([
    ['a text', 'tökén'],
    ['an Uint8Array', Buffer.from('tökén')],
    ['an ArrayBuffer', Uint8Array.from(Buffer.from('tökén')).buffer],
  ])('may be %s', async (_name, token) => {
    const here = newLab();
    const seen: string[] = [];
    const identify: HubBehaviour['identify'] = (_current, credentials) => {
      seen.push(credentials.toString());
      return {};
    };
    await serveHub(here, {}, { identify });
    const { session } = subscriber(here, { credentials: () => token });
    await here.run(session.open());
    expect(seen).toEqual(['tökén']);
  });

  it('are none where none are told', async () => {
    const here = newLab();
    const lengths: number[] = [];
    const identify: HubBehaviour['identify'] = (_current, credentials) => {
      lengths.push(credentials.length);
      return {};
    };
    await serveHub(here, {}, { identify });
    await here.run(subscriber(here).session.open());
    expect(lengths).toEqual([0]);
  });

  const fails: readonly [name: string, fail: () => Promise<string>][] = [
    [
      'throws',
      () => {
        throw new Error('on purpose');
      },
    ],
    ['rejects', () => Promise.reject(new Error('on purpose'))],
    ['hangs', () => new Promise(() => undefined)],
  ];

  it.each(fails)(
    'that cannot be had, since the function %s: open() says so at once, and it is tried again',
    async (_name, fail) => {
      const here = newLab();
      const hub = await serveHub(here, {}, { identify: (_current, credentials) => ({ user: credentials.toString() }) });
      let asked = 0;
      const credentials = (): Promise<string> => (++asked === 1 ? fail() : Promise.resolve('ann'));
      const { session, log } = subscriber(here, { credentials, credentialsMs: 1000 });
      expect(await here.run(outcome(session.open()), { limitMs: 1100 })).toBe('TARSIER_CREDENTIALS');
      await here.run(session.open(), { limitMs: 5000 });
      expect([asked, hub.isOnline('ann'), log]).toEqual([2, true, ['opened']]);
      // After a loss nobody waits: it is told once.
      asked = 0;
      here.network.connections().at(-1)?.reset();
      await here.run(() => asked === 2 && session.state === 'open', { limitMs: 20_000 });
      expect(log.filter((line) => line.startsWith('error')).length).toBe(1);
      expect(log.at(-1)).toBe('resumed');
    },
  );

  it.each([
    ['a number', 7],
    ['an array', [1, 2]],
    ['nothing', undefined],
    ['more than fits its field', 'x'.repeat(70_000)],
  ])('that are %s stop the session', async (_name, wrong) => {
    const here = newLab();
    await serveHub(here);
    let asked = 0;
    const credentials = (): never => {
      asked++;
      return wrong as never;
    };
    const { session } = subscriber(here, { credentials });
    expect(await here.run(outcome(session.open()))).toBe('TARSIER_INVALID_ARGUMENT');
    await here.time.advance(30_000);
    expect([session.state, asked]).toEqual(['idle', 1]);
  });

  it('have a limit at the server, which says so', async () => {
    const here = newLab();
    let asked = 0;
    const identify: HubBehaviour['identify'] = () => {
      asked++;
      return {};
    };
    await serveHub(here, { sessions: { maxCredentialBytes: 10 } }, { identify });
    const { session } = subscriber(here, { credentials: () => 'x'.repeat(11) });
    await expect(here.run(session.open())).rejects.toThrow('credentials of 11 bytes; 10 are allowed');
    expect([session.state, asked]).toEqual(['idle', 0]);
  });

  it('of another user over the same connection begin another session', async () => {
    const here = newLab();
    const hub = await serveHub(
      here,
      {},
      {
        identify: (_current, credentials) => ({ user: credentials.toString() }),
        maySubscribe: (member) => member.user === 'ann',
      },
    );
    const one = subscriber(here, { credentials: () => 'ann', groups: ['g'] });
    await here.run(one.session.open());
    one.session.close();
    const next = new PushSession(one.prx, { protocol: frames.session, time: here.time, credentials: () => 'bob' });
    await here.run(next.open());
    expect(Array.from(hub.members(), ({ user, groups }) => [user, groups])).toEqual([['bob', []]]);
    expect(next.id).not.toBe(one.session.id);
    next.close();
  });
});

describe('what a session stands on', () => {
  it.each(['the proxy', 'the communicator'])('ends it with itself: %s', async (what) => {
    const here = newLab();
    await serveHub(here);
    const { session, prx, log } = subscriber(here, { groups: ['g'] });
    await here.run(session.open());
    const later = session.subscribe('later').catch((error: { code: string }) => error.code);
    await here.run(what === 'the proxy' ? prx.close() : prx.communicator.terminate());
    expect([session.state, await later]).toEqual(['closed', 'TARSIER_CLOSED']);
    await expect(session.open()).rejects.toMatchObject({ code: 'TARSIER_CLOSED' });
    await here.time.advance(60_000);
    expect(log).toEqual(['opened']);
  });

  it('ends it while it is away, or opening, too', async () => {
    const here = newLab();
    await serveHub(here);
    const closed = here.network.on().refuse();
    const one = subscriber(here);
    const opened = outcome(one.session.open());
    await here.time.advance(300);
    await here.run(one.prx.communicator.terminate());
    expect([one.session.state, await opened]).toEqual(['closed', 'TARSIER_CLOSED']);
    // A session that is made behind the end is over with its first attempt.
    const late = new PushSession(one.prx, { protocol: frames.session, time: here.time });
    expect(await here.run(outcome(late.open()))).toBe('TARSIER_CLOSED');
    closed.clear();
    await here.time.advance(10);
  });
});
