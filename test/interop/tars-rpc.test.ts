import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Application, type Current, setLogLevel } from '@tarsier/framework';
import { Communicator } from '@tarsier/proxy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NodeTarsProxy, NodeTarsPrxCallback, Result_t, User_t } from './generated/NodeTars.js';
import { NodeTars } from './generated/NodeTarsServant.js';

/** Calls over TARS between Tarsier and `@tars/rpc`, which runs with the code that tars2node has made for its own example. */

const OBJECT = 'Interop.NodeServer.NodeObj';
const children: ChildProcess[] = [];

async function start(file: string, arg: string): Promise<ChildProcess> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  // It warns of its own circles.
  const child = fork(path, [arg], { execArgv: ['--no-warnings'], silent: true });
  children.push(child);
  await once(child, 'message');
  return child;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

afterAll(() => {
  for (const child of children) child.disconnect();
});

describe('a Tarsier client of an @tars/rpc server', () => {
  const communicator = new Communicator();
  let prx: NodeTarsProxy;

  beforeAll(async () => {
    const port = await freePort();
    await start('tars-rpc-server.cjs', String(port));
    prx = communicator.stringToProxy(NodeTarsProxy, `${OBJECT}@tcp -h 127.0.0.1 -p ${port} -t 60000`);
  });

  afterAll(() => communicator.terminate());

  it('gets the return value, and out parameters: strings, short and long, and structs', async () => {
    expect(await prx.test()).toBe(7);
    expect(await prx.getUsrName('ann')).toEqual({ _ret: 3, sValue1: 'OUT_ann_1', sValue2: 'x'.repeat(300) });
    const { _ret, stResult } = await prx.getall(User_t.create({ id: 70_000, score: -300, name: 'bob' }));
    expect([_ret, stResult]).toEqual([0, Result_t.create({ id: 70_000, iLevel: 300 })]);
  });

  it('sends a context, and gets one', async () => {
    const responseContext = new Map<string, string>();
    await prx.getall(User_t.create({ name: 'eve' }), { context: { trace: 'abc' }, responseContext });
    expect(Object.fromEntries(responseContext)).toEqual({ trace: 'abc', name: 'eve' });
  });

  it('makes many calls at a time, each with its own answer', async () => {
    const ids = Array.from({ length: 500 }, (_, i) => i);
    const answers = await Promise.all(ids.map((id) => prx.getall(User_t.create({ id, score: id }))));
    expect(answers.map(({ stResult }) => stResult.id)).toEqual(ids);
  });

  it('is told of an error with its code and text', async () => {
    await expect(prx.getUsrName('refused')).rejects.toMatchObject({
      iRet: -99,
      message: expect.stringContaining('refused on purpose'),
    });
  });

  it('gives up a call that is not answered at its deadline, and goes on', async () => {
    await expect(prx.getUsrName('never answered', { timeout: 200 })).rejects.toMatchObject({
      code: 'TARSIER_CALL_TIMEOUT',
    });
    expect(await prx.test()).toBe(7);
  });

  it('pings it', async () => {
    await prx.tarsPing();
  });

  it('takes answers by callbacks, and makes one-way calls', async () => {
    const answered = new Promise<unknown[]>((resolve) => {
      class Callback extends NodeTarsPrxCallback {
        override callbackGetUsrName(_ret: number, sValue1: string): void {
          resolve([_ret, sValue1]);
        }
      }
      prx.testAsync(null);
      prx.getUsrNameAsync(new Callback(), 'ann');
    });
    expect(await answered).toEqual([3, 'OUT_ann_1']);
  });

  it('calls by TUP, in both versions', async () => {
    for (const version of [2, 3] as const) {
      expect(await prx.test({ version })).toBe(7);
      expect(await prx.getUsrName('ann', { version })).toEqual({
        _ret: 3,
        sValue1: 'OUT_ann_1',
        sValue2: 'x'.repeat(300),
      });
      const { stResult } = await prx.getall(User_t.create({ id: 5, score: 6 }), { version });
      expect(stResult).toEqual(Result_t.create({ id: 5, iLevel: -6 }));
      await expect(prx.getUsrName('refused', { version })).rejects.toMatchObject({ iRet: -99 });
    }
  });
});

/** The same behaviour as that of the other server. */
class NodeTarsImp extends NodeTars {
  override test(): number {
    return 7;
  }

  override getall(stUser: User_t, current: Current) {
    current.setResponseContext(new Map([...current.getContext(), ['name', stUser.name]]));
    return { _ret: 0, stResult: Result_t.create({ id: stUser.id, iLevel: -stUser.score }) };
  }

  override async getUsrName(sUsrName: string, current: Current) {
    if (sUsrName === 'never answered') current.setResponse(false);
    if (sUsrName === 'refused') throw new Error('refused on purpose');
    await Promise.resolve();
    return { _ret: sUsrName.length, sValue1: `OUT_${sUsrName}_1`, sValue2: 'x'.repeat(300) };
  }
}

/** What the client process answers. */
interface Reply {
  readonly id: number;
  readonly result?: { readonly return: number; readonly outs: Readonly<Record<string, unknown>> };
  readonly error?: { readonly code: number; readonly message: string };
}

describe('an @tars/rpc client of a Tarsier server', () => {
  let app: Application;
  let port: number;
  let client: ChildProcess;
  let lastId = 0;
  const waiting = new Map<number, (reply: Omit<Reply, 'id'>) => void>();

  beforeAll(async () => {
    setLogLevel(0);
    class Server extends Application {
      override initialize(): void {
        this.addServant(NodeTarsImp, OBJECT);
      }
    }
    app = new Server();
    await app.main({
      app: 'Interop',
      server: 'NodeServer',
      loglevel: 'NONE',
      adapters: { NodeAdapter: { servant: OBJECT, endpoint: 'tcp -h 127.0.0.1 -p 0 -t 60000', protocol: 'tars' } },
    });
    port = app.getBindAdapter(OBJECT)?.getEndpoint().port ?? 0;
    client = await start('tars-rpc-client.cjs', `${OBJECT}@tcp -h 127.0.0.1 -p ${port} -t 60000`);
    client.on('message', ({ id, ...reply }: Reply) => {
      waiting.get(id)?.(reply);
      waiting.delete(id);
    });
  });

  afterAll(() => app.terminate());

  function call(func: string, args: unknown[], more: object = {}): Promise<Omit<Reply, 'id'>> {
    const id = ++lastId;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      client.send({ id, func, args, ...more });
    });
  }

  it('gets the return value and out parameters', async () => {
    expect(await call('test', [])).toEqual({ result: { return: 7, outs: {} } });
    expect(await call('getUsrName', ['ann'])).toEqual({
      result: { return: 3, outs: { sValue1: 'OUT_ann_1', sValue2: 'x'.repeat(300) } },
    });
    expect(await call('getall', [{ id: 70_000, score: -300, name: 'bob' }])).toEqual({
      result: { return: 0, outs: { stResult: { id: 70_000, iLevel: 300 } } },
    });
  });

  it('makes many calls at a time, each with its own answer', async () => {
    const ids = Array.from({ length: 300 }, (_, i) => i);
    const answers = await Promise.all(ids.map((id) => call('getall', [{ id, score: 1, name: 'n' }])));
    expect(answers.map(({ result }) => result?.outs['stResult'])).toEqual(ids.map((id) => ({ id, iLevel: -1 })));
  });

  it('is told of an error with its code, and where its text can be found', async () => {
    const { error } = await call('getUsrName', ['refused']);
    expect(error).toMatchObject({ code: -99, message: expect.stringMatching(/its log says why \(reference \w+\)/) });
  });

  it('gives up a call that is not answered, and goes on', async () => {
    const { error } = await call('getUsrName', ['never answered'], { timeoutMs: 200 });
    expect(error?.message).toContain('timeout');
    expect(await call('test', [], { timeoutMs: 3000 })).toMatchObject({ result: { return: 7 } });
  });

  it('calls by TUP, as the code of a gateway does', async () => {
    for (const version of [2, 3]) {
      const answer = await tupCall(port, version, 'getUsrName', { sUsrName: 'ann', sValue1: '', sValue2: '' });
      expect(answer).toEqual({ code: 0, _ret: 3, sValue1: 'OUT_ann_1' });
      expect(await tupCall(port, version, 'getUsrName', { sUsrName: 'refused' })).toMatchObject({ code: -99 });
    }
  });
});

/** What `@tars/stream` is asked for: its class for TUP. */
interface Tup {
  tupVersion: number;
  servantName: string;
  funcName: string;
  _iRequestId: number;
  writeString(name: string, text: string): void;
  readString(name: string): string;
  readInt32(name: string): number;
  getTarsResultCode(): number;
  encode(): { toNodeBuffer(): Buffer };
  decode(bytes: unknown): void;
}

interface TarsStream {
  readonly Tup: new () => Tup;
  readonly BinBuffer: new (bytes: Buffer) => unknown;
}

/** One call on a connection of its own, put together and taken apart by `@tars/stream`. */
async function tupCall(
  port: number,
  version: number,
  func: string,
  texts: Readonly<Record<string, string>>,
): Promise<{ code: number; _ret?: number; sValue1?: string }> {
  const stream = createRequire(import.meta.url)('@tars/stream') as TarsStream;
  const request = new stream.Tup();
  request.tupVersion = version;
  request.servantName = OBJECT;
  request.funcName = func;
  request._iRequestId = 123_456;
  for (const [name, text] of Object.entries(texts)) request.writeString(name, text);
  const socket = connect(port, '127.0.0.1');
  socket.write(request.encode().toNodeBuffer());
  let packet: Buffer = Buffer.alloc(0);
  do {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    packet = Buffer.concat([packet, chunk]);
  } while (packet.length < 4 || packet.length < packet.readUInt32BE(0));
  socket.destroy();
  const answer = new stream.Tup();
  answer.decode(new stream.BinBuffer(packet));
  const code = answer.getTarsResultCode();
  return code === 0 ? { code, _ret: answer.readInt32(''), sValue1: answer.readString('sValue1') } : { code };
}
