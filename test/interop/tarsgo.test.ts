import { Application, type ApplicationConfig, setLogLevel } from '@tarsier/framework';
import { Communicator } from '@tarsier/proxy';
import { startRegistry } from '@tarsier/registry';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { needs } from '../support/needs.js';
import { Everything, PeerProxy } from './generated/Peer.js';
import { PeerImp, sample } from './peer-imp.js';
import { endPrograms, freePorts, type PeerClient } from './programs.js';
import { buildGoPrograms, GoServer, startGoClient } from './tarsgo/go-programs.js';

/** Tarsier and TarsGo, running. Without TARSGO these are skipped: Go and its modules come from elsewhere than what the tests install. */

const PEER = 'Interop.TsServer.PeerObj';

/** Go knows no bytes. */
const sampleOfGo = (): Everything => Object.assign(sample(), { i8: 0, u8: 0 });

async function serve(port: number, more: Partial<ApplicationConfig> = {}): Promise<Application> {
  const app = new Application();
  app.addServant(PeerImp, PEER);
  const endpoint = `tcp -h 127.0.0.1 -p ${port} -t 60000`;
  const adapters = { PeerAdapter: { servant: PEER, endpoint, protocol: 'tars' } };
  await app.main({
    app: 'Interop',
    server: 'TsServer',
    loglevel: 'NONE',
    goawaytime: 200,
    // One call of the tests is never answered.
    'deactivating-timeout': 500,
    adapters,
    ...more,
  });
  return app;
}

describe('with TarsGo', needs('TarsGo'), () => {
  beforeAll(async () => {
    setLogLevel(0);
    await buildGoPrograms();
  }, 300_000);

  afterAll(endPrograms);

  describe('a Go client of a Tarsier server', () => {
    let app: Application;
    let port: number;
    let client: PeerClient;

    beforeAll(async () => {
      [port = 0] = await freePorts(1);
      app = await serve(port);
      client = await startGoClient(`${PEER}@tcp -h 127.0.0.1 -p ${port} -t 60000`);
    });

    afterAll(() => app.terminate());

    it('gets structs back as they were, as result and as out parameter, small and large', async () => {
      expect(await client.call('echo')).toBe('= same');
      expect(await client.call('big 3000000')).toBe('= 3000000');
    });

    it('adds in 64 bits, and makes many calls at a time', async () => {
      expect(await client.call('add 9223372036854775806 1')).toBe('= 9223372036854775807');
      expect(await client.call('add -9223372036854775807 -1')).toBe('= -9223372036854775808');
      expect(await client.call('many 5000')).toBe('= 5000');
    });

    it('makes one-way calls', async () => {
      expect(await client.call('note heard')).toBe('= sent');
      await expect.poll(() => client.call('notes')).toBe('= heard');
    });

    it('sends a context, and gets one', async () => {
      expect(await client.call('contexts a=1 b=zwei')).toBe('= map[a:1 b:zwei] < map[answered:yes]');
    });

    it('is told of errors with code and text', async () => {
      expect(await client.call('fail 0 on purpose')).toMatch(/errno:-99,info:on purpose/);
      expect(await client.call('fail 42 with a code')).toMatch(/errno:42,info:with a code/);
      const stranger = await startGoClient(`Interop.TsServer.NobodyObj@tcp -h 127.0.0.1 -p ${port} -t 60000`);
      expect(await stranger.call('add 1 2')).toMatch(/errno:-4,/);
      await stranger.end();
    });

    it('waits for an answer that comes later, and no longer than it may', async () => {
      expect(await client.call('later 50')).toBe('= 50');
      await client.call('timeout 300');
      expect(await client.call('later -1')).toMatch(/^! .*request timeout/);
      await client.call('timeout 3000');
      expect(await client.call('add 1 1')).toBe('= 2');
    });

    it('has its call answered by a server that ends in order, and goes on with the next one at the same place', async () => {
      const answered = client.call('later 400');
      const other = await startGoClient(`${PEER}@tcp -h 127.0.0.1 -p ${port} -t 60000`);
      expect(await other.call('add 1 1')).toBe('= 2');
      await other.end();
      const ended = app.terminate();
      expect(await answered).toBe('= 400');
      await ended;
      app = await serve(port);
      await expect.poll(() => client.call('add 20 22'), { timeout: 20_000, interval: 200 }).toBe('= 42');
    });

    it('finds a server by its name in the registry', async () => {
      const registry = await startRegistry();
      const [other = 0] = await freePorts(1);
      const registered = await serve(other, { register: 'y', client: { locator: registry.locator } });
      await expect.poll(() => registry.table.find(PEER).active.length).toBe(1);
      const finder = await startGoClient(PEER, { locator: registry.locator });
      expect(await finder.call('add 40 2')).toBe('= 42');
      await finder.end();
      await registered.terminate();
      await registry.stop();
    });
  });

  describe('a Tarsier client of a Go server', () => {
    const communicator = new Communicator({ 'reconnect-min-interval': 50 });
    let server: GoServer;
    let prx: PeerProxy;

    beforeAll(async () => {
      server = await GoServer.start();
      prx = communicator.stringToProxy(PeerProxy, server.peer);
      await vi.waitFor(() => prx.add(1n, 1n), { timeout: 20_000, interval: 50 });
    });

    afterAll(() => communicator.terminate());

    it.each([1, 3, 5] as const)('gets structs back as they were (version %i)', async (version) => {
      const { _ret, copy } = await prx.echo(sampleOfGo(), { version });
      expect(_ret).toEqual(sampleOfGo());
      expect(copy).toEqual(sampleOfGo());
    });

    it('is told that it does not read TUP version 2', async () => {
      await expect(prx.echo(sampleOfGo(), { version: 2 })).rejects.toMatchObject({ iRet: 1 });
    });

    it('moves much, and makes many calls at a time', async () => {
      const text = 'y'.repeat(3_000_000);
      expect((await prx.echo(Everything.create({ text }))).copy.text).toBe(text);
      const numbers = Array.from({ length: 5000 }, (_, i) => BigInt(i));
      expect(await Promise.all(numbers.map((i) => prx.add(i, 1n)))).toEqual(numbers.map((i) => i + 1n));
    });

    it('makes one-way calls, pings, and sends and gets contexts', async () => {
      prx.noteAsync(null, 'heard');
      await expect.poll(() => prx.notes()).toEqual(['heard']);
      await prx.tarsPing();
      const responseContext = new Map<string, string>();
      const result = await prx.contexts({ context: { a: '1', b: 'zwei' }, responseContext });
      expect(Object.fromEntries(result)).toEqual({ a: '1', b: 'zwei' });
      expect(Object.fromEntries(responseContext)).toEqual({ answered: 'yes' });
    });

    it('is told of errors; without a code of their own Go gives them the result 1', async () => {
      await expect(prx.fail(0, 'on purpose')).rejects.toMatchObject({
        iRet: 1,
        message: expect.stringContaining('on purpose'),
      });
      await expect(prx.fail(42, 'with a code')).rejects.toMatchObject({ iRet: 42 });
      await expect(prx.tarsInvoke('noSuchFunction', new Uint8Array(0))).rejects.toMatchObject({ iRet: 1 });
    });

    it('waits for an answer that comes later, and no longer than it may', async () => {
      expect(await prx.later(50)).toBe(50);
      await expect(prx.later(-1, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'TARSIER_CALL_TIMEOUT' });
    });

    it('fails the calls of a server that is killed, and goes on with the next one', async () => {
      const failed = expect(prx.later(-1, { timeoutMs: 10_000 })).rejects.toMatchObject({
        code: expect.stringMatching(/^TARSIER_C/),
      });
      await expect.poll(() => prx.add(1n, 1n)).toBe(2n);
      await server.kill();
      await failed;
      await server.start();
      await expect.poll(() => prx.add(20n, 22n).catch(() => 0n), { timeout: 20_000, interval: 100 }).toBe(42n);
    });
  });
});
