import {
  encodePush,
  encodeResponse,
  encodeResult,
  type RequestPacket,
  ResponsePacket,
  type TarsException,
} from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { Communicator } from '../communicator.js';
import { settled } from '../memory-client.testkit.js';
import { ManualTime } from '../time/manual-time.testkit.js';
import { add, HelloCallback, HelloProxy, notify, split, testHello } from './hello.testkit.js';
import { type Serve, TarsNetwork, type TarsTestConnection } from './tars-network.testkit.js';

const OBJ = 'TestApp.HelloServer.HelloObj';

async function callbackClient(serve: Serve = () => undefined) {
  const network = new TarsNetwork();
  network.servers.set('a', serve);
  const communicator = new Communicator({ timeoutcheckinterval: 1 }, { transports: [network], time: new ManualTime() });
  const proxy = communicator.stringToProxy(HelloProxy, `${OBJ}@tcp -h a -p 1`);
  const errors: TarsException[] = [];
  proxy.on('error', (error) => errors.push(error));
  const callback = new HelloCallback();
  proxy.setPushCallback(callback);
  await proxy.connect();
  return { proxy, callback, errors, connection: network.connections[0] as TarsTestConnection };
}

const results: Readonly<Record<string, (request: RequestPacket) => Uint8Array>> = {
  testHello: ({ iVersion }) => encodeResult(testHello, { _ret: 3, sRsp: 'hi' }, iVersion),
  split: ({ iVersion }) => encodeResult(split, { head: 'a', tail: 'b' }, iVersion),
  notify: ({ iVersion }) => encodeResult(notify, undefined, iVersion),
  add: ({ iVersion }) => encodeResult(add, 5, iVersion),
};
const answer: Serve = (request, connection) => {
  const sBuffer = results[request.sFuncName]?.(request) ?? new Uint8Array();
  connection.answer(request, { sBuffer, context: new Map([['n', '1']]) });
};

describe('TarsPrxCallback', () => {
  it('calls the method of the function with return value and out parameters', async () => {
    const { proxy, callback, errors } = await callbackClient(answer);
    proxy.asyncTestHello(callback, 'x');
    proxy.asyncSplit(callback, 'a b');
    proxy.asyncNotify(callback, 'x');
    await settled();
    expect(callback.log).toEqual([['testHello', 3, 'hi', { n: '1' }], ['split', 'a', 'b'], ['notify']]);
    expect([errors, callback.getResponseContext().size]).toEqual([[], 0]);
  });

  it('tells failures of server and network to the exception method', async () => {
    const { proxy, callback, connection } = await callbackClient((request, at) => {
      if (request.iRequestId === 1) at.answer(request, { iRet: -6, sResultDesc: 'busy' });
      if (request.iRequestId === 2) at.answer(request, { sBuffer: new Uint8Array([0x36]) });
    });
    for (let i = 0; i < 3; i++) proxy.asyncTestHello(callback, 'x');
    await settled();
    connection.drop();
    await settled();
    expect(callback.log).toEqual([
      ['testHelloException', -6, expect.stringContaining('was answered with result -6: busy')],
      ['testHelloException', -12, expect.stringContaining('is no result of it')],
      ['testHelloException', -8, expect.stringContaining('was closed by the peer')],
    ]);
    await proxy.close();
  });

  it('takes pushes by the function in their status', async () => {
    const { callback, connection, errors } = await callbackClient();
    connection.send(encodePush(testHello, { _ret: 0, sRsp: 'news' }, { context: new Map([['room', '5']]) }));
    connection.send(encodePush(split, { head: 'x', tail: 'y' }));
    await settled();
    expect(callback.log).toEqual([
      ['testHello', 0, 'news', { room: '5' }],
      ['split', 'x', 'y'],
    ]);
    expect(errors).toEqual([]);
  });

  it('tells a push with a result or with other bytes to the exception method', async () => {
    const { callback, connection } = await callbackClient();
    connection.send(encodePush(testHello, { _ret: 0, sRsp: '' }, { iRet: -99 }));
    const bad = new ResponsePacket();
    bad.iVersion = 1;
    bad.status = new Map([['TARS_FUNC', 'testHello']]);
    connection.send(encodeResponse(bad));
    await settled();
    expect(callback.log).toEqual([
      ['testHelloException', -99, expect.stringContaining('TestApp.Hello::testHello was pushed with result -99')],
      [
        'testHelloException',
        -12,
        expect.stringContaining('TestApp.Hello::testHello was pushed with what is no result'),
      ],
    ]);
  });

  it('reports what it does not implement, or does not know', async () => {
    const { proxy, callback, connection, errors } = await callbackClient(answer);
    proxy.asyncAdd(callback, 1, 2);
    proxy.asyncAdd(callback, 1, 2, { timeoutMs: 1000 });
    proxy.tarsInvokeAsync('other', new Uint8Array(), callback);
    connection.send(encodePush({ ...add, name: 'stranger' }, 1));
    const raw = new ResponsePacket();
    raw.sBuffer = 'of TarsGo';
    connection.send(encodeResponse(raw));
    await settled();
    const messages = errors.map(({ code, message }) => `${code} ${message}`);
    expect(messages).toHaveLength(5);
    expect(messages.join('\n')).toContain(
      'the callback of add threw: HelloCallback: it has no method callbackAdd: implement it',
    );
    expect(messages.join('\n')).toContain(
      'the callback of other threw: HelloCallback: TestApp.Hello has no function other',
    );
    expect(messages.join('\n')).toContain(
      'the push callback threw: HelloCallback: TestApp.Hello has no function stranger',
    );
    expect(messages.join('\n')).toContain('a push does not say its function (status TARS_FUNC)');
    expect(callback.log).toEqual([]);
  });

  it('reports a failure that no method takes, with its reason', async () => {
    const { proxy, callback, errors } = await callbackClient((request, at) => {
      at.answer(request, { iRet: -3, sResultDesc: 'gone' });
    });
    proxy.asyncAdd(callback, 1, 2);
    await settled();
    expect(errors[0]?.message).toMatch(
      /no method callbackAddException: implement it, and nobody is told that .*result -3: gone/,
    );
    expect(errors[0]?.code).toBe('TARSIER_CALLBACK_FAILED');
  });

  it('reports what a method throws or rejects with', async () => {
    const { proxy, errors } = await callbackClient(answer);
    class Failing extends HelloCallback {
      override async callbackTestHello(): Promise<void> {
        await Promise.reject(new Error('later'));
      }

      override callbackSplit(): void {
        throw new Error('at once');
      }
    }
    proxy.asyncTestHello(new Failing(), 'x');
    proxy.asyncSplit(new Failing(), 'x');
    await settled();
    expect(errors.map(({ message }) => message).toSorted()).toEqual([
      expect.stringContaining('the callback of split threw: at once'),
      expect.stringContaining('the callback of testHello threw: later'),
    ]);
  });
});
