import {
  Application,
  type ApplicationEvents,
  type BindAdapter,
  Communicator,
  type Current,
  type Logger,
  lengthField,
  type ReqMessage,
  type Resolver,
  Servant,
  type ServantProxy,
  type ServantProxyEvents,
  setLogger,
} from '@tarsier/framework';
import { type HubEvents, PushHub } from '@tarsier/servant-push';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const framing = lengthField({ bytes: 4, includesHeader: true, max: 1_000_000, requestId: { offset: 4, bytes: 4 } });

/** How code of a program fails where nobody waits for its result. */
const ways: readonly (readonly [way: string, fail: () => unknown])[] = [
  [
    'throws',
    () => {
      throw new Error('a failing callback');
    },
  ],
  ['rejects', () => Promise.reject(new Error('a failing callback'))],
];

/** Keeps the texts of what is logged as a fault. */
class FaultLog implements Logger {
  faults: string[] = [];
  debug(): void {}
  info(): void {}
  warn(message: string, fields?: object): void {
    this.error(message, fields);
  }
  error(message: string, fields?: object): void {
    const { err, error } = (fields ?? {}) as { err?: unknown; error?: unknown };
    this.faults.push(`${message} ${String(err ?? error)}`);
  }
  async until(part: string): Promise<void> {
    while (!this.faults.some((fault) => fault.includes(part))) await new Promise((resolve) => setImmediate(resolve));
  }
}

const log = new FaultLog();
const unhandled: unknown[] = [];
const keep = (fault: unknown): void => void unhandled.push(fault);
let ends: (() => Promise<unknown>)[] = [];

beforeAll(() => {
  setLogger(log);
  process.on('unhandledRejection', keep);
  process.on('uncaughtException', keep);
});

afterEach(async () => {
  for (const end of ends.toReversed()) await end();
  ends = [];
  log.faults = [];
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).toEqual([]);
});

afterAll(() => {
  setLogger(undefined);
  process.off('unhandledRejection', keep);
  process.off('uncaughtException', keep);
});

interface Hooks {
  readonly onOverload?: () => unknown;
  readonly goaway?: () => unknown;
  readonly doClose?: () => unknown;
  readonly doRequest?: (current: Current) => unknown;
}

/** A server that echoes, and has one request in progress for 20 ms when it is told `slow`. */
async function serve(hooks: Hooks, prepare: (app: Application) => void, queuecap = 0): Promise<[Application, string]> {
  class Echo extends Servant {
    override doRequest(current: Current, response: { assign(bytes: Uint8Array): unknown }) {
      const packet = current.getRequestBuffer();
      hooks.doRequest?.(current);
      response.assign(packet);
      if (packet.toString('latin1', 8) !== 'slow') return 0;
      return new Promise<number>((resolve) => setTimeout(resolve, 200, 0));
    }
    override doClose(): number {
      return hooks.doClose?.() as number;
    }
    override onOverload(): void {
      return hooks.onOverload?.() as undefined;
    }
  }
  if (hooks.goaway !== undefined) Echo.prototype.goaway = hooks.goaway as () => void;
  class Server extends Application {
    override initialize(): void {
      this.addServant(Echo, 'Obj');
      this.addServantProtocol('Obj', framing);
      prepare(this);
    }
  }
  const app = new Server();
  ends.push(() => app.terminate());
  const endpoint = 'tcp -h 127.0.0.1 -p 0 -t 60000';
  await app.main({
    app: 'T',
    server: 'S',
    adapters: { A: { servant: 'Obj', endpoint, ...(queuecap > 0 && { queuecap }) } },
  });
  return [app, `tcp -h 127.0.0.1 -p ${app.getBindAdapter('Obj')?.getEndpoint().port ?? 0} -t 60000`];
}

function client(endpoint: string, resolvers: readonly Resolver[] = []): ServantProxy {
  const communicator = new Communicator({ 'min-timeout': 1 }, { logger: log, resolvers });
  ends.push(() => communicator.terminate());
  return communicator.stringToProxy(`T.S.Obj@${endpoint}`).setProtocol(framing.proxyProtocol);
}

async function echo(prx: ServantProxy, body = 'hi'): Promise<string> {
  return (await prx.rpcCall(prx.genRequestId(), 'echo', body)).sBuffer.toString();
}

/** What makes each event of an application come. */
const applicationEvents: Record<
  Exclude<keyof ApplicationEvents, 'workerexit' | 'drop'>,
  (prx: ServantProxy, app: Application) => Promise<unknown>
> = {
  listening: () => Promise.resolve(),
  connection: (prx) => echo(prx),
  close: (prx) => echo(prx).then(() => prx.close()),
  reject: (_prx, app) =>
    Promise.resolve(app.emit('reject', app.getBindAdapters()[0] as BindAdapter, '127.0.0.1', 'denied')),
  overload: async (prx) => {
    // Of one connection requests beyond its share wait; another peer is refused while one is served.
    const other = client(prx.fullName.slice(prx.fullName.indexOf('@') + 1));
    let isServed = false;
    const slow = echo(prx, 'slow').finally(() => {
      isServed = true;
    });
    while (!isServed) {
      await other.rpcCall(other.genRequestId(), 'f', 'x', { timeoutMs: 50 }).catch(() => undefined);
    }
    await slow;
  },
  error: (prx) => prx.rpcCall(prx.genRequestId(), 'f', 'fail', { timeoutMs: 50 }).catch(() => undefined),
  shutdown: (_prx, app) => app.terminate(),
};

describe.each(ways)('code of a program that %s', (way, fail) => {
  it.each(Object.entries(applicationEvents))('as listener of %s of an application is logged', async (event, cause) => {
    const hooks: Hooks = {
      doRequest: (current) => {
        if (current.getRequestBuffer().toString('latin1', 8) === 'fail') throw new Error('for the event error');
      },
    };
    const [app, endpoint] = await serve(
      hooks,
      (one) => void one.on(event as 'shutdown', fail),
      event === 'overload' ? 1 : 0,
    );
    const prx = client(endpoint);
    await cause(prx, app);
    await log.until('a failing callback');
  });

  it('as accept callback is logged, and the peer is served', async () => {
    const [, endpoint] = await serve({}, (app) => {
      app.addAcceptCallback(fail);
    });
    expect(await echo(client(endpoint))).toBe('hi');
    await log.until('a failing callback');
  });

  it.each(['onOverload', 'goaway', 'doClose'] as const)('in %s of a servant is logged', async (hook) => {
    const [app, endpoint] = await serve({ [hook]: fail }, () => {}, hook === 'onOverload' ? 1 : 0);
    const prx = client(endpoint);
    if (hook === 'onOverload') await applicationEvents.overload(prx, app);
    else await echo(prx);
    await app.terminate();
    await log.until('a failing callback');
  });

  it.each(['onDispatch', 'onConnect', 'onClose'] as const)('in %s of a push callback is reported', async (hook) => {
    const [, endpoint] = await serve(
      { doRequest: (current) => current.sendResponse(framing.encode('push', 0)) },
      () => {},
    );
    const prx = client(endpoint);
    prx.setPushCallback({ onDispatch: () => {}, [hook]: fail });
    expect(await echo(prx)).toBe('hi');
    await prx.close();
    await log.until('a failing callback');
    expect(prx.statistics().callbackFaults).toBe(1);
  });

  it('in the callback of a call is reported, and the event error too when its listener fails', async () => {
    const [, endpoint] = await serve({}, () => {});
    const prx = client(endpoint);
    let errors = 0;
    prx.on('error', () => {
      errors++;
      return fail();
    });
    prx.rpcCallAsync(prx.genRequestId(), 'echo', 'hi', { onDispatch: fail as (message: ReqMessage) => number });
    await log.until('a listener of error threw');
    expect(errors).toBe(1);
    expect(await echo(prx)).toBe('hi');
  });

  it.each(['connect', 'close', 'push', 'dropped'] satisfies (keyof ServantProxyEvents)[])(
    'as listener of %s of a proxy is reported',
    async (event) => {
      const answer = framing.encode('x', event === 'dropped' ? 999 : 0);
      const [, endpoint] = await serve({ doRequest: (current) => current.sendResponse(answer) }, () => {});
      const prx = client(endpoint);
      prx.on(event, fail as () => void);
      expect(await echo(prx)).toBe('hi');
      await prx.close();
      await log.until(`a listener of ${event} threw: a failing callback`);
    },
  );

  it.each(['join', 'leave', 'error'] satisfies (keyof HubEvents)[])(
    'as listener of %s of a hub is logged',
    async (event) => {
      const hub = new PushHub();
      ends.push(() => hub.close());
      hub.on(event, fail as () => void);
      const joined: Current[] = [];
      const [, endpoint] = await serve(
        { doRequest: (current) => void (joined.push(current), hub.join(current)) },
        () => {},
      );
      expect(await echo(client(endpoint))).toBe('hi');
      if (event === 'error') hub.emit('error', new Error('given'));
      for (const current of joined) hub.leave(current);
      await log.until('a failing callback');
    },
  );

  it.each(['watch', 'refresh', 'stop'] as const)('in %s of a resolver is reported', async (method) => {
    const [, endpoint] = await serve({}, () => {});
    const isAsync = way === 'rejects' && method === 'watch';
    let session = {};
    const resolver: Resolver = {
      name: 'own',
      canResolve: () => true,
      watch: (target, watcher) => {
        watcher.update(target.endpoints);
        session = { refresh: () => {}, stop: () => {}, [method]: fail };
        return (method === 'watch' ? fail() : session) as { refresh(): void; stop(): void };
      },
    };
    const prx = client(endpoint, [resolver]);
    const failed = log.until(isAsync ? 'must return a session, found a Promise' : 'a failing callback');
    if (method === 'refresh') {
      const gone = client('tcp -h 127.0.0.1 -p 1 -t 60000', [resolver]);
      await echo(gone).catch(() => undefined);
    } else {
      await echo(prx).catch(() => undefined);
      await prx.close();
    }
    await failed;
  });
});
