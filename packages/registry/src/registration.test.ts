import { Endpoint, setLogger } from '@tarsier/framework';
import { Communicator, QueryFProxy } from '@tarsier/proxy';
import { afterEach, describe, expect, it } from 'vitest';
import { atEnd, endAll, NameProxy, OBJECT, portOf, registry, server, until } from './name-server.testkit.js';

afterEach(async () => {
  await endAll();
  setLogger(undefined);
});

const adapters = (endpoint: string) => ({ NameAdapter: { servant: OBJECT, endpoint, protocol: 'tars' } });

/** Log lines of warnings and above. */
function warnings(): string[] {
  const lines: string[] = [];
  const keep = (text: string): void => void lines.push(text);
  setLogger({ debug: () => {}, info: () => {}, warn: keep, error: keep });
  return lines;
}

describe('a server with register = y', () => {
  it('is found when main() resolves, and gone before its port closes', async () => {
    const { locator, table } = await registry();
    const app = await server('a', { register: true, client: { locator } });
    const { active } = table.find(OBJECT);
    expect(active).toMatchObject([{ host: '127.0.0.1', port: portOf(app), timeout: 60_000, istcp: 1 }]);
    let sizeAtEnd = -1;
    const drained = new Promise<void>((resolve) => {
      app.once('close', () => {
        sizeAtEnd = table.size;
        resolve();
      });
    });
    const communicator = new Communicator({ locator });
    atEnd(() => communicator.terminate());
    expect(await communicator.stringToProxy(NameProxy, OBJECT).whoAreYou()).toBe('a');
    await app.terminate();
    await drained;
    expect(sizeAtEnd).toBe(0);
    const query = communicator.stringToProxy(QueryFProxy, locator);
    expect(await query.findObjectByIdInSameGroup(OBJECT)).toEqual({ _ret: 0, activeEp: [], inactiveEp: [] });
  });

  it('renews its lease', async () => {
    const { locator, table } = await registry();
    await server('a', { register: true, registerlease: 1500, client: { locator } });
    const began = performance.now();
    await until(() => {
      expect(table.find(OBJECT).active).toHaveLength(1);
      return performance.now() - began > 3000;
    });
  });

  it('tells set, station, weight and the host that clients see', async () => {
    const { locator, table } = await registry();
    await server('a', {
      register: locator,
      advertise: 'names.example.com',
      station: 'sz',
      nodename: 'm1',
      client: { enableset: 'y', setdivision: 'app.sz.1' },
      adapters: adapters('tcp -h 0.0.0.0 -p 0 -t 1000 -w 30 -v 1'),
    });
    const { active } = table.find(OBJECT, (entries) => entries.filter(({ station }) => station === 'sz'));
    expect(active).toMatchObject([
      { host: 'names.example.com', timeout: 1000, weight: 30, weightType: 1, setId: 'app.sz.1', nodeName: 'm1' },
    ]);
  });

  it('never tells that it is at every address', async () => {
    const { locator, table } = await registry();
    await server('a', { register: locator, localip: '127.0.0.9' }, '0.0.0.0');
    await server('b', { register: locator, advertise: 'localip', localip: '127.0.0.8' });
    expect(table.find(OBJECT).active.map(({ host }) => host)).toEqual(['127.0.0.9', '127.0.0.8']);
  });

  it('registers at each endpoint of the locator', async () => {
    const one = await registry();
    const two = await registry();
    const locator = `${one.locator}:${two.locator.slice(two.locator.indexOf('@') + 1)}`;
    const app = await server('a', { register: true, client: { locator } });
    expect([one.table.size, two.table.size]).toEqual([1, 1]);
    await app.terminate();
    expect([one.table.size, two.table.size]).toEqual([0, 0]);
  });

  it('registers when it opens its ports, where that was put off', async () => {
    const { locator, table } = await registry();
    const app = await server('a', { register: true, manuallisten: true, client: { locator } });
    expect(table.size).toBe(0);
    await app.manualListen();
    expect(table.find(OBJECT).active).toMatchObject([{ port: portOf(app) }]);
  });

  it('serves without a registry, warns once, and registers when there is one', async () => {
    const lines = warnings();
    const first = await registry();
    const { port } = Endpoint.parse(first.locator.slice(first.locator.indexOf('@') + 1));
    await first.stop();
    await server('a', { loglevel: 'WARN', register: true, registerlease: 300, client: { locator: first.locator } });
    const began = performance.now();
    await until(() => performance.now() - began > 500);
    const told = () => lines.filter((line) => line.startsWith('the registry could not be told of this server'));
    expect(told()).toHaveLength(1);
    const second = await registry({ port });
    await until(() => second.table.size === 1);
    expect(told()).toHaveLength(1);
  });

  it('is not held up by a registry that is away when it ends', async () => {
    warnings();
    const running = await registry();
    const { locator } = running;
    const app = await server('a', { register: true, client: { locator } });
    await running.stop();
    const began = performance.now();
    await app.terminate();
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('names adapters that registries have no words for', async () => {
    const lines = warnings();
    const { locator, table } = await registry();
    await server('a', { loglevel: 'WARN', register: locator, adapters: adapters('ws -h 127.0.0.1 -p 0 -t 1000') });
    expect(table.size).toBe(0);
    expect(lines).toContain('an adapter is not registered: registries know tcp, udp and ssl only');
  });

  it.each([
    [{ register: true }, /with y a locator in <client>/],
    [{ register: 'maybe' }, /yes, no, or the object of a registry/],
    [{ register: 'A.B.C@nonsense' }, /yes, no, or the object of a registry/],
    [{ register: 'A.B.C@tcp -h h -p 1', registerlease: 299 }, /registerlease/],
    [{ register: 'A.B.C@tcp -h h -p 1', client: { enableset: 'y', setdivision: 'app' } }, /expected a set as app.sz.1/],
    [{ node: 'tars.tarsnode.ServerObj' }, /the object of the node agent/],
    [{ node: '@' }, /the object of the node agent/],
  ])('does not start with %j', async (config, message) => {
    await expect(server('a', config)).rejects.toThrow(message);
  });
});
