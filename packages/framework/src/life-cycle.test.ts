import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, parseEcho, TarsException } from '@tarsier/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { Application } from './application.js';
import { CloseType } from './close-type.js';
import type { ApplicationConfig } from './config/application-config.js';
import type { HandlerResult } from './connection/handler-result.js';
import type { Current } from './current.js';
import { getLogLevel, LOG, LogLevel, setLogger, setLogLevel } from './log/log.js';
import { frame, RawClient } from './raw-client.testkit.js';
import { Servant } from './servant.js';
import { servant } from './servant-decorator.js';
import { ServerConfig } from './server-config.js';
import { calls, framing, startServer, stopServers, TestServant } from './test-server.testkit.js';
import { TcpServerTransport } from './transport/tcp-server-transport.js';

const apps: Application[] = [];
const directories: string[] = [];

function application<A extends Application>(app: A): A {
  apps.push(app);
  return app;
}

async function file(text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tarsier-'));
  directories.push(directory);
  const path = join(directory, 'server.conf');
  await writeFile(path, text);
  return path;
}

afterEach(async () => {
  for (const app of apps.splice(0)) await app.terminate();
  for (const directory of directories.splice(0)) await rm(directory, { recursive: true });
  setLogger(undefined);
  await stopServers();
});

/** The exception that `main` rejects with; fails when it does not. */
async function failureOf(app: Application, source: readonly string[] | ApplicationConfig): Promise<TarsException> {
  const outcome: unknown = await application(app)
    .main(source)
    .then(
      () => 'main() resolved',
      (error: unknown) => error,
    );
  expect(TarsException.is(outcome), String(outcome)).toBe(true);
  return outcome as TarsException;
}

const adapter = { servant: 'T.S.Obj', endpoint: 'tcp -h 127.0.0.1 -p 0', protocol: 'not_tars' };
const quiet = { app: 'T', server: 'S', loglevel: 'NONE' } as const;

class Plain extends Servant {}

class One extends Application {
  override initialize(): void {
    this.addServant(Plain, 'T.S.Obj');
    this.addServantProtocol('T.S.Obj', framing);
  }
}

describe('main', () => {
  it('reads a configuration file in the TARS format', async () => {
    const path = await file(`<tars>
  <application>
    <client>
      sync-invoke-timeout = 1234
    </client>
    <server>
      app = T
      server = S
      loglevel = NONE
      localip = 127.0.0.1
      basepath = /tmp/somewhere
      backpacketlimit = 2M
      <AnyNameAdapter>
        servant = T.S.Obj
        endpoint = tcp -h localip -p 0 -t 5000
        protocol = not_tars
        maxconns = 7
        allow =
        queuecap = 99
      </AnyNameAdapter>
    </server>
  </application>
</tars>`);
    const app = application(new One());
    await app.main(['node', 'script', `--config=${path}`]);
    expect(ServerConfig).toMatchObject({
      Application: 'T',
      ServerName: 'S',
      BackPacketLimit: 2_097_152,
      ConfigFile: path,
    });
    expect(app.getServerBaseInfo().BasePath).toBe('/tmp/somewhere/');
    const bound = app.getBindAdapter('T.S.Obj');
    expect(bound).toBe(app.getBindAdapter('Obj'));
    expect(bound?.getEndpoint().host).toBe('127.0.0.1');
    expect(bound?.getEndpoint().port).toBeGreaterThan(0);
    expect(bound?.config).toMatchObject({ maxConns: 7, queueCap: 99, idleMs: 5000, maxSendBytes: 2_097_152 });
    expect(app.getConfig().get('/tars/application/client<sync-invoke-timeout>')).toBe('1234');
    expect(app.getCommunicator().getProperty('sync-invoke-timeout')).toBe('1234');
  });

  it('listens on a Unix socket, and is called there', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'tarsier-'));
    directories.push(directory);
    const endpoint = `tcp -h ${join(directory, 'server.sock')} -p 0`;
    class Echo extends Application {
      override initialize(): void {
        this.addServant(TestServant, 'T.S.Obj', {});
        this.addServantProtocol('T.S.Obj', framing);
      }
    }
    const app = application(new Echo());
    await app.main({ ...quiet, adapters: { A: { ...adapter, endpoint } } });
    const prx = app.getCommunicator().stringToProxy(`T.S.Obj@${endpoint}`);
    prx.setProtocol(framing.proxyProtocol);
    const answer = await prx.rpcCall(prx.genRequestId(), 'echo', 'by path');
    expect(answer.sBuffer.toString()).toBe('by path');
  });

  it('lets the application change the configuration first', async () => {
    class Hooked extends One {
      override onParseConfig(config: Parameters<Application['onParseConfig']>[0]): void {
        config.set('/tars/application/server/A<maxconns>', '3');
      }
    }
    const app = application(new Hooked());
    await app.main({ ...quiet, adapters: { A: adapter } });
    expect(app.getBindAdapter('Obj')?.getMaxConns()).toBe(3);
  });

  const faults: [string, () => Promise<[Application, readonly string[] | ApplicationConfig]>, string, RegExp][] = [
    ['no --config', async () => [new One(), ['node', 'script']], 'TARSIER_CONFIG_MISSING', /--config=FILE/],
    [
      'a file that is not there',
      async () => [new One(), ['--config=/nowhere/server.conf']],
      'TARSIER_CONFIG_INVALID',
      /\/nowhere\/server\.conf cannot be read/,
    ],
    [
      'a malformed file',
      async () => [new One(), [`--config=${await file('<tars>\n</wrong>\n')}`]],
      'TARSIER_CONFIG_INVALID',
      /server\.conf:2/,
    ],
    [
      'an endpoint that does not parse',
      async () => [new One(), { ...quiet, adapters: { A: { ...adapter, endpoint: 'tcp -h 1.2.3.4 -p 99999' } } }],
      'TARSIER_CONFIG_INVALID',
      /"endpoint".*99999/,
    ],
    [
      'an unknown transport',
      async () => [
        new One({ transports: [new TcpServerTransport()] }),
        { ...quiet, adapters: { A: { ...adapter, endpoint: 'udp -h 1.2.3.4 -p 9' } } },
      ],
      'TARSIER_CONFIG_INVALID',
      /no transport serves udp endpoints; those there are: tcp/,
    ],
    [
      'a servant of another server',
      async () => [new One(), { ...quiet, adapters: { A: { ...adapter, servant: 'X.Y.Obj' } } }],
      'TARSIER_CONFIG_INVALID',
      /begins with T\.S\./,
    ],
    [
      'a bad number',
      async () => [new One(), { ...quiet, adapters: { A: { ...adapter, maxconns: 'many' as unknown as number } } }],
      'TARSIER_CONFIG_INVALID',
      /"maxconns".*"many".*expected an integer/,
    ],
    [
      'a bad order',
      async () => [new One(), { ...quiet, adapters: { A: { ...adapter, order: 'both' as 'deny,allow' } } }],
      'TARSIER_CONFIG_INVALID',
      /allow,deny or deny,allow/,
    ],
    [
      'a servant without an adapter',
      async () => [new One(), { ...quiet, adapters: { A: { ...adapter, servant: 'T.S.Other' } } }],
      'TARSIER_SERVANT_INVALID',
      /servant Plain .* T\.S\.Obj.*adapters for: T\.S\.Other/,
    ],
    [
      'a protocol for an unknown servant',
      async () => {
        const app = new Application();
        app.addServantProtocol('T.S.Nobody', parseEcho);
        return [app, { ...quiet, adapters: { A: adapter } }];
      },
      'TARSIER_SERVANT_INVALID',
      /protocol .* T\.S\.Nobody/,
    ],
    [
      'an adapter without a servant',
      async () => [new Application(), { ...quiet, adapters: { A: adapter } }],
      'TARSIER_SERVANT_INVALID',
      /addServant was not called/,
    ],
    [
      'a servant that does not speak TARS, without a protocol and a parser',
      async () => {
        const app = new Application();
        app.addServant(TestServant, 'T.S.Obj', {});
        const { protocol: _, ...plain } = adapter;
        return [app, { ...quiet, adapters: { A: plain } }];
      },
      'TARSIER_SERVANT_INVALID',
      /A has neither a protocol nor a parser.*TestServant does not: give T\.S\.Obj a parser/,
    ],
    [
      'protocol = tars with a parser',
      async () => [new One(), { ...quiet, adapters: { A: { ...adapter, protocol: 'tars' } } }],
      'TARSIER_SERVANT_INVALID',
      /A has protocol = tars, and T\.S\.Obj was given a parser.*protocol = not_tars/,
    ],
  ];
  it.each(faults)('rejects %s', async (_what, make, code, text) => {
    const [app, source] = await make();
    const error = await failureOf(app, source);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(text);
    await expect(app.waitForShutdown()).rejects.toBe(error);
    await expect(app.waitForReady()).rejects.toBe(error);
  });

  it('refuses a protocol that is no parser, at once', () => {
    const parsers = { parser: parseEcho } as never;
    expect(() => new Application().addServantProtocol('T.S.Obj', parsers)).toThrow(
      /the protocol of T\.S\.Obj is object, and no parser/,
    );
  });

  it('rejects a port in use, and closes what it had opened', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const ended: string[] = [];
    class Two extends Application {
      override initialize(): void {
        this.addServant(TestServant, 'T.S.Obj', { destroy: () => void ended.push('Obj') });
        this.addServant(TestServant, 'T.S.Second', { destroy: () => void ended.push('Second') });
        this.addServantProtocol('T.S.Obj', framing);
        this.addServantProtocol('T.S.Second', framing);
      }
      override destroyApp(): void {
        ended.push('app');
      }
    }
    const app = new Two();
    const second = { ...adapter, servant: 'T.S.Second', endpoint: `tcp -h 127.0.0.1 -p ${port}` };
    const error = await failureOf(app, { ...quiet, adapters: { A: adapter, B: second } });
    other.close();
    expect(error.code).toBe('TARSIER_LISTEN_FAILED');
    expect(error.message).toMatch(new RegExp(`adapter B .*-p ${port}.*in use`));
    expect((error.cause as NodeJS.ErrnoException).code).toBe('EADDRINUSE');
    expect(ended).toEqual(['Obj', 'Second', 'app']);
    const free = app.getBindAdapter('Obj')?.getEndpoint().port ?? 0;
    await expect(RawClient.connect(free)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('rejects a servant whose initialize fails, before any port opens', async () => {
    const app = application(new Application());
    app.addServant(TestServant, 'T.S.Obj', { initialize: () => Promise.reject(new Error('no database')) });
    app.addServantProtocol('T.S.Obj', framing);
    await expect(app.main({ ...quiet, adapters: { A: adapter } })).rejects.toThrow('no database');
    expect(app.getBindAdapter('Obj')?.getEndpoint().port).toBe(0);
  });

  it.each(['tcp -h push.example.com -p 10099 -d dns', 'tcp -h _push._tcp.example.com -d srv'])(
    'rejects %j: a server has no names to look up',
    async (endpoint) => {
      const app = application(new One());
      await expect(app.main({ ...quiet, adapters: { A: { ...adapter, endpoint } } })).rejects.toThrow(
        /"endpoint" in .*-d (dns|srv).*; expected an address to listen on, without -d: clients look names up/,
      );
    },
  );

  it('rejects a second call', async () => {
    const app = application(new One());
    await app.main({ ...quiet, adapters: { A: adapter } });
    await expect(app.main({})).rejects.toMatchObject({ code: 'TARSIER_INVALID_ARGUMENT' });
  });

  it('starts applications one after the other, each with its own ServerConfig', async () => {
    const seen: string[] = [];
    class Named extends Application {
      override async initialize(): Promise<void> {
        const before = ServerConfig.ServerName;
        await new Promise((resolve) => {
          setTimeout(resolve, 5);
        });
        seen.push(`${before} ${ServerConfig.ServerName}`);
      }
    }
    await Promise.all(
      ['A', 'B', 'C'].map((name) => application(new Named()).main({ app: 'T', server: name, loglevel: 'NONE' })),
    );
    expect(seen).toEqual(['A A', 'B B', 'C C']);
  });

  it('names every key that is not known in a warning, and those of TARS without effect at DEBUG', async () => {
    const lines: [string, object | undefined][] = [];
    const silent: object[] = [];
    const logger: Logger = {
      debug: (_message, fields = {}) => silent.push(fields),
      info: () => {},
      warn: (message, fields) => lines.push([message, fields]),
      error: () => {},
    };
    setLogger(logger);
    const path = await file(`<tars>
<application>
<server>
app=T
server=S
netthread=4
colour=blue
worker=2
loglevel=DEBUG
<A>
servant=T.S.Obj
endpoint=tcp -h 127.0.0.1 -p 0
protocol=not_tars
threads=5
</A>
</server>
</application>
</tars>`);
    await application(new One()).main([`--config=${path}`]);
    const keys = lines.map(([, fields]) => fields as { key: string; line: number; reason: string });
    expect(keys.map(({ key, line, reason }) => [key, line, reason])).toEqual([
      ['/tars/application/server<colour>', 7, 'no such key is known'],
      ['/tars/application/server<worker>', 8, 'no such key is known; did you mean workers?'],
    ]);
    expect(silent).toMatchObject([
      { key: '/tars/application/server<netthread>', line: 6 },
      { key: '/tars/application/server/A<threads>', line: 14 },
    ]);
    expect(getLogLevel()).toBe(LogLevel.DEBUG);
    setLogLevel(LogLevel.NONE);
  });

  it('names every domain of an adapter that has no effect in a warning', async () => {
    const lines: [string, object | undefined][] = [];
    setLogger({
      debug: () => {},
      info: () => {},
      warn: (message, fields) => lines.push([message, fields]),
      error: () => {},
    });
    const path = await file(`<tars>
<application>
<server>
app=T
server=S
<A>
servant=T.S.Obj
endpoint=tcp -h 127.0.0.1 -p 0
protocol=not_tars
<SNI>
</SNI>
<limits>
maxconns=5
</limits>
<sni>
cert=x
<www.example.com>
cert=a
key=b
ca=c
<more>
</more>
</www.example.com>
</sni>
</A>
</server>
</application>
</tars>`);
    await application(new One()).main([`--config=${path}`]);
    const adapterPath = '/tars/application/server/A';
    expect(lines.map(([message, fields]) => [message, Reflect.get(fields ?? {}, 'line')])).toHaveLength(5);
    expect(lines.map(([, fields]) => fields)).toMatchObject([
      { domain: `${adapterPath}/SNI`, line: 10, reason: 'no such domain is known here' },
      { domain: `${adapterPath}/limits`, line: 12 },
      { key: `${adapterPath}/sni<cert>`, line: 16 },
      { key: `${adapterPath}/sni/www.example.com<ca>`, line: 20 },
      { domain: `${adapterPath}/sni/www.example.com/more`, line: 21 },
    ]);
  });
});

describe('@servant', () => {
  @servant({
    name: 'DeclaredObj',
    protocol: framing,
    endpoint: 'tcp -h 127.0.0.1 -p 0 -t 4000',
    maxconns: 5,
    ordered: true,
  })
  class Declared extends Servant {
    override doRequest(current: Current, response: Parameters<Servant['doRequest']>[1]): HandlerResult {
      response.assign(current.getRequestVector());
      return 0;
    }
  }

  it('gives name, parser, endpoint and limits, without any configuration', async () => {
    const app = application(new Application());
    app.addServant(Declared);
    await app.main(quiet);
    const bound = app.getBindAdapter('DeclaredObj');
    expect(bound?.config).toMatchObject({ servant: 'T.S.DeclaredObj', maxConns: 5, isOrdered: true, idleMs: 4000 });
    const peer = await RawClient.connect(bound?.getEndpoint().port ?? 0);
    peer.send(frame(1, 'declared'));
    expect(await peer.take(16)).toEqual(frame(1, 'declared'));
    peer.destroy();
  });

  it('yields to the configuration, key by key', async () => {
    const app = application(new Application());
    app.addServant(Declared);
    await app.main({ ...quiet, adapters: { Mine: { ...adapter, servant: 'DeclaredObj', maxconns: 9 } } });
    expect(app.getBindAdapters()).toHaveLength(1);
    expect(app.getBindAdapter('DeclaredObj')?.config).toMatchObject({
      name: 'Mine',
      maxConns: 9,
      isOrdered: true,
      idleMs: 3000,
    });
  });

  it('asks for a name where there is none', async () => {
    const app = new Application();
    app.addServant(Plain);
    const error = await failureOf(app, quiet);
    expect(error.message).toMatch(/Plain has no name/);
  });
});

describe('termination', () => {
  it('answers what runs, then closes with doClose, then destroys servants, then the application', async () => {
    const order: string[] = [];
    const started = calls<() => void>(1);
    class Ordered extends Application {
      override initialize(): void {
        this.addServant(TestServant, 'T.S.Obj', {
          doRequest: async (current, response) => {
            await new Promise<void>((resolve) => {
              started.call(resolve);
            });
            order.push('answered');
            response.assign(current.getRequestVector());
            return 0;
          },
          doClose: async (current) => {
            order.push(`doClose ${current.getCloseType()} begins`);
            await Promise.resolve();
            order.push('doClose ends');
          },
          destroy: () => void order.push('destroy'),
        });
        this.addServantProtocol('T.S.Obj', framing);
      }
      override destroyApp(): void {
        order.push('destroyApp');
      }
    }
    const app = application(new Ordered());
    await app.main({ ...quiet, adapters: { A: adapter } });
    const port = app.getBindAdapter('Obj')?.getEndpoint().port ?? 0;
    const peer = await RawClient.connect(port);
    peer.send(frame(1, 'running'));
    const [finish] = await started.all;
    const ended = app.terminate();
    expect(app.isTerminate()).toBe(false);
    await once(app as never, 'shutdown');
    expect(app.isTerminate()).toBe(true);
    await expect(RawClient.connect(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    finish?.();
    expect(await peer.take(15)).toEqual(frame(1, 'running'));
    await ended;
    await app.waitForShutdown();
    expect(order).toEqual([
      'answered',
      `doClose ${CloseType.EM_SHUTDOWN_CLOSE} begins`,
      'doClose ends',
      'destroy',
      'destroyApp',
    ]);
  });

  it('does not wait longer than deactivating-timeout for handlers that never end', async () => {
    const closed = calls<number>(1);
    const started = calls<void>(1);
    const { app, port } = await startServer(
      {
        doRequest: () => {
          started.call();
          return new Promise(() => {});
        },
        doClose: (current) => closed.call(current.getCloseType()),
      },
      { ordered: true },
      { 'deactivating-timeout': 100 },
    );
    const peer = await RawClient.connect(port);
    peer.send(Buffer.concat([frame(1, ''), frame(2, 'waits')]));
    await started.all;
    const begin = performance.now();
    await app.terminate();
    expect(performance.now() - begin).toBeLessThan(2000);
    expect(await closed.all).toEqual([CloseType.EM_SHUTDOWN_CLOSE]);
    await peer.closed();
  });

  it('does not wait longer than that for a doClose that never ends', async () => {
    const { app, port } = await startServer(
      { doClose: () => new Promise(() => {}) },
      {},
      { 'deactivating-timeout': 100 },
    );
    const accepted = once(app as never, 'connection');
    const peer = await RawClient.connect(port);
    await accepted;
    await app.terminate();
    await peer.closed();
    expect(app.isTerminate()).toBe(true);
  });

  it('goes on when steps of it fail, and says so', async () => {
    const lines: string[] = [];
    const keep = (message: string) => void lines.push(message);
    const { app } = await startServer({ destroy: () => Promise.reject(new Error('stuck')) }, {}, { loglevel: 'ERROR' });
    app.destroyApp = () => {
      throw new Error('broken');
    };
    setLogger({ debug: keep, info: keep, warn: keep, error: keep });
    await app.terminate();
    expect(lines).toEqual(['destroy() of a servant failed', 'destroyApp() failed']);
  });

  it('may be asked for before main, twice, and while main runs', async () => {
    const unused = new Application();
    await unused.terminate();
    await unused.waitForShutdown();
    const early = new One();
    const started = early.main({ ...quiet, adapters: { A: adapter } });
    await Promise.all([early.terminate(), early.terminate()]);
    await started;
    await early.waitForShutdown();
    expect(early.isTerminate()).toBe(true);
  });

  it('comes by a signal that is sent as soon as a port is open', async () => {
    const app = application(new One());
    const others = process.listeners('SIGTERM');
    app.on('listening', () => process.emit('SIGTERM'));
    await app.main({ ...quiet, adapters: { A: adapter } });
    await app.waitForShutdown();
    expect(process.listeners('SIGTERM')).toEqual(others);
  });

  it('does not come by SIGUSR2: without workers that is ignored, with a warning', async () => {
    const others = process.listeners('SIGUSR2');
    const lines: string[] = [];
    const keep = (message: string) => void lines.push(message);
    const [first, second] = [application(new One()), application(new One())];
    for (const app of [first, second]) await app.main({ ...quiet, loglevel: 'WARN', adapters: { A: adapter } });
    setLogger({ debug: keep, info: keep, warn: keep, error: keep });
    process.emit('SIGUSR2');
    expect(lines).toEqual([
      'SIGUSR2 is ignored: it replaces the workers, and there are none; set workers to 1 or more',
    ]);
    await first.terminate();
    process.emit('SIGUSR2');
    expect(lines.length).toBe(2);
    expect(second.isTerminate()).toBe(false);
    // Whoever has a use for it in this process is not bothered.
    const own = (): void => {};
    process.on('SIGUSR2', own);
    process.emit('SIGUSR2');
    process.off('SIGUSR2', own);
    expect(lines.length).toBe(2);
    await second.terminate();
    expect(process.listeners('SIGUSR2')).toEqual(others);
  });

  it('opens the ports by manualListen where the configuration says so', async () => {
    const app = application(new One());
    await app.main({ ...quiet, manuallisten: true, adapters: { A: adapter } });
    expect(app.getBindAdapter('Obj')?.getEndpoint().port).toBe(0);
    await app.manualListen();
    const peer = await RawClient.connect(app.getBindAdapter('Obj')?.getEndpoint().port ?? 0);
    peer.destroy();
  });
});

describe('accept callbacks and events', () => {
  it('push to a connection as soon as it is there', async () => {
    const { app, port } = await startServer();
    const greeted: number[] = [];
    app.addAcceptCallback((current) => {
      greeted.push(current.getUId());
      current.sendResponse(Buffer.from('welcome'));
    });
    app.addAcceptCallback(() => {
      throw new Error('is logged and harms nothing');
    });
    const peer = await RawClient.connect(port);
    expect((await peer.take(7)).toString()).toBe('welcome');
    expect(greeted).toHaveLength(1);
    peer.destroy();
  });

  it('tell of connections and their ends, and survive listeners that throw', async () => {
    const { app, port } = await startServer();
    const closed = calls<[number, number]>(1);
    app.on('close', (current) => {
      closed.call([current.getUId(), current.getCloseType()]);
      throw new Error('listener');
    });
    const opened = once(app as never, 'connection') as Promise<[Current]>;
    const peer = await RawClient.connect(port);
    const [current] = await opened;
    peer.socket.end();
    expect(await closed.all).toEqual([[current.getUId(), CloseType.EM_CLIENT_CLOSE]]);
  });
});

describe('LOG', () => {
  it('writes to the logger that was set, from the level that was set', () => {
    const lines: unknown[] = [];
    const keep = (level: string) => (message: string, fields?: object) => void lines.push([level, message, fields]);
    setLogger({ debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') });
    setLogLevel(LogLevel.WARN);
    LOG.debug('a');
    LOG.info('b');
    LOG.warn('c', { n: 1 });
    LOG.error('d');
    setLogLevel(LogLevel.NONE);
    LOG.error('e');
    setLogLevel(LogLevel.INFO);
    LOG.info('f');
    expect(lines).toEqual([
      ['warn', 'c', { n: 1 }],
      ['error', 'd', undefined],
      ['info', 'f', undefined],
    ]);
  });
});
