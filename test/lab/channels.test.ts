import { AsyncLocalStorage } from 'node:async_hooks';
import { type ChannelListener, subscribe, tracingChannel, unsubscribe } from 'node:diagnostics_channel';
import type {
  CallMessage,
  ClientConnectionMessage,
  ClientPacketMessage,
  ConnectionMessage,
  Current,
  DropMessage,
  OverloadMessage,
  RejectMessage,
  RequestMessage,
  SendMessage,
} from '@tarsier/framework';
import { SendResult } from '@tarsier/framework';
import { fakeClient } from '@tarsier/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { frame } from '../../packages/framework/src/raw-client.testkit.js';
import { AT, call, endLabs, newLab, proxyOf, serve } from './lab.testkit.js';

endLabs();

const undo: (() => void)[] = [];

afterEach(() => {
  for (const one of undo.splice(0)) one();
});

/** Collects the messages of a channel until the end of the test. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- names the type once, for all who read the messages
function listen<M>(name: string): M[] {
  const messages: M[] = [];
  const listener: ChannelListener = (message) => messages.push(message as M);
  subscribe(name, listener);
  undo.push(() => unsubscribe(name, listener));
  return messages;
}

/** Collects the events of a tracing channel, each with its message. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
function trace<M>(name: string): { event: string; message: M }[] {
  const events: { event: string; message: M }[] = [];
  for (const event of ['start', 'end', 'asyncStart', 'asyncEnd', 'error']) {
    const listener: ChannelListener = (message) => events.push({ event, message: message as M });
    subscribe(`tracing:${name}:${event}`, listener);
    undo.push(() => unsubscribe(`tracing:${name}:${event}`, listener));
  }
  return events;
}

describe('channels of servers', () => {
  it('show connections, packets and closes', async () => {
    const here = newLab();
    const connections = listen<ConnectionMessage>('tarsier.server.connection');
    const closes = listen<ConnectionMessage>('tarsier.server.close');
    const sends = listen<SendMessage>('tarsier.server.send');
    const requests = trace<RequestMessage>('tarsier.server.request');
    await serve(here);
    const client = await here.run(fakeClient(AT, (s) => s.send(frame(1, 'hello')).expect(frame(1, 'hello')), here));
    await here.run(client.done());
    client.close();
    await here.time.advance(100);
    expect(connections).toHaveLength(1);
    expect(requests.map(({ event }) => event)).toEqual(['start', 'end']);
    expect(requests[0]?.message).toBe(requests[1]?.message);
    expect(requests[0]?.message.current.getRequestBuffer()).toEqual(frame(1, 'hello'));
    expect(requests[0]?.message.result).toBe(0);
    expect(sends).toMatchObject([
      { uid: connections[0]?.current.getUId(), bytes: frame(1, 'hello').length, result: SendResult.ACCEPTED },
    ]);
    expect(closes.map(({ current }) => current.getUId())).toEqual([connections[0]?.current.getUId()]);
  });

  it('show what async handlers come to, and keep the store of the observer', async () => {
    const here = newLab();
    const spans = new AsyncLocalStorage<string>();
    const { start } = tracingChannel<string, RequestMessage>('tarsier.server.request');
    start.bindStore(spans, (message) => `span ${(message as unknown as RequestMessage).current.getUId()}`);
    undo.push(() => start.unbindStore(spans));
    const requests = trace<RequestMessage>('tarsier.server.request');
    const seen: (string | undefined)[] = [];
    await serve(here, {
      doRequest: async (current, response) => {
        seen.push(spans.getStore());
        await here.time.delay(100);
        seen.push(spans.getStore());
        if (current.getRequestBuffer().subarray(8).toString() === 'bad') throw new Error('no');
        response.assign(current.getRequestVector());
        return 7;
      },
    });
    const proxy = proxyOf(here);
    expect(await here.run(call(proxy, 'good'))).toBe('good');
    expect(requests.map(({ event }) => event)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    expect(requests[3]?.message.result).toBe(7);
    const uid = requests[0]?.message.current.getUId();
    expect(seen).toEqual([`span ${uid}`, `span ${uid}`]);
    requests.length = 0;
    expect(await here.run(call(proxy, 'bad', 500))).toBe('TARSIER_CALL_TIMEOUT');
    expect(requests.map(({ event }) => event)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    expect(requests[4]?.message.error).toEqual(new Error('no'));
  });

  it('show handlers that throw', async () => {
    const here = newLab();
    const requests = trace<RequestMessage>('tarsier.server.request');
    const app = await serve(here, {
      doRequest: () => {
        throw new Error('no');
      },
    });
    expect(await here.run(call(proxyOf(here), 'x', 300))).toBe('TARSIER_CALL_TIMEOUT');
    expect(requests.map(({ event }) => event)).toEqual(['start', 'error', 'end']);
    expect(app.getBindAdapter('Obj')?.counters.handlerErrors).toBe(1);
  });

  it('show what is refused and dropped', async () => {
    const here = newLab();
    const rejects = listen<RejectMessage>('tarsier.server.reject');
    const overloads = listen<OverloadMessage>('tarsier.server.overload');
    const drops = listen<DropMessage>('tarsier.server.drop');
    const sends = listen<SendMessage>('tarsier.server.send');
    const peers: Current[] = [];
    const app = await serve(
      here,
      { doRequest: () => here.time.delay(1000) },
      { maxconnsperip: 1, queuecap: 1, queuecapperconn: 0, backpacketcount: 1, sendpolicy: 'drop-newest' },
    );
    app.addAcceptCallback((current) => peers.push(current));
    const client = await here.run(fakeClient(AT, (s) => s.send(Buffer.concat([frame(1, ''), frame(2, '')])), here));
    const refused = await here.run(fakeClient(AT, (s) => s, here));
    await here.time.advance(10);
    expect(rejects).toMatchObject([{ ip: '127.0.0.1', reason: 'maxconnsperip' }]);
    expect(overloads).toHaveLength(1);
    here.network.on().slowReader(1);
    const [peer] = peers as [Current];
    while (!peer.isCongested()) {
      peer.sendResponse(Buffer.alloc(10_000));
      await here.time.advance(0);
    }
    peer.sendResponse(Buffer.alloc(10));
    peer.sendResponse(Buffer.alloc(10));
    expect(drops).toMatchObject([{ drop: { limit: 'backpacketcount', action: 'refused', packets: 1, bytes: 10 } }]);
    expect(drops[0]?.current.getUId()).toBe(peer.getUId());
    expect(sends.slice(-2).map(({ result }) => result)).toEqual([SendResult.QUEUED, SendResult.REFUSED]);
    client.close();
    refused.close();
  });
});

describe('channels of clients', () => {
  it('show calls from begin to end, connections, and pushes', async () => {
    const here = newLab();
    const connects = listen<ClientConnectionMessage>('tarsier.client.connect');
    const closes = listen<ClientConnectionMessage>('tarsier.client.close');
    const pushes = listen<ClientPacketMessage>('tarsier.client.push');
    const drops = listen<ClientPacketMessage>('tarsier.client.drop');
    const calls = trace<CallMessage>('tarsier.client.call');
    const app = await serve(here);
    app.addAcceptCallback((current) => current.sendResponse(frame(0, 'push')));
    const proxy = proxyOf(here);
    expect(await here.run(call(proxy, 'hello'))).toBe('hello');
    expect(calls.map(({ event }) => event)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    const message = calls[3]?.message;
    expect(message).toMatchObject({ object: 'T.S.Obj', isOneWay: false });
    expect(message?.endpoint).toContain('tcp -h a -p 1');
    expect(message?.request.sFuncName).toBe('echo');
    expect(message?.response?.sBuffer.toString()).toBe('hello');
    expect(message?.error).toBeUndefined();
    expect(connects).toMatchObject([{ object: 'T.S.Obj' }]);
    expect(pushes.map(({ response }) => response?.sBuffer.toString())).toEqual(['push']);
    expect(drops).toMatchObject([{ reason: 'no-push-callback' }]);
    await here.run(proxy.close());
    expect(closes).toMatchObject([{ object: 'T.S.Obj' }]);
  });

  it('show calls that fail, one-way calls, and callbacks', async () => {
    const here = newLab();
    const calls = trace<CallMessage>('tarsier.client.call');
    await serve(here, { doRequest: () => 0 });
    const proxy = proxyOf(here);
    expect(await here.run(call(proxy, 'x', 200))).toBe('TARSIER_CALL_TIMEOUT');
    expect(calls.map(({ event }) => event)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    expect(calls[2]?.message.error?.code).toBe('TARSIER_CALL_TIMEOUT');
    calls.length = 0;
    proxy.rpcCallAsync(proxy.genRequestId(), 'one-way', Buffer.from('x'), null);
    await here.time.advance(100);
    expect(calls.map(({ event }) => event)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    expect(calls[0]?.message).toMatchObject({ isOneWay: true });
    calls.length = 0;
    let order = '';
    const told = new Promise<void>((resolve) => {
      proxy.rpcCallAsync(
        proxy.genRequestId(),
        'late',
        Buffer.from('x'),
        {
          onDispatch: () => {
            order = calls.map(({ event }) => event).join();
            resolve();
            return 0;
          },
        },
        { timeoutMs: 200 },
      );
    });
    await here.run(told);
    expect(order).toBe('start,end,error,asyncStart');
  });
});
