import type { Backplane } from '@tarsier/servant-push';
import { nats } from '@tarsier/servant-push/nats';
import { redis } from '@tarsier/servant-push/redis';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { pushMessage, TestPort } from '../../packages/servant-push/src/cluster/backplane.contract.testkit.js';
import { RedisEngine } from '../../packages/servant-push/src/redis/redis-engine.js';
import { EngineServer } from '../support/engine-server.js';
import { needs } from '../support/needs.js';

const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

const make = {
  redis: (url: string) => redis({ url, leaseMs: 1000, client: { pingInterval: 200, socket: { socketTimeout: 1500 } } }),
  nats: (url: string) => nats({ servers: url, leaseMs: 1000, connection: { pingInterval: 300 } }),
};

async function engineOf(kind: 'redis' | 'nats', keeps = true): Promise<EngineServer> {
  const server = await EngineServer.start(kind, keeps);
  endings.push(() => server.end());
  return server;
}

function nodeOf(
  kind: 'redis' | 'nats',
  server: EngineServer,
): { backplane: Backplane; port: TestPort; opened: Promise<void> } {
  const backplane = make[kind](server.url);
  const port = new TestPort();
  const opened = Promise.resolve(backplane.open(port));
  endings.push(async () => backplane.close());
  return { backplane, port, opened };
}

const until = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000, interval: 20 });

describe.each(['redis', 'nats'] as const)('%s', (kind) => {
  it(
    'that comes back empty is another log: its sessions are over, what was kept is sent',
    needs(`${kind}-server`),
    async () => {
      const server = await engineOf(kind, false);
      const [a, b] = [nodeOf(kind, server), nodeOf(kind, server)];
      await Promise.all([a.opened, b.opened]);
      for (const { backplane } of [a, b]) backplane.subscribe('g:a');
      a.backplane.publish(pushMessage('g:a', '1'));
      await until(() => expect(b.port.texts('g:a')).toEqual(['1']));
      const { epoch } = a.backplane;
      await server.kill();
      await until(() => expect([a.backplane.state, b.backplane.state]).toEqual(['down', 'down']));
      a.backplane.publish(pushMessage('g:a', '2'));
      await server.start();
      await until(() => expect(b.port.texts('g:a')).toEqual(['1', '2']));
      await until(() => expect([a.backplane.state, b.backplane.state]).toEqual(['up', 'up']));
      expect(a.backplane.epoch).toBe(b.backplane.epoch);
      expect(a.backplane.epoch).not.toBe(epoch);
      expect([a.port.epochs, b.port.epochs]).toEqual([2, 2]);
    },
  );

  it('that stands still is noticed; nothing is lost, and nothing comes twice', needs(`${kind}-server`), async () => {
    const server = await engineOf(kind);
    const [a, b] = [nodeOf(kind, server), nodeOf(kind, server)];
    await Promise.all([a.opened, b.opened]);
    for (const { backplane } of [a, b]) backplane.subscribe('g:a');
    await server.freeze();
    // It is under way when the silence is noticed: the server may take it later, or not.
    a.backplane.publish(pushMessage('g:a', '1'));
    await until(() => expect(a.backplane.state).toBe('down'));
    a.backplane.publish(pushMessage('g:a', '2'));
    // Members here have both at once, in order.
    expect(a.port.texts('g:a')).toEqual(['1', '2']);
    server.thaw();
    await until(() => {
      expect([a.backplane.state, b.backplane.state]).toEqual(['up', 'up']);
      expect(b.port.texts('g:a')).toEqual(['1', '2']);
    });
    a.backplane.publish(pushMessage('g:a', '3'));
    await until(() => expect(b.port.texts('g:a')).toEqual(['1', '2', '3']));
    const mine = a.port.delivered.map(({ sequence, isRepeated, id }) => [sequence, isRepeated, id !== '']);
    expect(mine).toEqual([
      [0, false, true],
      [0, false, true],
      [1, true, true],
      [2, true, true],
      [3, false, false],
    ]);
  });

  it('that stands still does not hold up the end of a hub', needs(`${kind}-server`), async () => {
    const server = await engineOf(kind);
    const [a, b] = [nodeOf(kind, server), nodeOf(kind, server)];
    await Promise.all([a.opened, b.opened]);
    await server.freeze();
    a.backplane.publish(pushMessage('g:a', '1'));
    // Before it is noticed, and afterwards.
    const begunMs = performance.now();
    await a.backplane.close();
    expect(performance.now() - begunMs).toBeLessThan(4000);
    await until(() => expect(b.backplane.state).toBe('down'));
    const laterMs = performance.now();
    await b.backplane.close();
    expect(performance.now() - laterMs).toBeLessThan(4000);
  });

  it('that is not there at the start is waited for', needs(`${kind}-server`), async () => {
    const server = await engineOf(kind);
    await server.kill();
    const { backplane, port, opened } = nodeOf(kind, server);
    backplane.subscribe('g:a');
    backplane.publish(pushMessage('g:a', '1'));
    expect(port.texts('g:a')).toEqual(['1']);
    expect(backplane.presence()).toEqual({ nodes: 1, isPartial: true, waiting: 0 });
    await server.start();
    await opened;
    await until(() => expect(port.delivered.map(({ sequence }) => sequence)).toEqual([0, 1]));
  });
});

describe('the log on Redis', needs('redis-server'), () => {
  it('takes the entries of a node in their order only, each once, and only into the log that they are meant for', async () => {
    const server = await engineOf('redis');
    const engine = new RedisEngine({ client: { url: server.url }, name: 'x', maxEntries: 1000, ageMs: 200 });
    endings.push(() => engine.close());
    const seen: number[] = [];
    await new Promise<void>((resolve, reject) => {
      engine
        .open(
          {
            keepMs: 1000,
            connected: resolve,
            disconnected: () => undefined,
            entry: (sequence) => seen.push(sequence),
            received: () => undefined,
            failed: reject,
          },
          'node',
        )
        .catch(reject);
    });
    const { epoch, last, first } = await engine.log();
    expect([last, first]).toEqual([0, 1]);
    const bytes = new Uint8Array([1, 2, 3]);
    const append = (number: number, unconfirmed: number, to = epoch): Promise<number> =>
      engine.append({ number, bytes, epoch: to, unconfirmed });
    expect(await append(5, 5)).toBe(1);
    expect(await append(5, 5)).toBe(0);
    await expect(append(7, 6)).rejects.toThrow('ORDER');
    await expect(append(6, 6, 'another')).rejects.toThrow('EPOCH');
    expect(await append(6, 6)).toBe(2);
    // An engine that has lost what it confirmed takes what comes next.
    expect(await append(9, 9)).toBe(3);
    engine.follow(1);
    await until(() => expect(seen).toEqual([2, 3]));
    expect(await engine.entryAt(3)).toEqual(Buffer.from(bytes));
    await new Promise((resolve) => {
      setTimeout(resolve, 250);
    });
    expect(await append(10, 10)).toBe(4);
    // What is too old is gone.
    expect(await engine.log()).toEqual({ epoch, last: 4, first: 4 });
    expect(await engine.entryAt(3)).toBeUndefined();
    await engine.renew('another');
    expect((await engine.log()).epoch).toBe(epoch);
    await engine.renew(epoch);
    const renewed = await engine.log();
    expect(renewed).toMatchObject({ last: 4, first: 5 });
    expect(renewed.epoch).not.toBe(epoch);
  });
});
