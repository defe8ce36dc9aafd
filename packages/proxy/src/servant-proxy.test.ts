import {
  ByteVector,
  lengthField,
  PacketType,
  type ReqMessage,
  ReqStatus,
  TarsException,
  TarsServerNoFuncException,
} from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { idProtocol, packet } from './call/id-protocol.testkit.js';
import { connectedClient, failureOf, memoryClient, Recorder, requestsOf, settled } from './memory-client.testkit.js';
import { networkError } from './transport/memory-transport.testkit.js';

const A = 'tcp -h a -p 1 -t 3000';

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return TarsException.is(error) ? error.code : String(error);
  }
  return undefined;
}

describe('ServantProxy.rpcCall', () => {
  it('sends the calls of a tick in one write and settles each with its own answer, in any order', async () => {
    const { transport, proxy } = await connectedClient();
    const first = proxy.rpcCall(7, 'echo', 'one');
    const second = proxy.rpcCall(8, 'echo', new ByteVector('two'));
    const third = proxy.rpcCall(9, 'echo', Buffer.from('three'));
    expect(transport.last.written).toHaveLength(0);
    await settled();
    expect(transport.last.written).toHaveLength(1);
    expect(requestsOf(transport.last)).toEqual(['one', 'two', 'three']);
    transport.last.receive(Buffer.concat([packet(9, 'c'), packet(7, 'a'), packet(8, 'b')]));
    const bodies = (await Promise.all([first, second, third])).map((response) => response.sBuffer.toString());
    expect(bodies).toEqual(['a', 'b', 'c']);
    expect((await first).iRequestId).toBe(7);
    expect(proxy.statistics()).toMatchObject({ calls: 3, answers: 3, failures: 0, pendingCalls: 0 });
  });

  it('refuses an id that is in flight, and sends nothing', async () => {
    const { transport, proxy } = await connectedClient();
    const first = proxy.rpcCall(5, 'echo', 'one');
    const error = await failureOf(proxy.rpcCall(5, 'echo', 'two'));
    expect([error.code, error.where.requestId]).toEqual(['TARSIER_DUPLICATE_REQUEST_ID', 5]);
    expect(codeOf(() => proxy.rpcCallAsync(5, 'echo', 'three', new Recorder()))).toBe('TARSIER_DUPLICATE_REQUEST_ID');
    await settled();
    expect(requestsOf(transport.last)).toEqual(['one']);
    transport.last.receive(packet(5, 'ok'));
    expect((await first).sBuffer.toString()).toBe('ok');
    void proxy.rpcCall(5, 'echo', 'again').catch(() => undefined);
    await settled();
    expect(requestsOf(transport.last)).toEqual(['again']);
  });

  it('also finds that a generated id was taken meanwhile', async () => {
    const { proxy } = await connectedClient();
    const id = proxy.genRequestId();
    void proxy.rpcCall(id, 'echo', 'one').catch(() => undefined);
    expect((await failureOf(proxy.rpcCall(id, 'echo', 'two'))).code).toBe('TARSIER_DUPLICATE_REQUEST_ID');
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 32])('refuses the request id %d', async (id) => {
    const { proxy } = await connectedClient();
    expect((await failureOf(proxy.rpcCall(id, 'echo', 'x'))).code).toBe('TARSIER_INVALID_ARGUMENT');
    expect(codeOf(() => proxy.rpcCallAsync(id, 'echo', 'x', new Recorder()))).toBe('TARSIER_INVALID_ARGUMENT');
    expect(proxy.statistics().calls).toBe(0);
  });

  it('refuses wrong times, bodies, callbacks and protocols', async () => {
    const { proxy } = await connectedClient();
    for (const ms of [0, -5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect((await failureOf(proxy.rpcCall(1, 'f', '', { timeoutMs: ms }))).code).toBe('TARSIER_INVALID_ARGUMENT');
      expect(codeOf(() => proxy.timeout(ms))).toBe('TARSIER_INVALID_ARGUMENT');
    }
    expect((await failureOf(proxy.rpcCall(1, 'f', undefined as never))).code).toBe('TARSIER_INVALID_ARGUMENT');
    expect(codeOf(() => proxy.rpcCallAsync(1, 'f', '', {} as never))).toBe('TARSIER_INVALID_ARGUMENT');
    expect(codeOf(() => proxy.setPushCallback({} as never))).toBe('TARSIER_INVALID_ARGUMENT');
    expect(codeOf(() => proxy.setProtocol({} as never))).toBe('TARSIER_INVALID_ARGUMENT');
    expect(codeOf(() => proxy.connectionSerial(1.5))).toBe('TARSIER_INVALID_ARGUMENT');
  });

  it('gives the encoder the whole request and the node', async () => {
    const { transport, proxy } = await connectedClient();
    const seen: unknown[] = [];
    proxy.setProtocol({
      ...idProtocol,
      requestFunc(request, transceiver) {
        const { iRequestId, sServantName, sFuncName, iTimeout, iVersion } = request;
        seen.push(
          iRequestId,
          sServantName,
          sFuncName,
          iTimeout,
          iVersion,
          transceiver.endpoint,
          transceiver.isConnected,
        );
        return packet(iRequestId, '');
      },
    });
    const call = proxy.rpcCall(3, 'echo', 'x', { timeout: 1234 });
    await settled();
    transport.last.receive(packet(3, ''));
    await call;
    expect(seen).toEqual([3, 'Test.Echo.EchoObj', 'echo', 1234, 0, A, true]);
  });

  it('fails one call alone when it cannot be encoded', async () => {
    const { transport, proxy } = await connectedClient();
    const cause = new Error('too long');
    proxy.setProtocol({
      ...idProtocol,
      requestFunc(request, transceiver) {
        if (request.sBuffer.length > 3) throw cause;
        return idProtocol.requestFunc(request, transceiver);
      },
    });
    const [bad, good] = [proxy.rpcCall(1, 'f', 'four'), proxy.rpcCall(2, 'f', 'ok')];
    const recorder = new Recorder();
    proxy.rpcCallAsync(3, 'f', 'fourfour', recorder);
    const error = await failureOf(bad);
    expect([error.name, error.code, error.cause]).toEqual(['TarsEncodeException', 'TARSIER_ENCODE', cause]);
    await settled();
    expect(recorder.log).toEqual(['TARSIER_ENCODE']);
    expect(requestsOf(transport.last)).toEqual(['ok']);
    transport.last.receive(packet(2, 'fine'));
    expect((await good).sBuffer.toString()).toBe('fine');
  });

  it('rejects by the result that the decoder has set', async () => {
    const { transport, proxy } = await connectedClient();
    const [noFunc, own] = [proxy.rpcCall(1, 'nope', ''), proxy.rpcCall(2, 'shop', '')];
    await settled();
    transport.last.receive(packet(1, 'ret:-3'), packet(2, 'ret:42'));
    const error = await failureOf(noFunc);
    expect(error).toBeInstanceOf(TarsServerNoFuncException);
    expect([error.iRet, error.code]).toEqual([-3, 'TARSIER_NO_FUNC']);
    expect(error.where).toEqual({ object: 'Test.Echo.EchoObj', func: 'nope', requestId: 1, endpoint: A });
    expect((await failureOf(own)).iRet).toBe(42);
  });

  it('times out with what is known of the call, and drops the late answer', async () => {
    const { transport, proxy, time } = await connectedClient();
    const dropped: unknown[] = [];
    proxy.on('dropped', (event) => dropped.push(event));
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    const failed = failureOf(proxy.rpcCall(17, 'echo', 'x', { timeoutMs: 30 }));
    await time.advance(29);
    expect(proxy.statistics()).toMatchObject({ failures: 0, pendingCalls: 1 });
    await time.advance(2);
    const error = await failed;
    expect([error.name, error.code, error.iRet]).toEqual(['TarsSyncCallTimeoutException', 'TARSIER_CALL_TIMEOUT', -7]);
    expect(error.where).toMatchObject({ object: 'Test.Echo.EchoObj', func: 'echo', requestId: 17, endpoint: A });
    expect(error.where.elapsedMs).toBe(30);
    expect(error.message).toMatch(
      /^Test\.Echo\.EchoObj::echo timed out after 30 ms \(request 17, tcp -h a -p 1 -t 3000\); raise sync-invoke-timeout/,
    );
    transport.last.receive(packet(17, 'late'));
    expect(dropped).toEqual([{ requestId: 17, endpoint: A, reason: 'unknown-id' }]);
    expect([recorder.messages, proxy.statistics().droppedAnswers]).toEqual([[], 1]);
  });

  it('says when a call timed out because it waited for a connection', async () => {
    const { proxy, time } = memoryClient();
    const failed = failureOf(proxy.rpcCall(1, 'echo', 'x', { timeoutMs: 20 }));
    await time.advance(21);
    const error = await failed;
    expect(error.code).toBe('TARSIER_CALL_TIMEOUT');
    expect(error.message).toContain('waited for a connection and was not sent (request 1, tcp -h a -p 1');
    expect(proxy.endpoints()[0]?.waitingCalls).toBe(0);
  });
});

/** A signal that counts its listeners. */
function countedSignal() {
  const controller = new AbortController();
  let count = 0;
  const it = controller.signal;
  const [add, remove] = [it.addEventListener.bind(it), it.removeEventListener.bind(it)];
  it.addEventListener = (...args: Parameters<typeof add>) => {
    count++;
    add(...args);
  };
  it.removeEventListener = (...args: Parameters<typeof remove>) => {
    count--;
    remove(...args);
  };
  return {
    signal: { it, listeners: () => count },
    abort: () => {
      controller.abort();
    },
  };
}

describe('ServantProxy and AbortSignal', () => {
  it('lets one signal serve a thousand calls: with one listener, and none when they have ended', async () => {
    const { transport, proxy } = await connectedClient();
    const { signal, abort } = countedSignal();
    const ids = Array.from({ length: 1000 }, (_, n) => n + 1);
    const answered = Promise.all(ids.map((id) => proxy.rpcCall(id, 'echo', 'x', { signal: signal.it })));
    expect(signal.listeners()).toBe(1);
    await settled();
    for (const id of ids) transport.last.receive(packet(id, 'ok'));
    await answered;
    expect(signal.listeners()).toBe(0);
    const aborted = ids.map((id) => failureOf(proxy.rpcCall(id, 'echo', 'x', { signal: signal.it })));
    abort();
    expect(new Set((await Promise.all(aborted)).map(({ code }) => code))).toEqual(new Set(['TARSIER_ABORTED']));
    expect(signal.listeners()).toBe(0);
  });

  it.each([5, 'now', {}, () => {}])('refuses %s for a signal', async (signal) => {
    const { proxy } = await connectedClient();
    const options = { signal: signal as never };
    expect((await failureOf(proxy.rpcCall(1, 'echo', 'x', options))).code).toBe('TARSIER_INVALID_ARGUMENT');
    expect(() => proxy.rpcCallAsync(2, 'echo', 'x', null, options)).toThrow('signal must be an AbortSignal');
    expect(proxy.statistics().calls).toBe(0);
  });

  it('sends nothing when it is aborted already', async () => {
    const { transport, proxy } = await connectedClient();
    const reason = new Error('no more');
    const error = await failureOf(proxy.rpcCall(1, 'echo', 'x', { signal: AbortSignal.abort(reason) }));
    expect([error.code, error.cause]).toEqual(['TARSIER_ABORTED', reason]);
    await settled();
    expect(transport.last.written).toEqual([]);
  });

  it('ends the call when it is aborted later, and leaves no listener', async () => {
    const { transport, proxy } = await connectedClient();
    const { signal, abort } = countedSignal();
    const aborted = failureOf(proxy.rpcCall(1, 'echo', 'x', { signal: signal.it }));
    const answered = proxy.rpcCall(2, 'echo', 'y', { signal: signal.it });
    expect(signal.listeners()).toBe(1);
    await settled();
    transport.last.receive(packet(2, 'ok'));
    expect((await answered).sBuffer.toString()).toBe('ok');
    expect(signal.listeners()).toBe(1);
    abort();
    const error = await aborted;
    expect([error.code, error.cause]).toEqual(['TARSIER_ABORTED', signal.it.reason]);
    expect(error.message).toContain('after its request was sent');
    expect(signal.listeners()).toBe(0);
    transport.last.receive(packet(1, 'late'));
    expect(proxy.statistics().droppedAnswers).toBe(1);
  });
});

describe('ServantProxy.rpcCallAsync', () => {
  it('dispatches once for each call, in the order of arrival', async () => {
    const { transport, proxy } = await connectedClient();
    const recorder = new Recorder();
    for (const id of [1, 2, 3]) proxy.rpcCallAsync(id, 'echo', `q${id}`, recorder);
    await settled();
    transport.last.receive(packet(2, 'b'), packet(3, 'ret:-7'), packet(2, 'b again'), packet(1, 'a'));
    expect(recorder.messages.map(({ response }) => response.iRequestId)).toEqual([2, 3, 1]);
    const [second, third] = recorder.messages as [ReqMessage, ReqMessage];
    expect(second).toMatchObject({ eType: 2, eStatus: ReqStatus.REQ_RSP, bPush: false, endpoint: A });
    expect([second.request.sFuncName, 'error' in second]).toEqual(['echo', false]);
    expect(second.iEndTime).toBeGreaterThanOrEqual(second.iBeginTime);
    expect([third.eStatus, third.response.iRet, third.error?.code]).toEqual([1, -7, 'TARSIER_CALL_TIMEOUT']);
  });

  it('takes any object that has onDispatch', async () => {
    const { transport, proxy } = await connectedClient();
    const seen: string[] = [];
    proxy.rpcCallAsync(1, 'echo', 'x', {
      onDispatch: (message) => void seen.push(message.response.sBuffer.toString()),
    });
    await settled();
    transport.last.receive(packet(1, 'ok'));
    expect(seen).toEqual(['ok']);
  });

  it('tells of failures with the id of the request, and never before it has returned', async () => {
    const { proxy, time } = await connectedClient();
    const recorder = new Recorder();
    proxy.rpcCallAsync(1, 'echo', 'x', recorder, { signal: AbortSignal.abort() });
    expect(recorder.messages).toEqual([]);
    proxy.rpcCallAsync(2, 'echo', 'x', recorder, { timeoutMs: 20 });
    await settled();
    expect(recorder.messages).toHaveLength(1);
    await time.advance(21);
    expect(recorder.messages).toHaveLength(2);
    const [aborted, late] = recorder.messages as [ReqMessage, ReqMessage];
    expect([aborted.eStatus, aborted.bPush, aborted.response.iRequestId]).toEqual([ReqStatus.REQ_EXC, false, 1]);
    expect([aborted.response.iRet, aborted.error?.code]).toEqual([-99, 'TARSIER_ABORTED']);
    expect([late.eStatus, late.response.iRequestId, late.response.iRet]).toEqual([ReqStatus.REQ_TIME, 2, -7]);
    expect([late.endpoint, late.request.sBuffer.toString()]).toEqual([A, 'x']);
  });

  it('reports what callbacks throw, now or later, and reads on', async () => {
    const { transport, proxy, logger } = await connectedClient();
    const errors: TarsException[] = [];
    proxy.on('error', (error) => errors.push(error));
    const thrown = new Error('thrown');
    const rejected = new Error('rejected');
    const recorder = new Recorder();
    proxy.rpcCallAsync(1, 'first', '', {
      onDispatch() {
        throw thrown;
      },
    });
    proxy.rpcCallAsync(2, 'second', '', { onDispatch: () => Promise.reject(rejected) });
    proxy.rpcCallAsync(3, 'third', '', recorder);
    await settled();
    transport.last.receive(Buffer.concat([packet(1, 'a'), packet(2, 'b'), packet(3, 'c')]));
    expect(recorder.log).toEqual(['c']);
    await settled();
    expect(errors.map(({ cause }) => cause)).toEqual([thrown, rejected]);
    expect(errors[0]?.message).toContain('the callback of first threw: thrown');
    expect(logger.lines.filter((line) => line.startsWith('error'))).toHaveLength(2);
    expect(proxy.statistics().callbackFaults).toBe(2);
  });

  it('survives listeners that throw', async () => {
    const { transport, proxy, logger } = await connectedClient();
    proxy.on('error', () => {
      throw new Error('listener');
    });
    proxy.on('push', () => {
      throw new Error('push listener');
    });
    proxy.rpcCallAsync(1, 'f', '', {
      onDispatch() {
        throw new Error('callback');
      },
    });
    await settled();
    transport.last.receive(packet(0, 'push'), packet(1, ''));
    expect(logger.lines.filter((line) => line.startsWith('error')).map((line) => line.split(': ').at(-1))).toEqual([
      'push listener',
      'callback',
      'listener',
    ]);
    expect(proxy.endpoints()[0]?.state).toBe('connected');
  });

  it('sends one-way calls and forgets them; their failure is an event', async () => {
    const { transport, proxy } = await connectedClient();
    const errors: string[] = [];
    proxy.on('error', (error) => errors.push(error.code));
    proxy.rpcCallAsync(0, 'log', 'line', null);
    proxy.rpcCallAsync(0, 'log', 'gone', null, { signal: AbortSignal.abort() });
    expect(errors).toEqual([]);
    await settled();
    expect(requestsOf(transport.last)).toEqual(['line']);
    expect([errors, proxy.statistics().pendingCalls]).toEqual([['TARSIER_ABORTED'], 0]);
  });
});

describe('ServantProxy and pushes', () => {
  it('gives packets with id 0 to the push callback and to listeners, in order', async () => {
    const { transport, proxy } = await connectedClient();
    const recorder = new Recorder();
    const heard: string[] = [];
    proxy.setPushCallback(recorder);
    expect(proxy.getPushCallback()).toBe(recorder);
    proxy.on('push', (message) => heard.push(message.response.sBuffer.toString()));
    transport.last.receive(Buffer.concat([packet(0, 'a'), packet(0, 'b')]), packet(0, 'c'));
    expect([recorder.log, heard]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    const push = recorder.messages[0] as ReqMessage;
    expect([push.bPush, push.request.iRequestId, push.request.sFuncName, push.endpoint]).toEqual([true, 0, '', A]);
    expect(proxy.statistics()).toMatchObject({ pushes: 3, droppedPushes: 0 });
  });

  it('drops, counts and rarely logs pushes that nobody takes, and stays connected', async () => {
    const { transport, proxy, logger } = await connectedClient();
    const dropped: unknown[] = [];
    proxy.on('dropped', ({ reason }) => dropped.push(reason));
    for (let i = 0; i < 100; i++) transport.last.receive(packet(0, 'x'));
    expect(dropped).toEqual(Array.from({ length: 100 }, () => 'no-push-callback'));
    expect(proxy.statistics()).toMatchObject({ pushes: 100, droppedPushes: 100, droppedAnswers: 0 });
    expect(logger.lines.filter((line) => line.startsWith('warn'))).toHaveLength(1);
    expect(proxy.endpoints()[0]?.state).toBe('connected');
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    transport.last.receive(packet(0, 'now'));
    proxy.setPushCallback(null);
    transport.last.receive(packet(0, 'gone'));
    expect([recorder.log, proxy.getPushCallback()]).toEqual([['now'], null]);
  });
});

describe('ServantProxy.genRequestId', () => {
  it('counts from 1 and skips ids in flight', async () => {
    const { proxy } = await connectedClient();
    expect([proxy.genRequestId(), proxy.genRequestId()]).toEqual([1, 2]);
    for (const id of [3, 4]) void proxy.rpcCall(id, 'f', '').catch(() => undefined);
    expect(proxy.genRequestId()).toBe(5);
  });

  it('stays within the id of the protocol, and says when calls have all of them', async () => {
    const { proxy } = await connectedClient();
    proxy.setProtocol({ ...idProtocol, maxRequestId: 3 });
    expect(Array.from({ length: 5 }, () => proxy.genRequestId())).toEqual([1, 2, 3, 1, 2]);
    void proxy.rpcCall(3, 'f', '').catch(() => undefined);
    expect(Array.from({ length: 3 }, () => proxy.genRequestId())).toEqual([1, 2, 1]);
    for (const id of [1, 2]) void proxy.rpcCall(id, 'f', '').catch(() => undefined);
    expect(codeOf(() => proxy.genRequestId())).toBe('TARSIER_NO_REQUEST_ID');
  });

  it.each([
    [1, 255],
    [2, 65_535],
    [4, 2_147_483_647],
  ] as const)('counts within the id of %i bytes of lengthField, up to %i', (bytes, max) => {
    const { proxyProtocol } = lengthField({
      bytes: 4,
      includesHeader: true,
      max: 100,
      requestId: { offset: 4, bytes },
    });
    const { proxy } = memoryClient();
    proxy.setProtocol(proxyProtocol);
    const ids = Array.from({ length: 70_000 }, () => proxy.genRequestId());
    expect(ids.every((id, i) => id === 1 + (i % max))).toBe(true);
  });

  it.each([0, -1, 1.5, Number.NaN, '9'])('refuses a protocol whose maxRequestId is %j', (maxRequestId) => {
    const { proxy } = memoryClient();
    expect(codeOf(() => proxy.setProtocol({ ...idProtocol, maxRequestId: maxRequestId as number }))).toBe(
      'TARSIER_INVALID_ARGUMENT',
    );
  });
});

describe('ServantProxy settings', () => {
  it('reads and sets its times; deadlines are raised to the minimum', async () => {
    const { proxy } = memoryClient({ 'min-timeout': 50 });
    expect(proxy.timeout(20).timeout()).toBe(50);
    expect(proxy.asyncTimeout(70).asyncTimeout()).toBe(70);
    expect(proxy.connectTimeout(20).connectTimeout()).toBe(100);
    expect(proxy.connectionSerial(-3).connectionSerial()).toBe(0);
    expect(proxy.getProtocol()).toBe(idProtocol);
    const framing = { ...idProtocol, connectionSerial: 4 };
    expect(proxy.setProtocol(framing).connectionSerial()).toBe(4);
    expect(proxy.setProtocol(framing, 2).connectionSerial()).toBe(2);
  });

  it('closes what belongs to the old protocol when it is changed late', async () => {
    const { transport, proxy } = await connectedClient();
    const call = failureOf(proxy.rpcCall(1, 'f', ''));
    await settled();
    proxy.setProtocol({ ...idProtocol, responseFunc: () => PacketType.PACKET_LESS });
    expect((await call).code).toBe('TARSIER_CLOSED');
    await settled();
    expect(transport.connections.map(({ isClosed }) => isClosed)).toEqual([true]);
    proxy.rpcCallAsync(2, 'f', 'new', null);
    await settled();
    expect([transport.connections.length, requestsOf(transport.last)]).toEqual([2, ['new']]);
  });

  it('connects a push proxy anew when the protocol is changed', async () => {
    const { transport, proxy } = await connectedClient();
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    proxy.setProtocol({ ...idProtocol });
    await settled();
    expect(transport.connections).toHaveLength(2);
    expect(recorder.log).toEqual([`close ${A} wanted`, `connect ${A}`]);
  });
});

describe('ServantProxy.connect, close, reconnect', () => {
  it('connects before the first call, once for all who ask', async () => {
    const { transport, proxy } = memoryClient();
    const events: string[] = [];
    proxy.on('connect', (endpoint) => events.push(`connect ${endpoint}`));
    proxy.on('close', ({ endpoint, error }) => events.push(`close ${endpoint} ${error?.code}`));
    const both = Promise.all([proxy.connect(), proxy.connect()]);
    expect(proxy.endpoints()[0]?.state).toBe('connecting');
    transport.last.accept();
    await both;
    await proxy.connect();
    expect(transport.connections).toHaveLength(1);
    expect(proxy.endpoints()).toMatchObject([
      { endpoint: A, state: 'connected', connections: 1, waitingCalls: 0, failures: 0 },
    ]);
    await proxy.close();
    expect(events).toEqual([`connect ${A}`, `close ${A} undefined`]);
    expect(proxy.endpoints()[0]?.state).toBe('idle');
  });

  it('rejects when no node can be connected', async () => {
    const { proxy } = memoryClient({}, 'tcp -h a -p 1:tcp -h b -p 2', (connection) => {
      connection.drop(networkError('ECONNREFUSED'));
    });
    const error = await failureOf(proxy.connect());
    expect(error.code).toBe('TARSIER_CONNECT_FAILED');
    expect(error.message).toMatch(/could not connect to tcp -h b -p 2 -t 3000 \(ECONNREFUSED\)/);
    expect(proxy.endpoints().map(({ state, failures }) => [state, failures])).toEqual([
      ['backoff', 1],
      ['backoff', 1],
    ]);
    await proxy.close();
  });

  it('fails calls in flight on close, sent or not, and connects again for a later call', async () => {
    const { transport, proxy } = memoryClient();
    const waiting = failureOf(proxy.rpcCall(1, 'f', 'w'));
    const connecting = failureOf(proxy.connect());
    await proxy.close();
    expect(await waiting).toMatchObject({ code: 'TARSIER_CLOSED', message: expect.stringContaining('was not sent') });
    expect((await connecting).code).toBe('TARSIER_CLOSED');
    const again = proxy.rpcCall(2, 'f', 'again');
    transport.last.accept();
    await settled();
    transport.last.receive(packet(2, 'ok'));
    expect((await again).sBuffer.toString()).toBe('ok');
    expect(transport.connections).toHaveLength(2);
  });

  it('may be closed from within a callback', async () => {
    const { transport, proxy } = await connectedClient();
    const recorder = new Recorder();
    let closed: Promise<void> | undefined;
    proxy.rpcCallAsync(1, 'f', '', {
      onDispatch() {
        closed = proxy.close();
      },
    });
    proxy.rpcCallAsync(2, 'f', '', recorder);
    await settled();
    transport.last.receive(Buffer.concat([packet(1, ''), packet(2, 'never seen')]));
    await closed;
    expect(recorder.log).toEqual(['TARSIER_CLOSED']);
  });

  it('reconnects', async () => {
    const { transport, proxy } = await connectedClient();
    await proxy.reconnect();
    expect(transport.connections.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  });
});
