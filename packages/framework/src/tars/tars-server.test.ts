import {
  ByteVector,
  decodeArgs,
  decodeRequest,
  decodeResult,
  encodeResult,
  ProtocolVersion,
  ResultCode,
  StatusKey,
  TarsDecodeException,
  TarsEncodeException,
  TarsException,
  type TarsInterface,
  TarsPacketType,
  TarsSyncCallTimeoutException,
} from '@tarsier/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CloseType } from '../close-type.js';
import type { HandlerResult } from '../connection/handler-result.js';
import type { Current } from '../current.js';
import { serverChannels } from '../observe/server-channels.js';
import { client, destroyClients } from '../raw-client.testkit.js';
import { Servant } from '../servant.js';
import { calls, type TestServer } from '../test-server.testkit.js';
import { TarsCurrent } from './tars-current.js';
import { TarsServant } from './tars-servant.js';
import {
  add,
  ask,
  bytesOf,
  call,
  decoded,
  greet,
  HelloServant,
  hello,
  nothing,
  pushMsg,
  request,
  startTars,
  stopTars,
  takeAnswer,
  takePacket,
} from './tars-server.testkit.js';

afterEach(async () => {
  destroyClients();
  await stopTars();
});

const resultOf = (response: { readonly sBuffer: ByteVector }) => decodeResult(hello, response.sBuffer, 1);
const countersOf = ({ app }: TestServer) => app.getBindAdapter('Obj')?.counters;

/** Resolves when `resolve` is called: answers are made to wait without a clock. */
function gate() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/** What callers are told of what was not thrown for them. */
const neutral: unknown = expect.stringMatching(
  /^the server failed to serve this request; its log says why \(reference [0-9a-z]{8}\)$/,
);

describe('a call over TARS', () => {
  it.each([undefined, 'tars'])('is served with protocol = %s', async (protocol) => {
    const { port } = await startTars({}, protocol === undefined ? {} : { protocol });
    const peer = await client(port);
    const answer = await ask(peer, greet('ann', { iRequestId: 7, iMessageType: 4 }));
    expect(resultOf(answer)).toBe('hello ann');
    expect(answer).toMatchObject({
      iVersion: 1,
      cPacketType: 0,
      iRequestId: 7,
      iMessageType: 4,
      iRet: 0,
      sResultDesc: '',
    });
    expect([answer.status.size, answer.context.size]).toEqual([0, 0]);
  });

  it('answers the bytes that C++ answers', async () => {
    const { port } = await startTars();
    const peer = await client(port);
    peer.send(request({ sFuncName: 'tars_ping', iTimeout: 3000 }));
    expect(await peer.take(16)).toEqual(Buffer.from(bytesOf('00 00 00 10 10 01 2c 30 01 4c 5c 6d 00 0c 78 0c')));
  });

  it('gives out parameters, of an async handler too', async () => {
    const { port } = await startTars();
    const answer = await ask(await client(port), call(add, [2, 3]));
    expect(decodeResult(add, answer.sBuffer, 1)).toEqual({ _ret: 5, text: '2+3' });
  });

  it('answers a function without a result with an empty body', async () => {
    const { port } = await startTars();
    const answer = await ask(await client(port), call(nothing, []));
    expect([answer.iRet, answer.sBuffer.length]).toEqual([0, 0]);
  });

  it('shows the handler all that the packet says', async () => {
    let seen: Current | undefined;
    const { port } = await startTars({
      hello: (_name, current) => {
        seen = current;
        current.setResponseContext(new Map([['answer', 'context']]));
        return '';
      },
    });
    const context = new Map([['node_name', 'host.a']]);
    const status = new Map<string, string>([
      [StatusKey.DYED_KEY, 'x'],
      [StatusKey.GRID_KEY, 'about this request only'],
      ['cookie', 'c'],
    ]);
    const answer = await ask(
      await client(port),
      greet('ann', { iRequestId: 9, iMessageType: 4, iTimeout: 500, context, status }),
    );
    expect(seen).toBeInstanceOf(TarsCurrent);
    const current = seen as TarsCurrent;
    expect(current.getFuncName()).toBe('hello');
    expect(current.getServantName()).toBe('T.S.Obj');
    expect(current.getRequestId()).toBe(9);
    expect(current.getRequestVersion()).toBe(1);
    expect(current.getPacketType()).toBe(0);
    expect(current.getMessageType()).toBe(4);
    expect(current.getTimeoutMs()).toBe(500);
    expect(current.getHostName()).toBe('host.a');
    expect(current.getContext()).toEqual(context);
    expect(current.getRequestStatus()).toEqual(status);
    expect(current.getStatusForCalls()).toEqual(new Map([...status].filter(([key]) => key !== StatusKey.GRID_KEY)));
    expect(current.getRequestBuffer()).toEqual(Buffer.from(bytesOf('16 03 61 6e 6e')));
    expect(current.getRequestVector().data()).toEqual(current.getRequestBuffer());
    expect(current.getResponseContext()).toEqual(new Map([['answer', 'context']]));
    expect(answer.context).toEqual(new Map([['answer', 'context']]));
  });

  it('has defaults for what the packet does not say', async () => {
    let host = '';
    const { port } = await startTars({
      hello: (_name, current) => {
        host = current.getHostName();
        return current.getResponseContext().size.toString();
      },
    });
    expect(resultOf(await ask(await client(port), greet('')))).toBe('0');
    expect(host).toBe('127.0.0.1');
  });

  it('serves many calls of one chunk, each with its own answer', async () => {
    const { port } = await startTars();
    const peer = await client(port);
    const names = ['a', 'b', 'c', 'd'];
    peer.send(Buffer.concat(names.map((name, index) => greet(name, { iRequestId: index + 1 }))));
    for (const [index, name] of names.entries()) {
      const answer = await takeAnswer(peer);
      expect([answer.iRequestId, resultOf(answer)]).toEqual([index + 1, `hello ${name}`]);
    }
  });

  it('takes a call in single bytes', async () => {
    const { port } = await startTars();
    const peer = await client(port);
    for (const byte of greet('ann')) peer.send(Uint8Array.of(byte));
    expect(resultOf(await takeAnswer(peer))).toBe('hello ann');
  });
});

describe('the result of a call', () => {
  it('is -4 for another servant, before anything else, unless doNoServant says otherwise', async () => {
    const { port } = await startTars();
    const peer = await client(port);
    for (const sFuncName of ['hello', 'tars_ping']) {
      const answer = await ask(peer, request({ sServantName: 'T.S.Other', sFuncName }));
      expect(answer).toMatchObject({ iRet: -4, sResultDesc: 'there is no servant T.S.Other here; this is T.S.Obj' });
    }
    const other = await startTars({
      doNoServant: async (current, response) => {
        response.assign(current.getServantName());
        return 0;
      },
    });
    const answer = await ask(await client(other.port), request({ sServantName: 'T.S.Other' }));
    expect([answer.iRet, answer.sBuffer.toString()]).toEqual([0, 'T.S.Other']);
  });

  it.each(['unknown', 'missing', 'getName', 'constructor', ''])('is -3 for the function %j', async (sFuncName) => {
    const { port } = await startTars();
    const answer = await ask(await client(port), request({ sFuncName }));
    expect(answer).toMatchObject({ iRet: -3, sResultDesc: `T.S.Obj has no function ${sFuncName}` });
  });

  it('of an unknown function is what doNoFunc says, and what it throws', async () => {
    const { port } = await startTars({
      doNoFunc: (current, response) => {
        if (current.getFuncName() === 'bad') throw new Error('on purpose');
        response.assign('instead');
        return 5;
      },
    });
    const peer = await client(port);
    const answer = await ask(peer, request({ sFuncName: 'unknown' }));
    expect([answer.iRet, answer.sBuffer.toString()]).toEqual([5, 'instead']);
    expect(await ask(peer, request({ sFuncName: 'bad' }))).toMatchObject({ iRet: -99, sResultDesc: neutral });
  });

  it('is asked of doNoFunc also when the servant says -3 later', async () => {
    class Late extends Servant {
      override async onDispatch(): Promise<number> {
        return -3;
      }
      override async doNoFunc(): Promise<number> {
        return 8;
      }
    }
    const { port } = await startTars(Late);
    expect((await ask(await client(port), request({ sFuncName: 'f' }))).iRet).toBe(8);
  });

  const faults: [string, () => unknown, number, unknown][] = [
    ['an error', () => new Error('broken'), -99, neutral],
    ['a text', () => 'a text', -99, neutral],
    ['nothing', () => undefined, -99, neutral],
    ['what has no text', () => Object.create(null), -99, neutral],
    ['an error whose message is none', () => Object.assign(new Error('x'), { message: 5 }), -99, neutral],
    ['an exception of the application', () => new TarsException('no money', { iRet: 1001 }), 1001, 'no money'],
    ['an exception that was given a result of TARS', () => new TarsException('no grid', { iRet: -5 }), -5, 'no grid'],
    ['a result that C++ clients refuse', () => new TarsException('far off', { iRet: -100 }), -99, neutral],
    ['a result that is no int', () => new TarsException('odd', { iRet: 1.5 }), -99, neutral],
    ['a call of its own that timed out', () => new TarsSyncCallTimeoutException('late'), -99, neutral],
    ['bytes that did not decode', () => new TarsDecodeException('bad bytes'), -1, neutral],
    [
      'an answer of another server that did not',
      () => new TarsDecodeException('bad', { code: 'TARSIER_CLIENT_DECODE' }),
      -99,
      neutral,
    ],
    ['a value that did not encode', () => new TarsEncodeException('bad value'), -2, neutral],
  ];
  it.each(faults)('of %s has its code and its message', async (_what, thrown, iRet, sResultDesc) => {
    const later = { now: false };
    const server = await startTars({
      hello: (_name) => {
        later.now = !later.now;
        if (later.now) throw thrown();
        return Promise.resolve().then(() => {
          throw thrown();
        });
      },
    });
    const peer = await client(server.port);
    for (const _way of ['sync', 'async']) {
      const answer = await ask(peer, greet('ann', { iRequestId: 3 }));
      expect(answer).toMatchObject({ iRequestId: 3, iRet, sResultDesc });
      expect(answer.sBuffer.length).toBe(0);
    }
    // What an application answers by an exception is no fault of it.
    expect(countersOf(server)?.handlerErrors).toBe(iRet > 0 ? 0 : 2);
  });

  it('is -1 for arguments that do not decode, with the byte and the field', async () => {
    const server = await startTars();
    const peer = await client(server.port);
    const answer = await ask(peer, request({ sFuncName: 'hello', sBuffer: new ByteVector(bytesOf('10 05')) }));
    expect(answer.iRet).toBe(-1);
    expect(answer.sResultDesc).toMatch(/^byte 1, hello.name: a string was expected, found int1/);
    expect(await ask(peer, request({ sFuncName: 'hello' }))).toMatchObject({ iRet: -1 });
    expect(resultOf(await ask(peer, greet('ann')))).toBe('hello ann');
  });

  it.each([5, undefined, null, {}])('is -2 for a result that does not encode: %j', async (result) => {
    const { port } = await startTars({ hello: () => result });
    const answer = await ask(await client(port), greet('ann'));
    expect(answer.iRet).toBe(-2);
    expect(answer.sResultDesc).toEqual(neutral);
  });

  it('does not repeat endless names', async () => {
    const { port } = await startTars();
    const peer = await client(port);
    const long = 'x'.repeat(100_000);
    const { sResultDesc } = await ask(peer, request({ sServantName: long }));
    expect(sResultDesc.length).toBeLessThan(200);
    expect((await ask(peer, request({ sFuncName: long }))).sResultDesc.length).toBeLessThan(200);
  });

  it('is what onDispatch of a servant says, with what it left in the response', async () => {
    let result: unknown = 0;
    class Raw extends Servant {
      override onDispatch(current: Current, response: ByteVector): HandlerResult {
        response.assign(current.getRequestVector());
        return result as HandlerResult;
      }
    }
    const { port } = await startTars(Raw);
    const peer = await client(port);
    for (const [given, iRet] of [
      [0, 0],
      [undefined, 0],
      [null, 0],
      [17, 17],
      [-1, -1],
      [Promise.resolve(4), 4],
      [Promise.resolve(), 0],
    ] as const) {
      result = given;
      const answer = await ask(peer, request({ sFuncName: 'any', sBuffer: new ByteVector('body') }));
      expect([answer.iRet, answer.sBuffer.toString()]).toEqual([iRet, 'body']);
    }
    for (const given of [1.5, Number.NaN, 2 ** 40, 'text']) {
      result = given;
      expect(await ask(peer, request({ sFuncName: 'any' }))).toMatchObject({ iRet: -2 });
    }
  });

  it('may be looked at, changed or given a context after the servant has made it', async () => {
    const bodies: string[] = [];
    class Wrapped extends HelloServant {
      constructor() {
        super({});
      }

      override onDispatch(current: Current, response: ByteVector): HandlerResult {
        const result = super.onDispatch(current, response);
        bodies.push(Buffer.from(response.data()).toString('hex'));
        const [what] = decodeArgs(hello, current.getRequestVector(), 1);
        if (what === 'other body') response.assign(encodeResult(hello, 'changed', 1));
        if (what === 'shorter') response.end = response.start;
        if (what === 'context') current.setResponseContext(new Map([['seen', 'yes']]));
        return what === 'other result' ? 8 : result;
      }
    }
    const { port } = await startTars(Wrapped);
    const peer = await client(port);
    const named = async (name: string) => ask(peer, greet(name));
    expect(resultOf(await named('plain'))).toBe('hello plain');
    expect(resultOf(await named('other body'))).toBe('changed');
    expect((await named('shorter')).sBuffer.length).toBe(0);
    const context = await named('context');
    expect([resultOf(context), context.context]).toEqual(['hello context', new Map([['seen', 'yes']])]);
    const other = await named('other result');
    expect([resultOf(other), other.iRet]).toEqual(['hello other result', 8]);
    const names = ['plain', 'other body', 'shorter', 'context', 'other result'];
    expect(bodies).toEqual(names.map((name) => Buffer.from(encodeResult(hello, `hello ${name}`, 1)).toString('hex')));
  });

  it('comes from the method that the function names, whatever callers call it', async () => {
    class Renamed extends TarsServant {
      readonly tarsInterface: TarsInterface = {
        name: 'T.Renamed',
        functions: new Map([['destroy', { ...hello, name: 'destroy_' }]]),
      };

      destroy_(name: string): string {
        return `destroyed ${name}`;
      }
    }
    const { port } = await startTars(Renamed);
    expect(resultOf(await ask(await client(port), greet('it', { sFuncName: 'destroy' })))).toBe('destroyed it');
  });

  it('of a servant without onDispatch is -1', async () => {
    class Silent extends Servant {}
    const { port } = await startTars(Silent, { protocol: 'tars' });
    expect((await ask(await client(port), request({ sFuncName: 'f' }))).iRet).toBe(-1);
  });

  it('comes in the order of the requests where the adapter is ordered', async () => {
    const { port } = await startTars(
      { hello: async (name) => new Promise((resolve) => setTimeout(resolve, name === 'slow' ? 30 : 0, name)) },
      { ordered: true },
    );
    const peer = await client(port);
    peer.send(Buffer.concat([greet('slow', { iRequestId: 1 }), greet('fast', { iRequestId: 2 })]));
    expect([(await takeAnswer(peer)).iRequestId, (await takeAnswer(peer)).iRequestId]).toEqual([1, 2]);
  });
});

describe('a request that wants no answer', () => {
  const oneWay = { cPacketType: TarsPacketType.TARSONEWAY };

  it('gets none, whatever becomes of it', async () => {
    const seen = calls<string>(4);
    const { port } = await startTars(
      {
        hello: async (name, current) => {
          seen.call(name);
          if (name === 'throws') throw new Error('on purpose');
          if (name === 'late') {
            current.setResponse(false);
            expect(HelloServant.asyncResponseHello(current, 'late')).toBe(true);
          }
          if (name === 'never') current.setResponse(false);
          return name;
        },
      },
      { ordered: true },
    );
    const peer = await client(port);
    for (const name of ['plain', 'throws', 'late', 'never']) peer.send(greet(name, oneWay));
    peer.send(request({ sFuncName: 'unknown', ...oneWay }));
    peer.send(request({ sServantName: 'X', ...oneWay }));
    peer.send(request({ sFuncName: 'tars_ping', ...oneWay }));
    peer.send(request({ sFuncName: 'hello', ...oneWay }));
    // The answer to this one is the first to come: nothing waited for the one that never answers.
    peer.send(request({ sFuncName: 'tars_ping', iRequestId: 99 }));
    expect((await takeAnswer(peer)).iRequestId).toBe(99);
    expect(await seen.all).toEqual(['plain', 'throws', 'late', 'never']);
    expect(peer.received.length).toBe(0);
  });
});

describe('an answer that comes later', () => {
  it('is typed, or raw, or a result alone', async () => {
    const { port } = await startTars({
      hello: (name, current) => {
        current.setResponse(false);
        setTimeout(() => {
          if (name === 'typed') HelloServant.asyncResponseHello(current, 'typed');
          else if (name === 'raw')
            current.sendResponse(3, encodeResult(hello, 'raw', 1), {
              description: 'said',
              status: new Map([['a', 'b']]),
              context: new Map([['c', 'd']]),
            });
          else current.sendResponse(-7);
        }, 5);
        return 'not this';
      },
    });
    const peer = await client(port);
    const typed = await ask(peer, greet('typed', { iRequestId: 4 }));
    expect([typed.iRequestId, typed.iRet, resultOf(typed)]).toEqual([4, 0, 'typed']);
    const raw = await ask(peer, greet('raw', { iRequestId: 5 }));
    expect(raw).toMatchObject({ iRequestId: 5, iRet: 3, sResultDesc: 'said' });
    expect([raw.status, raw.context]).toEqual([new Map([['a', 'b']]), new Map([['c', 'd']])]);
    expect(resultOf(raw)).toBe('raw');
    expect(await ask(peer, greet('alone'))).toMatchObject({ iRet: -7 });
  });

  it('lets an ordered connection go on, and a push before it does not count for it', async () => {
    const waiting = gate();
    const { port } = await startTars(
      {
        hello: (name, current) => {
          if (name !== 'late') return name;
          current.setResponse(false);
          void waiting.opened.then(() => {
            HelloServant.asyncResponsePushPushMsg(current, { _ret: 0, sRsp: 'first' });
            current.sendPushResponse(1, 'other', new ByteVector());
            setTimeout(() => HelloServant.asyncResponseHello(current, 'late'), 5);
          });
          return '';
        },
      },
      { ordered: true },
    );
    const peer = await client(port);
    peer.send(Buffer.concat([greet('late', { iRequestId: 1 }), greet('next', { iRequestId: 2 })]));
    waiting.open();
    const ids: number[] = [];
    for (let i = 0; i < 4; i++) ids.push((await takeAnswer(peer)).iRequestId);
    expect(ids).toEqual([0, 0, 1, 2]);
  });

  it('is given by the framework when the handler throws after all', async () => {
    const { port } = await startTars(
      {
        hello: (name, current) => {
          current.setResponse(false);
          if (name === 'answered') current.sendResponse(0, encodeResult(hello, name, 1));
          throw new Error('after all');
        },
      },
      { ordered: true },
    );
    const peer = await client(port);
    expect(await ask(peer, greet('x'))).toMatchObject({ iRet: -99, sResultDesc: neutral });
    // No second answer to one that was answered.
    expect(resultOf(await ask(peer, greet('answered', { iRequestId: 2 })))).toBe('answered');
    expect(await ask(peer, greet('x', { iRequestId: 3 }))).toMatchObject({ iRequestId: 3 });
  });

  it('that cannot be encoded is -2, is counted, and throws nothing', async () => {
    const results: boolean[] = [];
    const server = await startTars({
      hello: (name, current) => {
        current.setResponse(false);
        setTimeout(() => {
          const bad = 5 as unknown as string;
          if (name === 'typed') results.push(HelloServant.asyncResponseHello(current, bad));
          else results.push(current.sendResponse(2 ** 40));
          results.push(HelloServant.asyncResponsePushPushMsg(current, { _ret: 0, sRsp: bad }));
          results.push(current.sendPushResponse(0.5, 'f', new ByteVector()));
        });
        return '';
      },
    });
    const peer = await client(server.port);
    expect(await ask(peer, greet('typed'))).toMatchObject({
      iRet: -2,
      sResultDesc: neutral,
    });
    expect(await ask(peer, greet('raw'))).toMatchObject({ iRet: -2 });
    expect(results).toEqual(Array(6).fill(false));
    expect(countersOf(server)?.handlerErrors).toBe(6);
  });

  it('finds nobody when the peer has gone: false, and no exception', async () => {
    const gone = calls<Current>(1);
    const kept: Current[] = [];
    const { port } = await startTars({
      hello: (_name, current) => {
        current.setResponse(false);
        kept.push(current);
        return '';
      },
      doClose: gone.call,
    });
    const peer = await client(port);
    peer.send(greet('x'));
    await vi.waitUntil(() => kept.length === 1);
    peer.socket.resetAndDestroy();
    await gone.all;
    const [current] = kept as [Current];
    expect(HelloServant.asyncResponseHello(current, 'x')).toBe(false);
    expect(current.sendResponse(0)).toBe(false);
    expect(current.sendPushResponse(0, 'f', new ByteVector())).toBe(false);
    expect(HelloServant.asyncResponsePushPushMsg(current, { _ret: 0, sRsp: '' })).toBe(false);
  });
});

describe('a push', () => {
  const example =
    '00 00 00 34 10 01 2c 3c 4c 5c 6d 00 00 0f 0c 16 0c 70 75 73 68 20 6d 65 73 73 61 67 65 78 00 01 ' +
    '06 09 54 41 52 53 5f 46 55 4e 43 16 07 70 75 73 68 4d 73 67';

  it('is the packet that C++ sends, from a Current kept with or without its request', async () => {
    const kept: Current[] = [];
    const { port } = await startTars({
      nothing: (current) => {
        kept.push(current, current.forPush());
      },
    });
    const peer = await client(port);
    await ask(peer, call(nothing, []));
    for (const current of kept) {
      HelloServant.asyncResponsePushPushMsg(current, { _ret: 0, sRsp: 'push message' });
      expect(await peer.take(52)).toEqual(Buffer.from(bytesOf(example)));
      current.sendPushResponse(0, 'pushMsg', encodeResult(pushMsg, { _ret: 0, sRsp: 'push message' }, 1));
      expect(await peer.take(52)).toEqual(Buffer.from(bytesOf(example)));
    }
    const context = new Map([['a', 'b']]);
    HelloServant.asyncResponsePushPushMsg(kept[1] as Current, { _ret: 0, sRsp: '' }, context);
    expect((await takeAnswer(peer)).context).toEqual(context);
    kept[1]?.sendPushResponse(5, 'f', new ByteVector(), context);
    expect(await takeAnswer(peer)).toMatchObject({ iRequestId: 0, iRet: 5, context });
  });

  it('can be sent to a connection that has not called yet', async () => {
    const server = await startTars();
    server.app.addAcceptCallback((current) => {
      HelloServant.asyncResponsePushPushMsg(current, { _ret: 0, sRsp: 'welcome' });
    });
    const peer = await client(server.port);
    expect(decodeResult(pushMsg, (await takeAnswer(peer)).sBuffer, 1).sRsp).toBe('welcome');
  });
});

describe('too much', () => {
  it('is answered -9 at once above 4/5 of queuecap', async () => {
    const waiting = gate();
    const server = await startTars(
      { hello: (name) => waiting.opened.then(() => name) },
      { queuecap: 5, queuecapperconn: 0 },
    );
    const peer = await client(server.port);
    for (let id = 1; id <= 6; id++) peer.send(greet('x', { iRequestId: id }));
    peer.send(greet('x', { iRequestId: 7, cPacketType: 1 }));
    const refused = [await takeAnswer(peer), await takeAnswer(peer)];
    expect(refused.map(({ iRequestId, iRet }) => [iRequestId, iRet])).toEqual([
      [5, -9],
      [6, -9],
    ]);
    expect(refused[0]?.sResultDesc).toMatch(/overloaded/);
    waiting.open();
    for (let id = 1; id <= 4; id++) expect((await takeAnswer(peer)).iRequestId).toBe(id);
    expect(countersOf(server)?.overloaded).toBe(3);
    expect(resultOf(await ask(peer, greet('again')))).toBe('again');
  });

  it.each([
    ['queuetimeout', { queuetimeout: 20 }, {}],
    ['the time that the caller waits', {}, { iTimeout: 20 }],
  ])('waited for is answered -6: %s', async (_what, section, fields) => {
    const served: string[] = [];
    const waiting = gate();
    const server = await startTars(
      {
        hello: (name) => {
          served.push(name);
          return name === 'first' ? waiting.opened.then(() => name) : name;
        },
      },
      { ordered: true, ...section },
    );
    const peer = await client(server.port);
    peer.send(greet('first', { iRequestId: 1 }));
    peer.send(greet('second', { iRequestId: 2, ...fields }));
    peer.send(greet('third', { iRequestId: 3, ...fields, cPacketType: 1 }));
    setTimeout(waiting.open, 60);
    expect(await takeAnswer(peer)).toMatchObject({ iRequestId: 1, iRet: 0 });
    expect(await takeAnswer(peer)).toMatchObject({ iRequestId: 2, iRet: ResultCode.TARSSERVERQUEUETIMEOUT });
    expect(await ask(peer, greet('fourth', { iRequestId: 4 }))).toMatchObject({ iRequestId: 4, iRet: 0 });
    expect(served).toEqual(['first', 'fourth']);
    expect(countersOf(server)?.queueTimeouts).toBe(2);
  });
});

describe('callers of other versions', () => {
  class Echo extends Servant {
    override onDispatch(current: Current, response: ByteVector): HandlerResult {
      if (current.getFuncName() === 'fails') throw new TarsException('no money', { iRet: 12 });
      response.assign(current.getRequestVector());
      return 0;
    }
  }

  it.each([2, 3])('are answered in TUP: %i', async (iVersion) => {
    const { port } = await startTars(Echo);
    const peer = await client(port);
    const body = new ByteVector(bytesOf('08 00 01 06 04 73 52 65 71 1d 00 00 04 06 02 68 69'));
    peer.send(request({ iVersion, iRequestId: 6, sFuncName: 'f', sBuffer: body }));
    const answer = decodeRequest(new ByteVector(await takePacket(peer)));
    expect(answer).toMatchObject({ iVersion, iRequestId: 6, cPacketType: 0, sServantName: 'T.S.Obj', sFuncName: 'f' });
    expect(answer.sBuffer.data()).toEqual(Buffer.from(body.data()));
    expect(answer.status.size).toBe(0);
    peer.send(request({ iVersion, iRequestId: 7, sFuncName: 'fails' }));
    const failure = decodeRequest(new ByteVector(await takePacket(peer)));
    expect(failure.status).toEqual(
      new Map([
        [StatusKey.RESULT_CODE, '12'],
        [StatusKey.RESULT_DESC, 'no money'],
      ]),
    );
    // No attributes: an empty map.
    expect(failure.sBuffer.data()).toEqual(Buffer.from([8, 12]));
  });

  it('are answered as they have asked: JSON, and versions that are not known', async () => {
    const { port } = await startTars(Echo);
    const peer = await client(port);
    for (const iVersion of [ProtocolVersion.JSONVERSION, ProtocolVersion.XMLVERSION, 0, 77]) {
      peer.send(request({ iVersion, sFuncName: 'f', sBuffer: new ByteVector('{"a":1}') }));
      const packet = await takePacket(peer);
      // The version stands in the first field.
      expect(packet.subarray(0, 2)).toEqual(Buffer.from(iVersion === 0 ? [0x1c, 0x2c] : [0x10, iVersion]));
      expect(packet.includes('{"a":1}')).toBe(true);
    }
  });

  it('are answered -1 where `tarsversions` leaves theirs out', async () => {
    const { port } = await startTars({}, { tarsversions: '1;3' });
    const peer = await client(port);
    for (const iVersion of [2, 5]) {
      const answer = await ask(peer, request({ iVersion, sFuncName: 'add', sBuffer: new ByteVector('{}') }));
      expect(answer).toMatchObject({ iRet: -1, sResultDesc: expect.stringContaining('tarsversions') });
    }
    peer.send(call(add, [2, 3]));
    expect(decoded(await takePacket(peer))).toMatchObject({ iRet: 0 });
  });

  it('are answered -1 for arguments beyond `decodelimit`', async () => {
    const { port } = await startTars({}, { decodelimit: 100 });
    const peer = await client(port);
    const body = JSON.stringify({ a: 1, b: Array.from({ length: 2000 }, () => 0) });
    const answer = await ask(peer, request({ iVersion: 5, sFuncName: 'add', sBuffer: new ByteVector(body) }));
    expect(answer).toMatchObject({ iRet: -1, sResultDesc: expect.stringContaining('raise decodelimit') });
  });

  it.each([2, 3])('call typed functions in TUP: %i', async (iVersion) => {
    const { port } = await startTars();
    const peer = await client(port);
    peer.send(call(add, [2, 3], { iVersion }));
    const answer = decoded(await takePacket(peer));
    expect(answer).toMatchObject({ iVersion, iRet: 0 });
    expect(decodeResult(add, answer.sBuffer, iVersion)).toEqual({ _ret: 5, text: '2+3' });
    peer.send(request({ iVersion, sFuncName: 'add', sBuffer: new ByteVector(bytesOf('08 0c')) }));
    expect(decoded(await takePacket(peer))).toMatchObject({ iRet: -1, sResultDesc: expect.stringMatching(/add\.a/) });
    peer.send(request({ iVersion, sFuncName: 'tars_ping' }));
    expect(decoded(await takePacket(peer))).toMatchObject({ iRet: 0 });
  });

  it('call typed functions in JSON', async () => {
    const { port } = await startTars();
    const peer = await client(port);
    const json = { iVersion: ProtocolVersion.JSONVERSION, sFuncName: 'add' };
    const answer = await ask(peer, request({ ...json, sBuffer: new ByteVector('{"a":2,"b":3}') }));
    expect(JSON.parse(answer.sBuffer.toString())).toEqual({ tars_ret: 5, text: '2+3' });
    for (const text of ['{"a":2}', '{"a":2,"b":"3"}', '{', '[]', 'null', '"\\u', '{"a":2,"b":1e400}']) {
      const failure = await ask(peer, request({ ...json, sBuffer: new ByteVector(text) }));
      expect(failure).toMatchObject({ iVersion: 5, iRet: -1 });
      expect(failure.sBuffer.length).toBe(0);
    }
  });

  it('that no typed servant knows get -1', async () => {
    const { port } = await startTars();
    const peer = await client(port);
    for (const iVersion of [4, 77]) {
      peer.send(request({ iVersion, sFuncName: 'hello' }));
      const packet = await takePacket(peer);
      expect(packet.subarray(0, 9)).toEqual(Buffer.from([0x10, iVersion, 0x2c, 0x30, 1, 0x4c, 0x50, 0xff, 0x6d]));
    }
    expect(resultOf(await ask(peer, greet('ann')))).toBe('hello ann');
  });
});

describe('a packet that is none', () => {
  it.each([
    ['a length below 5', '00 00 00 04', /says 4/],
    ['a length above 100 MiB', '06 40 00 01', /says 104857601/],
    [
      'a field of another type',
      '00 00 00 08 16 01 31 0c',
      /byte 1, RequestPacket.iVersion: a short was expected, found string1/,
    ],
    ['a missing field', '00 00 00 06 10 01', /byte 2, RequestPacket.cPacketType: the field is required/],
  ])('ends its connection alone: %s', async (_what, hex, text) => {
    const closed = calls<Current>(1);
    const server = await startTars({ doClose: closed.call });
    const errors: unknown[] = [];
    server.app.on('error', (error) => errors.push(error));
    const other = await client(server.port);
    await ask(other, greet('before'));
    const peer = await client(server.port);
    peer.send(Buffer.concat([greet('before'), bytesOf(hex)]));
    expect(resultOf(await takeAnswer(peer))).toBe('hello before');
    await peer.closed();
    expect((await closed.all)[0]?.getCloseType()).toBe(CloseType.EM_PROTOCOL_ERROR_CLOSE);
    expect(String(errors[0])).toMatch(text);
    expect(countersOf(server)?.protocolErrors).toBe(1);
    expect(resultOf(await ask(other, greet('after')))).toBe('hello after');
  });
});

describe('observers', () => {
  it('see the handler of a call between start and end, with what it threw', async () => {
    const events: string[] = [];
    const { request: channels } = serverChannels;
    const subscribers = {
      start: ({ current }: { current: Current }) => events.push(`start ${current.getFuncName()}`),
      end: () => events.push('end'),
      error: ({ error }: { error?: unknown }) => events.push(String(error)),
      asyncStart: () => {},
      asyncEnd: () => {},
    };
    channels.subscribe(subscribers as Parameters<typeof channels.subscribe>[0]);
    try {
      const { port } = await startTars({
        hello: () => {
          throw new Error('on purpose');
        },
      });
      expect((await ask(await client(port), greet('x'))).iRet).toBe(-99);
    } finally {
      channels.unsubscribe(subscribers as Parameters<typeof channels.subscribe>[0]);
    }
    expect(events).toEqual(['start hello', 'Error: on purpose', 'end']);
  });
});
