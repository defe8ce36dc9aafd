import { CloseType, type Current } from '@tarsier/framework';
import { type FakePeer, fakeClient } from '@tarsier/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { frame } from '../../packages/framework/src/raw-client.testkit.js';
import { AT, call, endLabs, newLab, proxyOf, serve } from './lab.testkit.js';

endLabs();

const open: FakePeer[] = [];

afterEach(() => {
  for (const client of open.splice(0)) client.close();
});

/** The step of the clock of connections. */
const STEP_MS = 50;

describe('packettimeout', () => {
  it('ends a peer whose packet does not complete, however busily it drips', async () => {
    const here = newLab();
    const ends: CloseType[] = [];
    const app = await serve(
      here,
      { doClose: (current) => void ends.push(current.getCloseType()) },
      { packettimeout: 1000 },
    );
    const slow = frame(1, Buffer.alloc(100));
    const client = await here.run(
      fakeClient(AT, (s) => s.send(frame(7, 'whole')).expect(frame(7, 'whole')).sendSlowly(slow, { every: 100 }), here),
    );
    open.push(client);
    await here.run(() => client.received().length > 0);
    const beginMs = here.time.now();
    const counters = app.getBindAdapter('Obj')?.counters;
    await here.run(() => counters?.packetTimeouts === 1, { limitMs: 20_000 });
    expect(here.time.now() - beginMs).toBeGreaterThanOrEqual(1000 - STEP_MS);
    expect(here.time.now() - beginMs).toBeLessThanOrEqual(1000 + 3 * STEP_MS);
    await here.run(() => ends.length > 0, { limitMs: 5000 });
    expect(ends).toEqual([CloseType.EM_SERVER_TIMEOUT_CLOSE]);
    expect(counters).toMatchObject({ packetTimeouts: 1, requests: 1 });
  });

  it('leaves a peer alone whose packets complete in time, however long they go on', async () => {
    const here = newLab();
    const app = await serve(here, {}, { packettimeout: 1000 });
    const packets = Buffer.concat(Array.from({ length: 20 }, (_, i) => frame(i, Buffer.alloc(40))));
    const client = await here.run(
      fakeClient(AT, (s) => s.sendSlowly(packets, { every: 100, size: 9 }).expect(packets), {
        network: here.network,
        timeoutMs: 60_000,
      }),
    );
    open.push(client);
    await here.run(client.done(), { limitMs: 60_000 });
    expect(app.getBindAdapter('Obj')?.counters).toMatchObject({ packetTimeouts: 0, requests: 20, closed: 0 });
  });
});

describe('silent peers', () => {
  it('are closed and counted by what they did not send', async () => {
    const here = newLab();
    const ends: CloseType[] = [];
    const app = await serve(
      here,
      { doClose: (current) => void ends.push(current.getCloseType()) },
      { endpoint: `${AT} -t 5000`, emptyconntimeout: 1000 },
    );
    const counters = app.getBindAdapter('Obj')?.counters;
    open.push(await here.run(fakeClient(AT, (s) => s, here)));
    open.push(await here.run(fakeClient(AT, (s) => s.send(frame(1, 'half').subarray(0, 9)), here)));
    open.push(await here.run(fakeClient(AT, (s) => s.send(frame(7, 'x')).expect(frame(7, 'x')), here)));
    await here.run(() => ends.length === 2, { limitMs: 2000 });
    expect(counters).toMatchObject({ emptyConnTimeouts: 2, idleTimeouts: 0, closed: 2 });
    await here.run(() => ends.length === 3, { limitMs: 6000 });
    expect(counters).toMatchObject({ emptyConnTimeouts: 2, idleTimeouts: 1, packetTimeouts: 0, closed: 3 });
    expect(new Set(ends)).toEqual(new Set([CloseType.EM_SERVER_TIMEOUT_CLOSE]));
  });
});

describe('maxpacketrate', () => {
  it('slows a peer down to it, in order, and loses nothing', async () => {
    const here = newLab();
    const times: number[] = [];
    const app = await serve(
      here,
      {
        doRequest: (current, response) => {
          times.push(here.time.now());
          response.assign(current.getRequestVector());
          return 0;
        },
      },
      { maxpacketrate: 100 },
    );
    const burst = Buffer.concat(Array.from({ length: 500 }, (_, i) => frame(i, 'x')));
    const client = await here.run(
      fakeClient(AT, (s) => s.send(burst).expect(burst), { network: here.network, timeoutMs: 60_000 }),
    );
    open.push(client);
    const beginMs = here.time.now();
    await here.run(client.done(), { limitMs: 60_000 });
    // A second's worth at once, and the other 400 at 100 a second.
    expect(here.time.now() - beginMs).toBeGreaterThanOrEqual(3900);
    expect(here.time.now() - beginMs).toBeLessThanOrEqual(4300);
    for (let i = 100; i < times.length; i++) {
      const inSecond = times.filter((ms) => ms > (times[i] ?? 0) - 1000 && ms <= (times[i] ?? 0)).length;
      expect(inSecond).toBeLessThanOrEqual(200);
    }
    expect(app.getBindAdapter('Obj')?.counters.rateLimited).toBeGreaterThan(10);
  });

  it('serves what came before the peer ended, then closes', async () => {
    const here = newLab();
    const ends: CloseType[] = [];
    await serve(here, { doClose: (current) => void ends.push(current.getCloseType()) }, { maxpacketrate: 10 });
    const burst = Buffer.concat(Array.from({ length: 30 }, (_, i) => frame(i, 'x')));
    const client = await here.run(
      fakeClient(AT, (s) => s.send(burst).end().expect(burst).expectEnd(), {
        network: here.network,
        timeoutMs: 60_000,
      }),
    );
    open.push(client);
    await here.run(client.done(), { limitMs: 60_000 });
    await here.run(() => ends.length > 0);
    expect(ends).toEqual([CloseType.EM_CLIENT_CLOSE]);
  });

  it('does not count the time that a peer has to wait as idle', async () => {
    const here = newLab();
    await serve(here, {}, { maxpacketrate: 1, endpoint: `${AT} -t 500` });
    const burst = Buffer.concat(Array.from({ length: 6 }, (_, i) => frame(i, 'x')));
    const client = await here.run(
      fakeClient(AT, (s) => s.send(burst).expect(burst), { network: here.network, timeoutMs: 60_000 }),
    );
    open.push(client);
    await here.run(client.done(), { limitMs: 60_000 });
  });

  it('holds for each connection by itself', async () => {
    const here = newLab();
    await serve(here, {}, { maxpacketrate: 5 });
    const burst = Buffer.concat(Array.from({ length: 50 }, (_, i) => frame(i, 'x')));
    open.push(await here.run(fakeClient(AT, (s) => s.send(burst), here)));
    const proxy = proxyOf(here);
    const beginMs = here.time.now();
    for (let i = 0; i < 5; i++) expect(await here.run(call(proxy, `call ${i}`))).toBe(`call ${i}`);
    expect(here.time.now() - beginMs).toBeLessThan(100);
  });
});

describe('maxconnsperip', () => {
  it('refuses one more of an address, until one of them is gone', async () => {
    const here = newLab();
    const rejects: string[] = [];
    const app = await serve(here, {}, { maxconnsperip: 2 });
    app.on('reject', (_adapter, _ip, reason) => rejects.push(reason));
    const clients: FakePeer[] = [];
    for (let i = 0; i < 3; i++) clients.push(await here.run(fakeClient(AT, (s) => s, here)));
    open.push(...clients);
    await here.time.advance(100);
    expect(rejects).toEqual(['maxconnsperip']);
    expect(app.getBindAdapter('Obj')?.getNowConnection()).toBe(2);
    expect(app.getBindAdapter('Obj')?.counters).toMatchObject({ overMaxConnsPerIp: 1, overMaxConns: 0 });
    clients[0]?.close();
    await here.time.advance(100);
    const next = await here.run(fakeClient(AT, (s) => s.send(frame(1, 'x')).expect(frame(1, 'x')), here));
    open.push(next);
    await here.run(next.done());
    expect(app.getBindAdapter('Obj')?.getNowConnection()).toBe(2);
  });
});

describe('the idle clock', () => {
  it('does not run while a request of the peer runs, and begins anew afterwards', async () => {
    const here = newLab();
    const ends: { atMs: number; type: CloseType }[] = [];
    await serve(
      here,
      {
        doRequest: async (current: Current, response) => {
          await here.time.delay(10_000);
          response.assign(current.getRequestVector());
          return 0;
        },
        doClose: (current) => void ends.push({ atMs: here.time.now(), type: current.getCloseType() }),
      },
      { endpoint: `${AT} -t 2000` },
    );
    const client = await here.run(
      fakeClient(AT, (s) => s.send(frame(1, 'slow')).expect(frame(1, 'slow')), {
        network: here.network,
        timeoutMs: 60_000,
      }),
    );
    open.push(client);
    await here.run(client.done(), { limitMs: 60_000 });
    const answeredMs = here.time.now();
    expect(ends).toEqual([]);
    await here.run(() => ends.length > 0, { limitMs: 10_000 });
    expect(ends[0]?.type).toBe(CloseType.EM_SERVER_TIMEOUT_CLOSE);
    expect((ends[0]?.atMs ?? 0) - answeredMs).toBeLessThanOrEqual(2000 + STEP_MS);
    expect((ends[0]?.atMs ?? 0) - answeredMs).toBeGreaterThanOrEqual(2000);
  });
});
