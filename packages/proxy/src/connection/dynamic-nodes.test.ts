import { Endpoint } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { packet } from '../call/id-protocol.testkit.js';
import {
  failureOf,
  Recorder,
  type ResolvedClient,
  requestsOf,
  resolvedClient,
  settled,
} from '../memory-client.testkit.js';
import { type MemoryConnection, networkError } from '../transport/memory-transport.testkit.js';

const accept = (connection: MemoryConnection): void => {
  connection.accept();
};
const hosts = ({ proxy }: ResolvedClient): string[] =>
  proxy.endpoints().map(({ endpoint, state }) => `${endpoint.split(' ')[2] ?? ''} ${state}`);

describe('nodes that a resolver finds', () => {
  it('lets calls wait until they are known, and then sends all of them', async () => {
    const { proxy, resolver, transport } = resolvedClient({}, accept);
    expect(resolver.sessions).toHaveLength(0);
    const calls = [1, 2, 3].map((id) => proxy.rpcCall(id, 'f', `${id}`));
    await settled();
    expect([resolver.sessions.length, transport.connections.length]).toEqual([1, 0]);
    resolver.update('tcp -h a -p 1');
    await settled();
    expect(requestsOf(transport.last)).toEqual(['1', '2', '3']);
    transport.last.receive(packet(1, 'a'), packet(2, 'b'), packet(3, 'c'));
    expect((await Promise.all(calls)).map(({ sBuffer }) => sBuffer.toString())).toEqual(['a', 'b', 'c']);
  });

  it('ends calls that wait at their deadline, and tells phase and fault of the resolver', async () => {
    const { proxy, resolver, logger, time } = resolvedClient();
    const failed = failureOf(proxy.rpcCall(1, 'f', '', { timeoutMs: 20 }));
    resolver.fail('SERVFAIL');
    await time.advance(19);
    expect(proxy.statistics()).toMatchObject({ failures: 0, pendingCalls: 1 });
    await time.advance(2);
    const error = await failed;
    expect([error.code, error.where.phase, error.where.limit, error.where.endpoint]).toEqual([
      'TARSIER_CALL_TIMEOUT',
      'resolving',
      20,
      undefined,
    ]);
    expect(error.where.phases?.resolving).toBe(20);
    expect(error.message).toMatch(/: its nodes were not known yet, so it was not sent \(request 1\): SERVFAIL; /);
    expect(proxy.statistics()).toMatchObject({ resolveFailures: 1, pendingCalls: 0 });
    expect(logger.lines.join()).toContain('the resolver test failed: SERVFAIL');
  });

  it('aborts and closes calls that wait, and limits them', async () => {
    const { proxy, resolver } = resolvedClient({ sendqueuelimit: 2 });
    const controller = new AbortController();
    const aborted = failureOf(proxy.rpcCall(1, 'f', '', { signal: controller.signal }));
    const closed = failureOf(proxy.rpcCall(2, 'f', ''));
    const full = await failureOf(proxy.rpcCall(3, 'f', ''));
    expect([full.code, full.where.key, full.where.limit]).toEqual(['TARSIER_CLIENT_QUEUE_FULL', 'sendqueuelimit', 2]);
    controller.abort();
    expect((await aborted).code).toBe('TARSIER_ABORTED');
    await proxy.close();
    expect((await closed).code).toBe('TARSIER_CLOSED');
    expect(resolver.current.isStopped).toBe(true);
    // What comes late from a session that was stopped is not heard.
    resolver.update('tcp -h late -p 1');
    expect(hosts({ proxy } as ResolvedClient)).toEqual([]);
  });

  it('asks again for a call after close, and uses the known nodes meanwhile', async () => {
    const client = resolvedClient({}, accept);
    const { proxy, resolver, transport } = client;
    await Promise.all([proxy.connect(), settled().then(() => resolver.update('tcp -h a -p 1'))]);
    await proxy.close();
    const call = proxy.rpcCall(1, 'f', 'again');
    await settled();
    expect([resolver.sessions.length, requestsOf(transport.last)]).toEqual([2, ['again']]);
    transport.last.receive(packet(1, 'ok'));
    expect((await call).sBuffer.toString()).toBe('ok');
  });

  it('says at once that there is no node', async () => {
    const { proxy, resolver } = resolvedClient();
    const waiting = failureOf(proxy.rpcCall(1, 'f', ''));
    resolver.update();
    for (const error of [await waiting, await failureOf(proxy.rpcCall(2, 'f', '')), await failureOf(proxy.connect())]) {
      expect([error.code, error.iRet]).toEqual(['TARSIER_NO_ENDPOINT', -10]);
    }
  });

  it('connects when the nodes are known; fails when they cannot be', async () => {
    const { proxy, resolver } = resolvedClient({}, accept);
    const failed = failureOf(proxy.connect());
    resolver.fail('SERVFAIL');
    expect((await failed).message).toContain('says the resolver test (SERVFAIL)');
    const connected = proxy.connect();
    resolver.update('tcp -h a -p 1');
    await connected;
    expect(resolver.sessions).toHaveLength(1);
  });

  it('asks the resolver to look again when a node refuses', async () => {
    const { proxy, resolver } = resolvedClient({}, (connection) => {
      connection.drop(networkError('ECONNREFUSED'));
    });
    const failed = failureOf(proxy.rpcCall(1, 'f', ''));
    resolver.update('tcp -h a -p 1');
    expect((await failed).code).toBe('TARSIER_CONNECT_FAILED');
    expect(resolver.current.refreshes).toBe(1);
  });

  it('takes an exception of the resolver for a failure', async () => {
    const { proxy, resolver, time } = resolvedClient();
    resolver.watch = () => {
      throw new Error('no such thing');
    };
    const failed = failureOf(proxy.rpcCall(1, 'f', '', { timeoutMs: 20 }));
    await time.advance(21);
    const error = await failed;
    expect(error.message).toContain('no such thing');
  });

  it('stops its sessions when the communicator ends', async () => {
    const { communicator, proxy, resolver } = resolvedClient();
    const failed = failureOf(proxy.rpcCall(1, 'f', ''));
    await communicator.terminate();
    expect([(await failed).code, resolver.current.isStopped]).toEqual(['TARSIER_CLOSED', true]);
  });
});

describe('nodes that come and go', () => {
  /** A client that is connected to its nodes. */
  async function connected(...endpoints: string[]): Promise<ResolvedClient> {
    const client = resolvedClient({}, accept);
    await Promise.all([client.proxy.connect(), settled().then(() => client.resolver.update(...endpoints))]);
    return client;
  }

  it('keeps what stays, and lets what goes finish its calls', async () => {
    const client = await connected('tcp -h a -p 1', 'tcp -h b -p 2');
    const { proxy, resolver, transport } = client;
    const [first, second] = transport.connections as [MemoryConnection, MemoryConnection];
    const calls = [1, 2].map((id) => proxy.rpcCall(id, 'f', `${id}`));
    await settled();
    expect([requestsOf(first), requestsOf(second)]).toEqual([['1'], ['2']]);
    resolver.update('tcp -h c -p 3', 'tcp -h b -p 2');
    expect(hosts(client)).toEqual(['c idle', 'b connected', 'a leaving']);
    expect(first.isClosing).toBe(false);
    const later = [3, 4].map((id) => proxy.rpcCall(id, 'f', `${id}`));
    await settled();
    expect([requestsOf(first), requestsOf(second).length, requestsOf(transport.last).length]).toEqual([[], 1, 1]);
    first.receive(packet(1, 'one'));
    expect((await calls[0])?.sBuffer.toString()).toBe('one');
    await settled();
    expect([first.isClosed, second.isClosed, hosts(client)]).toEqual([true, false, ['c connected', 'b connected']]);
    second.receive(packet(2, 'two'));
    expect((await calls[1])?.sBuffer.toString()).toBe('two');
    await proxy.close();
    await Promise.allSettled(later);
  });

  it.each(['times out', 'is aborted'])('closes a node that left when its last call %s', async (how) => {
    const client = await connected('tcp -h a -p 1');
    const { proxy, resolver, transport, time } = client;
    const controller = new AbortController();
    const options = how === 'times out' ? { timeoutMs: 20 } : { signal: controller.signal };
    const failed = failureOf(proxy.rpcCall(1, 'f', '', options));
    await settled();
    resolver.update('tcp -h b -p 2');
    expect(transport.connections[0]?.isClosing).toBe(false);
    if (how === 'times out') await time.advance(21);
    else controller.abort();
    expect((await failed).code).toBe(how === 'times out' ? 'TARSIER_CALL_TIMEOUT' : 'TARSIER_ABORTED');
    await settled();
    expect([transport.connections[0]?.isClosed, hosts(client)]).toEqual([true, ['b idle']]);
  });

  it('closes an idle node that left at once, and tells the push callback so', async () => {
    const client = await connected('tcp -h a -p 1');
    const { proxy, resolver, transport } = client;
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    resolver.update('tcp -h b -p 2');
    await settled();
    // The new node is connected by itself, because pushes may come from it.
    expect(recorder.log).toEqual(['close tcp -h a -p 1 -t 3000 wanted', 'connect tcp -h b -p 2 -t 3000']);
    expect([transport.connections[0]?.isClosed, hosts(client)]).toEqual([true, ['b connected']]);
    await proxy.close();
  });

  it('sends one-way calls that are queued before a node that left closes', async () => {
    const { proxy, resolver, transport } = await connected('tcp -h a -p 1');
    proxy.rpcCallAsync(0, 'f', 'one-way', null);
    resolver.update('tcp -h b -p 2');
    await settled();
    const [first] = transport.connections as [MemoryConnection];
    expect([requestsOf(first), first.isClosed]).toEqual([['one-way'], true]);
  });

  it('moves calls that wait for a connection to a node that left', async () => {
    const { proxy, resolver, transport } = resolvedClient({}, (connection) => {
      if (connection.endpoint.host === 'b') connection.accept();
    });
    const call = proxy.rpcCall(1, 'f', 'moved');
    resolver.update('tcp -h a -p 1');
    await settled();
    resolver.update('tcp -h b -p 2');
    await settled();
    expect([transport.connections[0]?.isClosed, requestsOf(transport.last)]).toEqual([true, ['moved']]);
    transport.last.receive(packet(1, 'ok'));
    expect((await call).sBuffer.toString()).toBe('ok');
  });

  it('ends the calls between two nodes when a listener closes the proxy', async () => {
    const { proxy, resolver, transport } = resolvedClient({}, (connection) => {
      if (connection.endpoint.host === 'b') connection.accept();
    });
    const waiting = failureOf(proxy.rpcCall(1, 'f', ''));
    resolver.update('tcp -h a -p 1', 'tcp -h b -p 2');
    await proxy.connect();
    proxy.on('close', () => void proxy.close());
    // a goes first, and with it the call that waits for it; then b, which is connected.
    resolver.update('tcp -h c -p 3');
    expect((await waiting).code).toBe('TARSIER_CLOSED');
    await settled();
    expect(transport.connections.map(({ isClosed }) => isClosed)).toEqual([true, true]);
  });

  it('ends the calls between two connections when a listener closes the proxy', async () => {
    const { proxy, transport } = await connected('tcp -h a -p 1');
    transport.last.isBlocked = true;
    const sent = failureOf(proxy.rpcCall(1, 'f', ''));
    await settled();
    const queued = failureOf(proxy.rpcCall(2, 'f', ''));
    proxy.on('close', () => void proxy.close());
    transport.last.drop(networkError('ECONNRESET'));
    expect([(await sent).code, (await queued).code]).toEqual(['TARSIER_CONNECTION_LOST', 'TARSIER_CLOSED']);
    expect(transport.connections).toHaveLength(1);
  });

  it('keeps a node whose weight has changed, and its connection', async () => {
    const client = await connected('tcp -h a -p 1 -v 1 -w 10');
    client.resolver.update('tcp -h a -p 1 -v 1 -w 50');
    expect(client.proxy.endpoints()).toMatchObject([{ state: 'connected', weight: 50 }]);
    expect(client.transport.connections).toHaveLength(1);
  });

  it('takes nodes from the program instead', async () => {
    const client = await connected('tcp -h a -p 1');
    const { proxy, resolver } = client;
    proxy.updateEndpoints(['tcp -h b -p 2', Endpoint.parse('tcp -h c -p 3'), 'tcp -h b -p 2']);
    expect([resolver.current.isStopped, hosts(client)]).toEqual([true, ['b idle', 'c idle', 'a leaving']]);
    await settled();
    expect(hosts(client)).toEqual(['b idle', 'c idle']);
    await proxy.close();
    proxy.rpcCall(1, 'f', '').catch(() => undefined);
    expect(resolver.sessions).toHaveLength(1);
    await proxy.close();
  });
});
