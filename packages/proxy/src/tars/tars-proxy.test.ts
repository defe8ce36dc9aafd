import {
  encodeResponse,
  encodeResult,
  ReqStatus,
  RequestPacket,
  ResponsePacket,
  TarsException,
  tarsProtocol,
} from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { Communicator } from '../communicator.js';
import type { PropertyValue } from '../communicator-properties.js';
import { failureOf, Recorder, settled } from '../memory-client.testkit.js';
import { ManualTime } from '../time/manual-time.testkit.js';
import { add, HelloProxy, notify, route, testHello } from './hello.testkit.js';
import { type Serve, TarsNetwork, type TarsTestConnection } from './tars-network.testkit.js';
import { TarsProxy } from './tars-proxy.js';

const OBJ = 'TestApp.HelloServer.HelloObj';

/** A client of one server in memory, and the requests that it got. */
function helloClient(serve: Serve, properties: Record<string, PropertyValue> = {}, text = `${OBJ}@tcp -h a -p 1`) {
  const network = new TarsNetwork();
  const requests: RequestPacket[] = [];
  const errors: TarsException[] = [];
  for (const host of ['a', 'b']) {
    network.servers.set(host, (request, connection) => {
      requests.push(request);
      serve(request, connection);
    });
  }
  const time = new ManualTime();
  const communicator = new Communicator({ timeoutcheckinterval: 1, ...properties }, { transports: [network], time });
  const proxy = communicator.stringToProxy(HelloProxy, text);
  proxy.on('error', (error) => errors.push(error));
  return { communicator, network, proxy, requests, errors, time };
}

const greet: Serve = (request, connection) => {
  const context = new Map([['from', 'server']]);
  connection.answer(request, { context, sBuffer: encodeResult(testHello, { _ret: 3, sRsp: 'hi' }, request.iVersion) });
};

describe('TarsProxy.invoke', () => {
  it('calls a function and gives its result, with the fields that a server looks at', async () => {
    const { proxy, requests } = helloClient(greet);
    expect(await proxy.testHello('you')).toEqual({ _ret: 3, sRsp: 'hi' });
    expect(await proxy.testHello('again')).toEqual({ _ret: 3, sRsp: 'hi' });
    expect(requests.map(({ iRequestId }) => iRequestId)).toEqual([1, 2]);
    expect(requests[0]).toMatchObject({
      iVersion: 1,
      cPacketType: 0,
      iMessageType: 0,
      sServantName: OBJ,
      sFuncName: 'testHello',
      iTimeout: 3000,
    });
    expect([requests[0]?.context.size, requests[0]?.status.size]).toEqual([0, 0]);
  });

  it('says in the message type that a call is traced, and dyed', async () => {
    const { proxy, requests } = helloClient(greet);
    await proxy.testHello('x', { status: { STATUS_TRACE_KEY: 't', STATUS_DYED_KEY: 'd', cookie: 'c' } });
    await proxy.testHello('x', { status: { cookie: 'c' } });
    expect(requests.map(({ iMessageType }) => iMessageType)).toEqual([0x104, 0]);
  });

  it('gives nothing for a function that returns nothing', async () => {
    const { proxy } = helloClient((request, connection) => {
      connection.answer(request, { sBuffer: encodeResult(notify, undefined, request.iVersion) });
    });
    expect(await proxy.notify('x')).toBeUndefined();
  });

  it('takes context and status along, as map or object, and adds the context of the answer', async () => {
    const { proxy, requests } = helloClient(greet);
    const responseContext = new Map([['own', '1']]);
    const context = new Map([['uid', '7']]);
    const called = proxy.testHello('x', { context, status: { STATUS_DYED_KEY: 'k' }, responseContext, timeoutMs: 500 });
    context.set('uid', 'changed later');
    await called;
    expect([...(requests[0]?.context ?? [])]).toEqual([['uid', '7']]);
    expect([...(requests[0]?.status ?? [])]).toEqual([['STATUS_DYED_KEY', 'k']]);
    expect(requests[0]?.iMessageType).toBe(0x04);
    expect(requests[0]?.iTimeout).toBe(500);
    expect([...responseContext]).toEqual([
      ['own', '1'],
      ['from', 'server'],
    ]);
  });

  it('puts the first route key into the status, unless the call says another', async () => {
    const { proxy, requests } = helloClient((request, connection) => {
      connection.answer(request, { sBuffer: encodeResult(route, 1, request.iVersion) });
    });
    await proxy.route(5, 'user-9', 'second');
    await proxy.route(5, 'user-9', 'second', { status: { STATUS_GRID_KEY: 'mine' } });
    expect(requests.map(({ status }) => status.get('STATUS_GRID_KEY'))).toEqual(['user-9', 'mine']);
  });

  it.each([
    [-1, 'TARSIER_SERVER_DECODE'],
    [-2, 'TARSIER_SERVER_ENCODE'],
    [-3, 'TARSIER_NO_FUNC'],
    [-4, 'TARSIER_NO_SERVANT'],
    [-6, 'TARSIER_QUEUE_TIMEOUT'],
    [-9, 'TARSIER_OVERLOADED'],
    [-99, 'TARSIER_SERVER_UNKNOWN'],
    [77, 'TARSIER_SERVER_UNKNOWN'],
  ])('rejects an answer with result %i, in TARS and in TUP', async (iRet, code) => {
    const { proxy } = helloClient((request, connection) => {
      connection.answer(request, { iRet, sResultDesc: 'the reason' });
    });
    for (const version of [1, 3, 5] as const) {
      const error = await failureOf(proxy.tarsInvoke('testHello', new Uint8Array(), { version }));
      expect([error.iRet, error.code, error.where.endpoint]).toEqual([iRet, code, 'tcp -h a -p 1 -t 3000']);
      expect(error.message).toMatch(/HelloObj::testHello was answered with result -?\d+: the reason \(request \d/);
    }
    expect(proxy.endpoints()[0]?.state).toBe('connected');
  });

  it('fails with -12 when the answer is no result of the function, and keeps the connection', async () => {
    const { proxy, network } = helloClient((request, connection) => {
      connection.answer(request, { sBuffer: new Uint8Array([0x36, 0x05]) });
    });
    const error = await failureOf(proxy.testHello('x'));
    expect([error.code, error.iRet, error.where.func]).toEqual(['TARSIER_CLIENT_DECODE', -12, 'testHello']);
    expect(error.message).toMatch(
      /^TestApp\.HelloServer\.HelloObj::testHello was answered with what is no result of it: /,
    );
    expect(error.message).toContain('(request 1, version 1)');
    expect((await failureOf(proxy.testHello('x'))).iRet).toBe(-12);
    expect(network.connections).toHaveLength(1);
  });

  it('sends nothing when an argument is not of its type', async () => {
    const { proxy, requests } = helloClient(greet);
    const error = await failureOf(proxy.add(1, 2 ** 40));
    expect([error.code, error.iRet]).toEqual(['TARSIER_ENCODE', -13]);
    expect(error.message).toMatch(/^TestApp\.HelloServer\.HelloObj::add was not sent: its arguments: /);
    expect(() => proxy.asyncAdd(new Recorder(), 1.5, 2)).toThrow(TarsException);
    await settled();
    expect(requests).toEqual([]);
  });

  it('refuses a version that is not known, and options that are none', async () => {
    const { proxy } = helloClient(greet);
    const options = { version: 4 as 5 };
    const error = await failureOf(proxy.testHello('x', options));
    expect([error.code, error.message]).toEqual(['TARSIER_INVALID_ARGUMENT', expect.stringContaining('found 4')]);
    expect((await failureOf(proxy.tarsInvoke('f', new Uint8Array(), options))).code).toBe('TARSIER_INVALID_ARGUMENT');
    expect(() => proxy.tarsInvokeAsync('f', new Uint8Array(), null, options)).toThrow(/found 4/);
    expect((await failureOf(proxy.testHello('x', { timeoutMs: 0 }))).code).toBe('TARSIER_INVALID_ARGUMENT');
  });

  it('times out with the deadline that it told the server', async () => {
    const { proxy, requests, time } = helloClient(() => undefined);
    const failed = failureOf(proxy.testHello('x', { timeoutMs: 20 }));
    await time.advance(21);
    const error = await failed;
    expect([error.code, error.iRet, requests[0]?.iTimeout]).toEqual(['TARSIER_CALL_TIMEOUT', -7, 20]);
    const aborter = new AbortController();
    const aborted = failureOf(proxy.testHello('x', { signal: aborter.signal }));
    aborter.abort();
    expect((await aborted).code).toBe('TARSIER_ABORTED');
  });

  it('makes an idempotent call again on another node when the first is overloaded', async () => {
    const hosts: string[] = [];
    const { proxy } = helloClient(
      (request, connection) => {
        hosts.push(connection.endpoint.host);
        if (hosts.length === 1) connection.answer(request, { iRet: -9 });
        else greet(request, connection);
      },
      {},
      `${OBJ}@tcp -h a -p 1:tcp -h b -p 1`,
    );
    expect(await proxy.testHello('x', { idempotent: true })).toEqual({ _ret: 3, sRsp: 'hi' });
    expect(hosts).toEqual(['a', 'b']);
  });

  it.each([2, 3, 5] as const)('speaks version %i', async (version) => {
    const { proxy, requests } = helloClient(greet);
    expect(await proxy.testHello('you', { version })).toEqual({ _ret: 3, sRsp: 'hi' });
    expect(requests[0]?.iVersion).toBe(version);
  });
});

describe('TarsProxy.invokeAsync', () => {
  it('sends a call without callback one-way', async () => {
    const { proxy, requests, errors } = helloClient(() => undefined);
    proxy.asyncAdd(null, 1, 2, { context: { uid: '7' } });
    proxy.tarsInvokeAsync('add', new Uint8Array(), null);
    await settled();
    expect(requests.map(({ cPacketType, sFuncName, iTimeout }) => [cPacketType, sFuncName, iTimeout])).toEqual([
      [1, 'add', 5000],
      [1, 'add', 5000],
    ]);
    expect([requests[0]?.context.get('uid'), errors, proxy.statistics().pendingCalls]).toEqual(['7', [], 0]);
  });

  it('gives any callback the answer and the failure', async () => {
    const recorder = new Recorder();
    const { proxy } = helloClient((request, connection) => {
      connection.answer(request, { iRet: request.iRequestId === 1 ? 0 : -3 });
    });
    proxy.tarsInvokeAsync('add', new Uint8Array(), recorder);
    proxy.asyncAdd(recorder, 1, 2);
    await settled();
    expect(recorder.messages.map(({ eStatus, response, error }) => [eStatus, response.iRet, error?.code])).toEqual([
      [ReqStatus.REQ_RSP, 0, undefined],
      [ReqStatus.REQ_RSP, -3, 'TARSIER_NO_FUNC'],
    ]);
  });
});

describe('a proxy over TARS', () => {
  it('pings the servant, and the heartbeat names the object', async () => {
    const { proxy, requests } = helloClient((request, connection) => {
      connection.answer(request, { iRet: request.iRequestId < 0 ? -3 : 0 });
    });
    await proxy.tarsPing();
    expect(await proxy.ping()).toBeGreaterThanOrEqual(0);
    expect(requests.map(({ sFuncName, sServantName }) => [sFuncName, sServantName])).toEqual([
      ['tars_ping', OBJ],
      ['tars_ping', OBJ],
    ]);
  });

  it('is what one speaks that was told of no protocol', async () => {
    const { communicator, requests } = helloClient((request, connection) => {
      connection.answer(request, { sBuffer: encodeResult(add, 5, 1) });
    });
    const plain = communicator.stringToProxy(`${OBJ}@tcp -h a -p 1`);
    expect(plain.getProtocol()).toBe(tarsProtocol);
    expect(plain).not.toBeInstanceOf(TarsProxy);
    const answer = await plain.rpcCall(plain.genRequestId(), 'add', new Uint8Array());
    expect(answer.sBuffer.length).toBe(encodeResult(add, 5, 1).length);
    expect([requests[0]?.iVersion, requests[0]?.sServantName]).toEqual([1, OBJ]);
  });

  it('leaves a connection on which a TarsGo server says _reconnect_, without losing a call', async () => {
    let first: TarsTestConnection | undefined;
    const held: RequestPacket[] = [];
    const goaways: string[] = [];
    const { proxy, network } = helloClient((request, connection) => {
      first ??= connection;
      if (connection === first) held.push(request);
      else greet(request, connection);
    });
    proxy.on('goaway', (endpoint) => goaways.push(endpoint));
    const slow = proxy.testHello('slow');
    await settled();
    const goodbye = new ResponsePacket();
    goodbye.iVersion = 1;
    goodbye.sResultDesc = '_reconnect_';
    first?.send(encodeResponse(goodbye));
    await settled();
    expect(await proxy.testHello('new')).toEqual({ _ret: 3, sRsp: 'hi' });
    expect([goaways, network.connections.length, proxy.statistics().pushes]).toEqual([['tcp -h a -p 1 -t 3000'], 2, 0]);
    greet(held[0] as RequestPacket, first as TarsTestConnection);
    expect(await slow).toEqual({ _ret: 3, sRsp: 'hi' });
    await settled();
    expect([first?.isOpen, proxy.statistics().failures]).toEqual([false, 0]);
  });

  it('closes the connection on bytes that are no packet, and says so in the call', async () => {
    const { proxy } = helloClient((_request, connection) => {
      connection.handlers.onData(new Uint8Array([0, 0, 0, 6, 1, 2]));
    });
    const error = await failureOf(proxy.testHello('x'));
    expect([error.code, error.iRet]).toEqual(['TARSIER_CLIENT_DECODE', -12]);
  });
});
