import { describe, expect, it } from 'vitest';
import { failureOf, requestsOf, resolvedClient } from '../memory-client.testkit.js';
import { type MemoryConnection, networkError } from '../transport/memory-transport.testkit.js';

describe('where a failure says that the time went', () => {
  it('tells each phase, in figures and in words', async () => {
    const { proxy, resolver, transport, time } = resolvedClient();
    const failed = failureOf(proxy.rpcCall(7, 'echo', '', { timeoutMs: 1000 }));
    await time.advance(100);
    resolver.update('tcp -h a -p 1');
    await time.advance(200);
    transport.last.isBlocked = true;
    transport.last.accept();
    await time.advance(50);
    transport.last.drain();
    await time.advance(700);
    const error = await failed;
    expect(error.where).toMatchObject({
      phase: 'waiting',
      phases: { resolving: 100, connecting: 200, sent: 50, waiting: 650 },
      elapsedMs: 1000,
      endpoint: 'tcp -h a -p 1 -t 3000',
      state: 'connected',
      limit: 1000,
      key: 'sync-invoke-timeout',
    });
    expect(error.message).toBe(
      'Test.Echo.EchoObj::echo timed out after 1000 ms: resolving 100 ms, connecting 200 ms, sent 50 ms, waiting 650 ms (request 7, tcp -h a -p 1 -t 3000); raise sync-invoke-timeout or look for a full queue on the server',
    );
  });

  it('tells what the socket has taken and the network has not from what lies in our queue', async () => {
    const { proxy, resolver, transport, time } = resolvedClient({}, (connection) => connection.accept());
    const connected = proxy.connect();
    resolver.update('tcp -h a -p 1');
    await connected;
    transport.last.isBlocked = true;
    const sent = failureOf(proxy.rpcCall(1, 'f', '', { timeoutMs: 100 }));
    await time.advance(10);
    const queued = failureOf(proxy.rpcCall(2, 'f', '', { timeoutMs: 100 }));
    await time.advance(500);
    expect((await sent).where).toMatchObject({ phase: 'sent', phases: { sent: 100 } });
    const error = await queued;
    expect(error.where).toMatchObject({ phase: 'queued', phases: { queued: 100 } });
    expect(error.message).toContain('it was not sent, because the peer does not read');
  });

  it('adds up what a call did at several nodes', async () => {
    const { proxy, resolver, transport, time } = resolvedClient();
    resolver.canResolve = () => true;
    const failed = failureOf(proxy.rpcCall(1, 'f', '', { timeoutMs: 1000, idempotent: true }));
    resolver.update('tcp -h a -p 1', 'tcp -h b -p 2');
    await time.advance(100);
    transport.last.drop(networkError('ECONNREFUSED'));
    await time.advance(100);
    transport.last.accept();
    await time.advance(300);
    // The connection is lost after 300 ms of waiting; the next one takes 200 ms.
    transport.last.drop(networkError('ECONNRESET'));
    await time.advance(200);
    transport.last.accept();
    await time.advance(400);
    const error = await failed;
    expect(error.where.phases).toEqual({ connecting: 400, waiting: 600 });
    expect(error.where.attempts).toBe(2);
  });

  it('names the limit of a connection that could not be made', async () => {
    const { proxy, resolver, time } = resolvedClient({ 'connect-timeout': 200 });
    const failed = failureOf(proxy.rpcCall(1, 'f', ''));
    resolver.update('tcp -h a -p 1');
    await time.advance(300);
    const { code, where } = await failed;
    expect([code, where]).toEqual([
      'TARSIER_CONNECT_FAILED',
      expect.objectContaining({
        key: 'connect-timeout',
        limit: 200,
        phase: 'connecting',
        phases: { connecting: 200 },
        endpoint: 'tcp -h a -p 1 -t 3000',
        state: 'connecting',
      }),
    ]);
  });

  it('names the limit of what was received', async () => {
    const { proxy, resolver, transport } = resolvedClient({ recvbufferlimit: 10 }, (connection: MemoryConnection) => {
      connection.accept();
    });
    const connected = proxy.connect();
    resolver.update('tcp -h a -p 1');
    await connected;
    const failed = failureOf(proxy.rpcCall(1, 'f', ''));
    await new Promise(setImmediate);
    expect(requestsOf(transport.last)).toHaveLength(1);
    transport.last.receive(Buffer.from([0, 0, 1, 0, ...Buffer.alloc(20)]));
    expect((await failed).where).toMatchObject({ key: 'recvbufferlimit', limit: 10, phase: 'waiting' });
  });
});
