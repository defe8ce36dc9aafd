import { Application, Communicator, type Current, TarsException } from '@tarsier/framework';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Base_Key, Base_Status } from '../golden/Base.js';
import {
  Everything,
  type HelloAFunctionWithManyParametersResult,
  type HelloAllResult,
  type HelloOutsOnlyResult,
  HelloProxy,
  HelloPrx,
  HelloPrxCallback,
  type HelloTestHelloResult,
  Map_,
  Tree,
} from '../golden/Hello.js';
import { Hello } from '../golden/HelloServant.js';

/** Each function in one of the ways in which it can be implemented. */
class HelloImp extends Hello {
  override testHello(sReq: string): HelloTestHelloResult {
    return { _ret: sReq.length, sRsp: `hello ${sReq}` };
  }

  override noop(): void {}

  override echo(text: string, current: Current): string {
    current.setResponse(false);
    setImmediate(() => HelloImp.asyncResponseEcho(current, text.toUpperCase()));
    return '';
  }

  override async outsOnly(): Promise<HelloOutsOnlyResult> {
    return { count: 2, maps: [Map_.create({ item: 1 }), Map_.create({ item: 2 })] };
  }

  override all(value: Everything, uid: string, states: Map<string, Base_Status>): HelloAllResult {
    return { _ret: value, best: Base_Key.create({ id: states.get(uid) ?? -1, name: uid }) };
  }

  override bytes(current: Uint8Array, options: boolean, class_: bigint): Uint8Array {
    return new Uint8Array([...current, Number(options), Number(class_)]);
  }

  override destroy_(callback: Base_Status): Base_Status {
    return callback;
  }

  override aFunctionWithManyParameters(
    a: number,
    b: number,
    c: number,
    d: number,
  ): HelloAFunctionWithManyParametersResult {
    return { _ret: BigInt(a + b + c + d), theOutParameter: [new Map([[a, 'a']]), new Map()] };
  }

  override push(message: string, current: Current): void {
    HelloImp.asyncResponsePushTestHello(current, { _ret: 7, sRsp: message }, new Map([['from', 'server']]));
    current.sendResponse(HelloImp.encodePushClose(true));
  }

  override close(): boolean {
    throw new TarsException('not today', { iRet: 7 });
  }
}

/** Keeps what it is told, and says when. */
class Recorder extends HelloPrxCallback {
  readonly told: unknown[][] = [];
  #waiters: (() => void)[] = [];

  override callbackTestHello(_ret: number, sRsp: string): void {
    this.#tell('testHello', _ret, sRsp, this.getResponseContext().get('from'));
  }

  override callbackOutsOnly(count: number, maps: Map_[]): void {
    this.#tell('outsOnly', count, maps.length);
  }

  override callbackNoop(): void {
    this.#tell('noop');
  }

  override callbackClose(_ret: boolean): void {
    this.#tell('close', _ret);
  }

  override callbackCloseException(iRet: number, error: TarsException): void {
    this.#tell('close failed', iRet, error.message.includes('not today'));
  }

  async until(count: number): Promise<void> {
    while (this.told.length < count) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  #tell(...what: unknown[]): void {
    this.told.push(what);
    for (const waiter of this.#waiters.splice(0)) waiter();
  }
}

let app: Application;
let communicator: Communicator;
let proxy: HelloProxy;

beforeEach(async () => {
  app = new Application();
  app.addServant(HelloImp, 'HelloObj');
  await app.main({
    app: 'TestApp',
    server: 'HelloServer',
    loglevel: 'NONE',
    adapters: { HelloAdapter: { servant: 'HelloObj', endpoint: 'tcp -h 127.0.0.1 -p 0 -t 60000' } },
  });
  communicator = new Communicator();
  const port = app.getBindAdapter('HelloObj')?.getEndpoint().port;
  proxy = communicator.stringToProxy(HelloPrx, `TestApp.HelloServer.HelloObj@tcp -h 127.0.0.1 -p ${port}`);
});

afterEach(async () => {
  await communicator.terminate();
  await app.terminate();
});

const everything = Everything.create({
  i8: -128,
  i64: 9_007_199_254_740_993n,
  text: '你好',
  blob: new Uint8Array([0, 255]),
  flags: [true, false],
  byKey: new Map([[Base_Key.create({ id: 1, name: 'a' }), Base_Status.GONE]]),
  nested: new Map([[-1n, new Map()]]),
  deep: [[[Base_Status.OK], []], []],
  fixedInts: [1, 2, 3],
  pair: [Tree.create({ name: 'root', children: [Tree.create({ name: 'leaf' })] })],
  odd: new Map([[[1, 2], new Uint8Array([3])]]),
  constructor_: 'c',
});

describe.each([1, 2, 3, 5] as const)('calls of generated code, version %d', (version) => {
  const options = { version };

  it('carry results, out parameters, nothing, and later answers', async () => {
    expect(await proxy.testHello('you', options)).toEqual({ _ret: 3, sRsp: 'hello you' });
    expect(await proxy.noop(options)).toBeUndefined();
    expect(await proxy.echo('loud', options)).toBe('LOUD');
    expect(await proxy.outsOnly(options)).toEqual({ count: 2, maps: [{ item: 1 }, { item: 2 }] });
    expect([...(await proxy.bytes(new Uint8Array([200]), true, 9n, options))]).toEqual([200, 1, 9]);
    expect(await proxy.aFunctionWithManyParameters(1, 2, 3, 4, options)).toEqual({
      _ret: 10n,
      theOutParameter: [new Map([[1, 'a']]), new Map()],
    });
  });

  it('carry every type', async () => {
    const { _ret, best } = await proxy.all(everything, 'u', new Map([['u', Base_Status.BUSY]]), options);
    expect(Everything.toJson(_ret)).toEqual(Everything.toJson(everything));
    expect(best).toEqual({ id: 3, name: 'u' });
  });

  it('reach functions whose names the base classes have', async () => {
    expect(await proxy.destroy(Base_Status.LOWEST, options)).toBe(Base_Status.LOWEST);
    await expect(proxy.close_(options)).rejects.toThrow(/not today/);
  });
});

describe('callbacks of generated code', () => {
  it('take results, failures and pushes', async () => {
    const recorder = new Recorder();
    proxy.testHelloAsync(recorder, 'you');
    proxy.outsOnlyAsync(recorder);
    proxy.noopAsync(recorder);
    proxy.closeAsync(recorder);
    proxy.noopAsync(null);
    await recorder.until(4);
    // Handlers that are async answer later.
    expect(recorder.told.map((told) => told.join()).toSorted()).toEqual([
      'close failed,7,true',
      'noop',
      'outsOnly,2,2',
      'testHello,3,hello you,',
    ]);
  });

  it('take pushes', async () => {
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    await proxy.push('news');
    await recorder.until(2);
    expect(recorder.told).toEqual([
      ['testHello', 7, 'news', 'server'],
      ['close', true],
    ]);
  });
});
