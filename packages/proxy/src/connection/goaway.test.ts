import type { ProxyProtocol } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { idProtocol, lineProtocol, packet } from '../call/id-protocol.testkit.js';
import {
  failureOf,
  Recorder,
  type ResolvedClient,
  requestsOf,
  resolvedClient,
  settled,
} from '../memory-client.testkit.js';
import { type MemoryConnection, networkError } from '../transport/memory-transport.testkit.js';

const isGoaway: ProxyProtocol['isGoaway'] = ({ sBuffer }) => sBuffer.toString() === 'goodbye';
const polite: ProxyProtocol = { ...idProtocol, isGoaway };
const goodbye = packet(0, 'goodbye');

interface PoliteClient extends ResolvedClient {
  readonly events: string[];
}

/** A client with connections to its nodes, each in the order in which it was asked for. */
async function politeClient(
  endpoints: readonly string[] = ['tcp -h a -p 1'],
  properties: Record<string, number> = {},
  protocol = polite,
): Promise<PoliteClient> {
  const client = resolvedClient(properties, (connection) => connection.accept());
  client.proxy.setProtocol(protocol);
  const connected = client.proxy.connect();
  client.resolver.update(...endpoints);
  await connected;
  await settled();
  const events: string[] = [];
  client.proxy.on('goaway', (endpoint) => events.push(`goaway ${endpoint}`));
  client.proxy.on('close', ({ error }) => events.push(`close ${error?.code ?? 'wanted'}`));
  client.proxy.on('dropped', ({ reason }) => events.push(`dropped ${reason}`));
  return { ...client, events };
}

const body = (promise: Promise<{ sBuffer: { toString(): string } }>): Promise<string> =>
  promise.then(({ sBuffer }) => sBuffer.toString());

describe('a server that says goodbye', () => {
  it('gets no new calls; those it has are answered, then the connection closes', async () => {
    const { proxy, transport, events } = await politeClient();
    const old = transport.last;
    const before = [proxy.rpcCall(1, 'f', 'one'), proxy.rpcCall(2, 'f', 'two')].map(body);
    await settled();
    expect(requestsOf(old)).toEqual(['one', 'two']);
    old.receive(goodbye);
    const after = body(proxy.rpcCall(3, 'f', 'three'));
    await settled();
    expect(requestsOf(old)).toEqual([]);
    expect(transport.connections).toHaveLength(2);
    expect(requestsOf(transport.last)).toEqual(['three']);
    old.receive(packet(2, 'answer two'));
    expect(old.isClosing).toBe(false);
    old.receive(packet(1, 'answer one'));
    expect(old.isClosing).toBe(true);
    transport.last.receive(packet(3, 'answer three'));
    expect(await Promise.all([...before, after])).toEqual(['answer one', 'answer two', 'answer three']);
    await settled();
    expect(events).toEqual(['goaway tcp -h a -p 1 -t 3000', 'close wanted']);
    expect(proxy.endpoints()).toMatchObject([
      { state: 'connected', failures: 0, connections: 1, figures: { failures: 0, connects: 2 } },
    ]);
    expect(proxy.statistics()).toMatchObject({ failures: 0, droppedAnswers: 0, droppedPushes: 0 });
  });

  it('closes at once when it has no calls, and nothing else happens until there is one', async () => {
    const { proxy, transport, time, events } = await politeClient();
    transport.last.receive(goodbye);
    await settled();
    expect(transport.last.isClosed).toBe(true);
    await time.advance(60_000);
    expect(transport.connections).toHaveLength(1);
    expect(events).toEqual(['goaway tcp -h a -p 1 -t 3000', 'close wanted']);
    const call = body(proxy.rpcCall(1, 'f', 'x'));
    await settled();
    transport.last.receive(packet(1, 'y'));
    expect(await call).toBe('y');
    await proxy.close();
    expect(time.timers).toBe(0);
  });

  it('gives calls back that lie in the send queue', async () => {
    const { proxy, transport } = await politeClient();
    const old = transport.last;
    old.isBlocked = true;
    const sent = body(proxy.rpcCall(1, 'f', 'sent'));
    await settled();
    const queued = body(proxy.rpcCall(2, 'f', 'queued'));
    proxy.rpcCallAsync(3, 'f', 'one way', null);
    await settled();
    expect(requestsOf(old)).toEqual(['sent']);
    old.receive(goodbye);
    await settled();
    expect(requestsOf(transport.last)).toEqual(['queued', 'one way']);
    old.drain();
    expect(requestsOf(old)).toEqual([]);
    old.receive(packet(1, 'a'));
    transport.last.receive(packet(2, 'b'));
    expect(await Promise.all([sent, queued])).toEqual(['a', 'b']);
    expect(old.isClosing).toBe(true);
  });

  it('leaves the calls to the other nodes when it listens no more', async () => {
    const { proxy, transport, events } = await politeClient(['tcp -h a -p 1', 'tcp -h b -p 1']);
    const [a, b] = transport.connections as [MemoryConnection, MemoryConnection];
    a.receive(goodbye);
    transport.onAsked = (connection) => connection.drop(networkError('ECONNREFUSED'));
    const calls = [1, 2, 3, 4].map((id) => body(proxy.rpcCall(id, 'f', `call ${id}`)));
    await settled();
    expect(requestsOf(b).toSorted()).toEqual(['call 1', 'call 2', 'call 3', 'call 4']);
    b.receive(...[1, 2, 3, 4].map((id) => packet(id, `answer ${id}`)));
    expect(await Promise.all(calls)).toEqual(['answer 1', 'answer 2', 'answer 3', 'answer 4']);
    expect(events).toEqual(['goaway tcp -h a -p 1 -t 3000', 'close wanted']);
  });

  it('is let go by a push proxy only when another connection is there', async () => {
    const { proxy, transport, time, events } = await politeClient(['tcp -h a -p 1'], { 'reconnect-min-interval': 500 });
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    const old = transport.last;
    old.receive(goodbye);
    old.receive(packet(0, 'push 1'));
    expect(old.isClosing).toBe(false);
    expect(transport.connections).toHaveLength(1);
    await time.advance(600);
    expect(transport.connections).toHaveLength(2);
    expect(old.isClosing).toBe(true);
    transport.last.receive(packet(0, 'push 2'));
    const at = 'tcp -h a -p 1 -t 3000';
    expect(recorder.log).toEqual(['push 1', `connect ${at}`, `close ${at} wanted`, 'push 2']);
    expect(events).toEqual([`goaway ${at}`, 'close wanted']);
  });

  it('may close before that: a push proxy connects all the same', async () => {
    const { proxy, transport, time, events } = await politeClient(['tcp -h a -p 1'], { 'reconnect-min-interval': 500 });
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    const old = transport.last;
    old.receive(goodbye);
    old.handlers.onEnd();
    await settled();
    expect(events).toEqual(['goaway tcp -h a -p 1 -t 3000', 'close wanted']);
    await time.advance(600);
    expect(transport.connections).toHaveLength(2);
    expect(recorder.log.at(-1)).toBe('connect tcp -h a -p 1 -t 3000');
    await proxy.close();
    expect(time.timers).toBe(0);
  });

  it('and does not listen afterwards is tried again like any other', async () => {
    const { proxy, transport, time } = await politeClient(['tcp -h a -p 1'], { 'reconnect-min-interval': 500 });
    proxy.setPushCallback(new Recorder());
    const old = transport.last;
    transport.onAsked = (connection) => connection.drop(networkError('ECONNREFUSED'));
    old.receive(goodbye);
    await time.advance(600);
    expect(transport.connections.length).toBeGreaterThan(1);
    expect(old.isClosing).toBe(false);
    transport.onAsked = (connection) => connection.accept();
    await time.advance(20_000);
    expect(proxy.endpoints()[0]).toMatchObject({ state: 'connected', connections: 1 });
    expect(old.isClosed).toBe(true);
  });

  it('that breaks the connection while calls run: they are lost, and that is told', async () => {
    const { proxy, transport, events } = await politeClient();
    const lost = failureOf(proxy.rpcCall(1, 'f', 'x'));
    await settled();
    transport.last.receive(goodbye);
    transport.last.drop();
    expect((await lost).code).toBe('TARSIER_CONNECTION_LOST');
    expect(events).toEqual(['goaway tcp -h a -p 1 -t 3000', 'close TARSIER_CONNECTION_LOST']);
  });

  it('is heard once', async () => {
    const { proxy, transport, events } = await politeClient();
    const call = body(proxy.rpcCall(1, 'f', 'x'));
    await settled();
    transport.last.receive(goodbye, goodbye, goodbye, packet(1, 'y'));
    expect(await call).toBe('y');
    await settled();
    expect(events).toEqual(['goaway tcp -h a -p 1 -t 3000', 'close wanted']);
  });

  it('frees the place of its connection where each carries one call at a time', async () => {
    const serial: ProxyProtocol = { ...lineProtocol, connectionSerial: 1, isGoaway };
    const { proxy, transport } = await politeClient(['tcp -h a -p 1'], {}, serial);
    const first = body(proxy.rpcCall(1, 'f', 'first'));
    const second = body(proxy.rpcCall(2, 'f', 'second'));
    await settled();
    const old = transport.last;
    old.receive(Buffer.from('goodbye\n'));
    await settled();
    expect(transport.connections).toHaveLength(2);
    expect(transport.last.take().toString()).toBe('second\n');
    transport.last.receive(Buffer.from('answer 2\n'));
    old.receive(Buffer.from('answer 1\n'));
    expect(await Promise.all([first, second])).toEqual(['answer 1', 'answer 2']);
    expect(old.isClosing).toBe(true);
  });

  it('does no harm when the listener closes the proxy', async () => {
    const { proxy, transport, time } = await politeClient();
    transport.last.isBlocked = true;
    const sent = failureOf(proxy.rpcCall(1, 'f', 'sent'));
    await settled();
    const queued = failureOf(proxy.rpcCall(2, 'f', 'queued'));
    await settled();
    proxy.on('goaway', () => void proxy.close());
    transport.last.receive(goodbye);
    expect([(await sent).code, (await queued).code]).toEqual(['TARSIER_CLOSED', 'TARSIER_CLOSED']);
    await settled();
    expect(transport.connections).toHaveLength(1);
    expect(transport.last.isClosed).toBe(true);
    expect(time.timers).toBe(0);
  });

  it('whose packet makes isGoaway throw is told as a fault, and the packet goes its way', async () => {
    const broken: ProxyProtocol = {
      ...idProtocol,
      isGoaway: () => {
        throw new Error('on purpose');
      },
    };
    const { proxy, transport } = await politeClient(['tcp -h a -p 1'], {}, broken);
    const faults: string[] = [];
    proxy.on('error', (error) => faults.push(error.message));
    const call = body(proxy.rpcCall(1, 'f', 'x'));
    await settled();
    transport.last.receive(packet(1, 'y'));
    expect(await call).toBe('y');
    expect(faults).toEqual([expect.stringContaining('isGoaway threw: on purpose')]);
  });
});
