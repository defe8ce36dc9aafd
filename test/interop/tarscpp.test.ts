import {
  Application,
  type ApplicationConfig,
  ByteVector,
  type Current,
  encodeArgs,
  encodeResult,
  lengthField,
  Servant,
  setLogLevel,
} from '@tarsier/framework';
import { Communicator, ServantProxyCallback } from '@tarsier/proxy';
import { type RunningRegistry, startRegistry } from '@tarsier/registry';
import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { TestAuthority } from '../support/certificates.js';
import { needs } from '../support/needs.js';
import { AdminProxy, Colour, Everything, NewsPrxCallback, PeerProxy, Point, peerFunctions } from './generated/Peer.js';
import { PeerImp, sample } from './peer-imp.js';
import { endPrograms, freePorts, type PeerClient } from './programs.js';
import { buildPrograms, type Certificates, CppPlatform, CppServer, startCppClient } from './tarscpp/cpp-programs.js';

/** Tarsier and TarsCpp, running. TarsCpp can be had from no package registry: without TARSCPP these are skipped. */

/** TarsCpp leaves out what is nearer than 0.000001 to its default, so that it is 0 at the other side; Tarsier does not. */
const isTold = (value: number): boolean => value === 0 || !(Math.abs(value) < 0.000_002);

const framing = lengthField({ bytes: 4, includesHeader: true, requestId: { offset: 4, bytes: 4 }, max: 1_000_000 });

/** As `FramesImp` in server.cpp. */
class FramesImp extends Servant {
  override doRequest(current: Current, response: ByteVector): number {
    const request = current.getRequestVector();
    response.assign(request);
    const push = Buffer.from(request.data());
    push.fill(0, 4, 8);
    setImmediate(() => current.sendResponse(push));
    return 0;
  }
}

const PEER = 'Interop.TsServer.PeerObj';
const FRAMES = 'Interop.TsServer.FramesObj';
const DATAGRAM = 'Interop.TsServer.DatagramObj';

/** Endpoints by object. */
type Objects = Readonly<Record<string, string>>;

const at = (port: number): string => `tcp -h 127.0.0.1 -p ${port} -t 60000`;

/** A server with the peer, or the frames, at each of the endpoints. */
async function serve(objects: Objects, more: Partial<ApplicationConfig> = {}): Promise<Application> {
  const app = new Application();
  const adapters = Object.entries(objects).map(([servant, endpoint], i) => {
    const protocol = servant === FRAMES ? 'not_tars' : 'tars';
    app.addServant(servant === FRAMES ? FramesImp : PeerImp, servant);
    if (servant === FRAMES) app.addServantProtocol(FRAMES, framing);
    return [`Adapter${i}`, { servant, endpoint, protocol }] as const;
  });
  await app.main({
    app: 'Interop',
    server: 'TsServer',
    loglevel: 'NONE',
    goawaytime: 200,
    // One call of the tests is never answered.
    'deactivating-timeout': 1000,
    adapters: Object.fromEntries(adapters),
    ...more,
  });
  return app;
}

describe('with TarsCpp', needs('TarsCpp'), () => {
  beforeAll(async () => {
    setLogLevel(0);
    await buildPrograms();
  }, 300_000);

  afterAll(endPrograms);

  describe('a C++ client of a Tarsier server', () => {
    let app: Application;
    let objects: Objects;
    let client: PeerClient;

    beforeAll(async () => {
      const [port = 0, framesPort = 0, datagramPort = 0] = await freePorts(3);
      const datagram = `udp -h 127.0.0.1 -p ${datagramPort} -t 60000`;
      objects = { [PEER]: at(port), [FRAMES]: at(framesPort), [DATAGRAM]: datagram };
      app = await serve(objects);
      client = await startCppClient(`${PEER}@${at(port)}`, { frames: `${FRAMES}@${at(framesPort)}` });
    });

    afterAll(() => app.terminate());

    it('gets structs with every type back as they were, as result and as out parameter', async () => {
      expect(await client.call('echo')).toBe('= same');
      expect(await client.call('big 3000000')).toBe('= 3000000');
    });

    it('adds in 64 bits', async () => {
      expect(await client.call('add 9223372036854775806 1')).toBe('= 9223372036854775807');
      expect(await client.call('add -9223372036854775807 -1')).toBe('= -9223372036854775808');
    });

    it('makes many calls at a time, each with its own answer', async () => {
      expect(await client.call('many 5000')).toBe('= 5000');
    });

    it('makes one-way calls, and pings', async () => {
      expect(await client.call('note heard')).toBe('= sent');
      await expect.poll(() => client.call('notes')).toBe('= heard ');
      expect(await client.call('ping')).toBe('= pong');
    });

    it('sends a context, and gets one', async () => {
      expect(await client.call('contexts a=1 b=zwei')).toBe('= a=1 b=zwei < answered=yes');
    });

    it('is told of errors with code and text', async () => {
      expect(await client.call('fail 0 on purpose')).toMatch(/errno:-99,info:on purpose/);
      expect(await client.call('fail 42 with a code')).toMatch(/errno:42,info:with a code/);
      expect(await client.call('unknown')).toMatch(/errno:-3,/);
      const stranger = await startCppClient(`Interop.TsServer.NobodyObj@${objects[PEER]}`);
      expect(await stranger.call('add 1 2')).toMatch(/errno:-4,/);
      await stranger.end();
    });

    it('waits for an answer that comes later, and no longer than it may', async () => {
      expect(await client.call('later 50')).toBe('= 50');
      await client.call('timeout 300');
      expect(await client.call('later -1')).toMatch(/^! .*invoke timeout:300/);
      await client.call('timeout 3000');
      expect(await client.call('add 1 1')).toBe('= 2');
    });

    it('gets typed pushes', async () => {
      expect(await client.call('subscribe 3')).toBe('= subscribed');
      await expect
        .poll(() => client.told('pushed'))
        .toEqual([1, 2, 3].map((number) => `pushed 0 ${number} push ${number} -${number}`));
    });

    it('speaks a protocol of its own, and is pushed to', async () => {
      expect(await client.call('frame hello')).toBe('= hello');
      await expect.poll(() => client.told('frame')).toEqual(['frame 0 hello']);
    });

    it('calls over UDP', async () => {
      const over = await startCppClient(`${DATAGRAM}@${objects[DATAGRAM]}`);
      expect(await over.call('add 40 2')).toBe('= 42');
      expect(await over.call('echo')).toBe('= same');
      await over.end();
    });

    it('has its call answered by a server that ends in order, and goes on with the next one at the same place', async () => {
      const answered = client.call('later 400');
      // Calls of the client go one after the other, so this one is in the server when another client's is answered.
      const other = await startCppClient(`${PEER}@${objects[PEER]}`);
      expect(await other.call('add 1 1')).toBe('= 2');
      await other.end();
      const ended = app.terminate();
      expect(await answered).toBe('= 400');
      await ended;
      app = await serve(objects);
      await expect.poll(() => client.call('add 20 22'), { timeout: 20_000, interval: 200 }).toBe('= 42');
    });
  });

  describe('C++ and Tarsier under one registry', () => {
    let registry: RunningRegistry;
    const apps: Application[] = [];
    const communicators: Communicator[] = [];

    const communicator = (properties: Record<string, string> = {}): Communicator => {
      const made = new Communicator({ locator: registry.locator, ...properties });
      communicators.push(made);
      return made;
    };

    afterEach(async () => {
      await Promise.all(communicators.splice(0).map((one) => one.terminate()));
      await Promise.all(apps.splice(0).map((app) => app.terminate()));
      await registry.stop();
    });

    it('a C++ client finds a Tarsier server by its name, which has registered itself', async () => {
      registry = await startRegistry();
      const [port = 0] = await freePorts(1);
      apps.push(await serve({ [PEER]: at(port) }, { register: 'y', client: { locator: registry.locator } }));
      await expect.poll(() => registry.table.find(PEER).active.length).toBe(1);
      const client = await startCppClient(PEER, { locator: registry.locator });
      expect(await client.call('add 40 2')).toBe('= 42');
      const lost = await startCppClient('Interop.TsServer.NobodyObj', { locator: registry.locator });
      expect(await lost.call('add 40 2')).toMatch(/^! .*errno:-7,/);
      await Promise.all([client.end(), lost.end()]);
    });

    it('clients of both find the nodes of their set', async () => {
      registry = await startRegistry();
      const ports = await freePorts(2);
      for (const [i, port] of ports.entries()) {
        const client = { locator: registry.locator, enableset: 'y', setdivision: `app.sz.${i}` };
        apps.push(await serve({ [PEER]: at(port) }, { register: 'y', client }));
      }
      await expect.poll(() => registry.table.find(PEER).active.length).toBe(2);
      for (const [i, port] of ports.entries()) {
        const properties = { locator: registry.locator, enableset: 'y', setdivision: `app.sz.${i}` };
        const client = await startCppClient(PEER, properties);
        const prx = communicator(properties).stringToProxy(PeerProxy, PEER);
        for (let call = 0; call < 6; call++) {
          expect(await client.call('port')).toBe(`= ${port}`);
          expect(await prx.port()).toBe(port);
        }
        await client.end();
      }
    });

    it('one service runs in both: calls go to all nodes, and those with a key to the same from clients of both', async () => {
      const server = await CppServer.start();
      const object = 'Interop.CppServer.PeerObj';
      const ports = await freePorts(3);
      for (const port of ports) apps.push(await serve({ [object]: at(port) }, { server: 'CppServer' }));
      registry = await startRegistry({
        objects: { [object]: [server.peer.split('@')[1], ...ports.map(at)].join(':') },
      });
      const client = await startCppClient(object, { locator: registry.locator });
      const prx = communicator().stringToProxy(PeerProxy, object);
      const places = new Set<string>();
      for (let key = 0; key < 16; key++) {
        const place = await client.call(`hash ${key}`);
        expect(place).toBe(`= ${await prx.port({ hash: key })}`);
        places.add(place);
      }
      expect(places.size).toBe(4);
      const [mine, theirs] = [new Set<number>(), new Set<string>()];
      for (let call = 0; call < 40; call++) {
        mine.add(await prx.port());
        theirs.add(await client.call('port'));
      }
      expect([mine.size, theirs.size]).toEqual([4, 4]);
      await client.end();
      await server.kill('SIGKILL');
    });
  });

  describe('over TLS', needs('TarsCpp with TLS'), () => {
    let authority: TestAuthority;
    let ofServer: Certificates;
    let ofClient: Certificates;

    beforeAll(async () => {
      authority = await TestAuthority.create();
      const { ca } = authority;
      ofServer = { ca, ...(await authority.issue({ name: 'server', names: ['IP:127.0.0.1'] })) };
      ofClient = { ca, ...(await authority.issue({ name: 'client' })) };
    });

    afterAll(() => authority.remove());

    it('a C++ client calls a Tarsier server, with a certificate and not without', async () => {
      const [port = 0] = await freePorts(1);
      const endpoint = `ssl -h 127.0.0.1 -p ${port} -t 60000`;
      const app = await serve({ [PEER]: endpoint }, { ...ofServer, verifyclient: true });
      const client = await startCppClient(`${PEER}@${endpoint}`, { ...ofClient });
      expect(await client.call('echo')).toBe('= same');
      expect(await client.call('big 300000')).toBe('= 300000');
      const stranger = await startCppClient(`${PEER}@${endpoint}`, { ca: ofClient.ca });
      expect(await stranger.call('add 1 1')).toMatch(/^! /);
      await Promise.all([client.end(), stranger.end()]);
      await app.terminate();
    });

    it('a Tarsier client calls a C++ server, with a certificate and not without', async () => {
      const server = await CppServer.start(ofServer);
      const communicator = new Communicator({ ...ofClient });
      const prx = communicator.stringToProxy(PeerProxy, server.tls);
      expect((await prx.echo(sample())).copy).toEqual(sample());
      const text = 'y'.repeat(300_000);
      expect((await prx.echo(Everything.create({ text }))).copy.text).toBe(text);
      const stranger = new Communicator({ ca: ofClient.ca });
      await expect(stranger.stringToProxy(PeerProxy, server.tls).add(1n, 1n)).rejects.toMatchObject({
        code: expect.stringMatching(/^TARSIER_CONNECT/),
      });
      await Promise.all([communicator.terminate(), stranger.terminate()]);
      await server.kill('SIGKILL');
    });
  });

  describe('a Tarsier client under C++ services of the platform', () => {
    it('asks a C++ registry for nodes, and reports calls and properties', async () => {
      const server = await CppServer.start();
      const object = 'Interop.CppServer.PeerObj';
      const platform = await CppPlatform.start({ [object]: server.peer.split('@')[1] ?? '' });
      const { locator, stat, property } = platform;
      const communicator = new Communicator({
        locator,
        stat,
        property,
        modulename: 'Interop.TsClient',
        'report-interval': 10_000,
      });
      const prx = communicator.stringToProxy(PeerProxy, object);
      for (let i = 0n; i < 5n; i++) expect(await prx.add(i, 1n)).toBe(i + 1n);
      await expect(prx.fail(42, 'on purpose')).rejects.toMatchObject({ iRet: 42 });
      await expect(prx.later(-1, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'TARSIER_CALL_TIMEOUT' });
      const waiting = communicator.getStatReport()?.createPropertyReport('waiting', 'Sum', 'Max');
      for (const value of [3, 4]) waiting?.report(value);
      const nobody = communicator.stringToProxy(PeerProxy, 'Interop.CppServer.NobodyObj');
      await expect(nobody.add(1n, 1n)).rejects.toMatchObject({ code: 'TARSIER_NO_ENDPOINT' });
      expect(platform.told('asked')).toContain(`asked ${object}`);
      await vi.waitFor(
        () => {
          // Name of the caller, of the callee, function, result; answers with 0, timeouts, others.
          expect(platform.told('stat').map((line) => line.replace(/@\S+/, '@'))).toEqual(
            expect.arrayContaining([
              'stat client Interop.TsClient@ Interop.CppServer add 0 5 0 0',
              'stat client Interop.TsClient@ Interop.CppServer fail 42 0 0 1',
              expect.stringMatching(/^stat client Interop\.TsClient@ Interop\.CppServer later -\d+ 0 1 0$/),
            ]),
          );
          expect(platform.told('property')).toContain('property waiting Sum=7 Max=4');
        },
        { timeout: 30_000, interval: 100 },
      );
      await communicator.terminate();
      await Promise.all([server.kill('SIGKILL'), platform.kill()]);
    });
  });

  describe('a Tarsier client of a C++ server', () => {
    const communicator = new Communicator({ 'reconnect-min-interval': 50 });
    let server: CppServer;
    let prx: PeerProxy;

    beforeAll(async () => {
      server = await CppServer.start();
      prx = communicator.stringToProxy(PeerProxy, server.peer);
    });

    afterAll(() => communicator.terminate());

    it.each([1, 3, 5] as const)('gets structs with every type back as they were (version %i)', async (version) => {
      const { _ret, copy } = await prx.echo(sample(), { version });
      expect(_ret).toEqual(sample());
      expect(copy).toEqual(sample());
    });

    it('writes any value in the same bytes as C++ does', async () => {
      const text = fc.string({ unit: 'binary', maxLength: 300 });
      const int = (bits: number): fc.Arbitrary<number> =>
        fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 });
      const nat = (bits: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** bits - 1 });
      const point = fc.record({ x: int(32), y: int(32), label: text }).map((fields) => Point.create(fields));
      const points = fc.array(point, { maxLength: 5 });
      const value = fc
        .record(
          {
            flag: fc.boolean(),
            i8: int(8),
            i16: int(16),
            i32: int(32),
            i64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
            u8: nat(8),
            u16: nat(16),
            u32: nat(32),
            f32: fc.float().filter(isTold),
            f64: fc.double().filter(isTold),
            text,
            blob: fc.uint8Array(),
            ints: fc.array(int(32)),
            texts: fc.array(text, { maxLength: 5 }),
            counts: fc.array(fc.tuple(text, int(32)), { maxLength: 5 }).map((entries) => new Map(entries)),
            byId: fc.array(fc.tuple(int(32), points), { maxLength: 5 }).map((entries) => new Map(entries)),
            colour: fc.constantFrom(Colour.RED, Colour.GREEN, Colour.BLUE),
            origin: point,
            path: points,
          },
          { requiredKeys: [] },
        )
        .map((fields) => Everything.create(fields));
      await fc.assert(
        fc.asyncProperty(value, async (one) => {
          const { sBuffer } = await prx.tarsInvoke('echo', encodeArgs(peerFunctions.echo, [one], 1));
          const own = encodeResult(peerFunctions.echo, { _ret: one, copy: one }, 1);
          expect(Buffer.compare(sBuffer.data(), new ByteVector(own).data())).toBe(0);
        }),
        { numRuns: 1000 },
      );
    });

    it('is told that it does not read TUP version 2, and loses no other call by that', async () => {
      const other = prx.later(100);
      await expect(prx.echo(sample(), { version: 2 })).rejects.toMatchObject({ iRet: -1 });
      expect(await other).toBe(100);
    });

    it('moves much at once', async () => {
      const text = 'y'.repeat(3_000_000);
      expect((await prx.echo(Everything.create({ text }))).copy.text).toBe(text);
    });

    it('adds in 64 bits', async () => {
      for (const version of [1, 3] as const) {
        expect(await prx.add(2n ** 63n - 2n, 1n, { version })).toBe(2n ** 63n - 1n);
        expect(await prx.add(-(2n ** 63n) + 1n, -1n, { version })).toBe(-(2n ** 63n));
      }
    });

    it('makes many calls at a time, each with its own answer', async () => {
      const numbers = Array.from({ length: 5000 }, (_, i) => BigInt(i));
      expect(await Promise.all(numbers.map((i) => prx.add(i, 1n)))).toEqual(numbers.map((i) => i + 1n));
    });

    it('makes one-way calls, and pings', async () => {
      prx.noteAsync(null, 'heard');
      await expect.poll(() => prx.notes()).toEqual(['heard']);
      await prx.tarsPing();
    });

    it('sends a context, and gets one', async () => {
      const responseContext = new Map<string, string>();
      const result = await prx.contexts({ context: { a: '1', b: 'zwei' }, responseContext });
      expect(Object.fromEntries(result)).toEqual({ a: '1', b: 'zwei' });
      expect(Object.fromEntries(responseContext)).toEqual({ answered: 'yes' });
    });

    it('is told of errors with their codes', async () => {
      await expect(prx.fail(0, 'on purpose')).rejects.toMatchObject({ iRet: -99 });
      await expect(prx.fail(42, 'with a code')).rejects.toMatchObject({
        iRet: 42,
        message: expect.stringContaining('with a code'),
      });
      await expect(prx.tarsInvoke('noSuchFunction', new Uint8Array(0))).rejects.toMatchObject({ iRet: -3 });
      const nobody = communicator.stringToProxy(PeerProxy, server.peer.replace('PeerObj', 'NobodyObj'));
      await expect(nobody.add(1n, 1n)).rejects.toMatchObject({ iRet: -4 });
    });

    it('waits for an answer that comes later, and no longer than it may', async () => {
      expect(await prx.later(50)).toBe(50);
      await expect(prx.later(-1, { timeoutMs: 300 })).rejects.toMatchObject({ code: 'TARSIER_CALL_TIMEOUT' });
      expect(await prx.add(1n, 1n)).toBe(2n);
    });

    it('gets typed pushes', async () => {
      const news: [number, number, string, bigint][] = [];
      class Callback extends NewsPrxCallback {
        override callbackPushed(ret: number, number: number, value: Everything): void {
          news.push([ret, number, value.text, value.i64]);
        }
      }
      const listening = communicator.stringToProxy(PeerProxy, server.peer.replace('@', '#news@'));
      listening.setPushCallback(new Callback());
      await listening.subscribe(3);
      await expect.poll(() => news.length).toBe(3);
      expect(news).toEqual([1, 2, 3].map((i) => [0, i, `push ${i}`, BigInt(-i)]));
    });

    it('speaks a protocol of its own, and is pushed to', async () => {
      const framing = lengthField({
        bytes: 4,
        includesHeader: true,
        requestId: { offset: 4, bytes: 4 },
        max: 1_000_000,
      });
      const frames = communicator.stringToProxy(server.frames);
      frames.setProtocol(framing.proxyProtocol);
      const pushed: string[] = [];
      class Callback extends ServantProxyCallback {
        override onDispatch({ response }: Parameters<ServantProxyCallback['onDispatch']>[0]): void {
          pushed.push(response.sBuffer.toString());
        }
      }
      frames.setPushCallback(new Callback());
      const { sBuffer } = await frames.rpcCall(frames.genRequestId(), 'echo', 'hello C++');
      expect(sBuffer.toString()).toBe('hello C++');
      await expect.poll(() => pushed).toEqual(['hello C++']);
      await frames.close();
      expect(await server.heard((line) => line.startsWith('closed'))).toBe('closed 0');
    });

    it('calls over UDP', async () => {
      const over = communicator.stringToProxy(PeerProxy, server.datagram);
      expect(await over.add(40n, 2n)).toBe(42n);
      expect((await over.echo(sample())).copy).toEqual(sample());
    });

    it('comes back when it is closed for its silence', async () => {
      const told: string[] = [];
      class Callback extends NewsPrxCallback {
        override onConnect(): void {
          told.push('connected');
        }
        override onClose(): void {
          told.push('closed');
        }
      }
      const listening = communicator.stringToProxy(PeerProxy, server.peer.replace('@', '#silent@'));
      listening.setPushCallback(new Callback());
      expect(await listening.add(1n, 1n)).toBe(2n);
      // The adapter closes after three seconds.
      await expect.poll(() => told, { timeout: 20_000 }).toEqual(['connected', 'closed', 'connected']);
      expect(await listening.add(1n, 1n)).toBe(2n);
    });

    it('administers it', async () => {
      const admin = communicator.stringToProxy(AdminProxy, server.admin);
      expect(await admin.notify('tars.viewstatus')).toMatch(/PeerAdapter/);
    });

    it('fails the calls of a server that is killed, and goes on with the next one', async () => {
      const call = prx.later(-1, { timeoutMs: 10_000 });
      const failed = expect(call).rejects.toMatchObject({ code: expect.stringMatching(/^TARSIER_C/) });
      await expect.poll(() => prx.add(1n, 1n)).toBe(2n);
      await server.kill('SIGKILL');
      await failed;
      await server.start();
      await expect.poll(() => prx.add(20n, 22n).catch(() => 0n), { timeout: 20_000, interval: 100 }).toBe(42n);
    });

    it('ends it through its administration port', async () => {
      const admin = communicator.stringToProxy(AdminProxy, server.admin);
      await admin.shutdown().catch(() => undefined);
      await expect.poll(() => server.exitCode, { timeout: 20_000 }).toBeTypeOf('number');
    });
  });
});
