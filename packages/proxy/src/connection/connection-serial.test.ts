import { describe, expect, it } from 'vitest';
import { lineProtocol } from '../call/id-protocol.testkit.js';
import { failureOf, type MemoryClient, memoryClient, Recorder, settled } from '../memory-client.testkit.js';
import { type MemoryConnection, networkError } from '../transport/memory-transport.testkit.js';

function serialClient(count: number, onAsked = (connection: MemoryConnection) => connection.accept()): MemoryClient {
  const client = memoryClient({}, 'tcp -h a -p 1', onAsked);
  client.proxy.setProtocol(lineProtocol, count);
  return client;
}

const line = (text: string): Buffer => Buffer.from(`${text}\n`);
const textsOf = ({ transport }: MemoryClient): string[] => transport.connections.map((one) => one.take().toString());

describe('connectionSerial', () => {
  it('uses up to n connections, one call on each, the rest in the order in which they came', async () => {
    const client = serialClient(2);
    const { transport, proxy } = client;
    // Ids mean nothing here, so that all may have the same.
    const calls = ['a', 'b', 'c', 'd'].map((body) => proxy.rpcCall(1, 'f', body));
    await settled();
    expect(textsOf(client)).toEqual(['a\n', 'b\n']);
    expect(proxy.endpoints()[0]).toMatchObject({ connections: 2, waitingCalls: 2 });
    const [first, second] = transport.connections as [MemoryConnection, MemoryConnection];
    second.receive(line('B'));
    expect(textsOf(client)).toEqual(['', 'c\n']);
    first.receive(line('A'));
    expect(textsOf(client)).toEqual(['d\n', '']);
    second.receive(line('C'));
    first.receive(Buffer.from('D'), Buffer.from('\n'));
    expect((await Promise.all(calls)).map(({ sBuffer }) => sBuffer.toString())).toEqual(['A', 'B', 'C', 'D']);
    void proxy.rpcCall(1, 'f', 'e').catch(() => undefined);
    await settled();
    expect(transport.connections).toHaveLength(2);
    expect(textsOf(client).join('')).toBe('e\n');
    await proxy.close();
  });

  it('drops and counts what nobody asked for', async () => {
    const { transport, proxy } = serialClient(1);
    const reasons: string[] = [];
    proxy.on('dropped', ({ reason }) => reasons.push(reason));
    await proxy.connect();
    transport.last.receive(line('hello'));
    const [a, b] = [proxy.rpcCall(1, 'f', 'a'), proxy.rpcCall(2, 'f', 'b')];
    await settled();
    // The second line cannot answer b, which was not sent when it came.
    transport.last.receive(line('A\nextra'));
    expect((await a).sBuffer.toString()).toBe('A');
    transport.last.receive(line('B'));
    expect((await b).sBuffer.toString()).toBe('B');
    expect([reasons, proxy.statistics().droppedAnswers]).toEqual([['unsolicited', 'unsolicited'], 2]);
    await proxy.close();
  });

  it.each(['timeout', 'abort'])(
    'closes the connection of a call that ends by %s, so that no other gets its answer',
    async (how) => {
      const { transport, proxy, time } = serialClient(1);
      const controller = new AbortController();
      const late = failureOf(
        proxy.rpcCall(1, 'f', 'slow', how === 'timeout' ? { timeoutMs: 20 } : { signal: controller.signal }),
      );
      const next = proxy.rpcCall(2, 'f', 'next');
      await settled();
      if (how === 'abort') controller.abort();
      else await time.advance(21);
      expect((await late).code).toBe(how === 'timeout' ? 'TARSIER_CALL_TIMEOUT' : 'TARSIER_ABORTED');
      await settled();
      const [first, second] = transport.connections as [MemoryConnection, MemoryConnection];
      expect([first.isClosed, second.take().toString()]).toEqual([true, 'next\n']);
      first.handlers.onData(line('SLOW'));
      second.receive(line('NEXT'));
      expect((await next).sBuffer.toString()).toBe('NEXT');
      await proxy.close();
    },
  );

  it('leaves the connections alone when a call ends that still waits', async () => {
    const { transport, proxy, time } = serialClient(1);
    const a = proxy.rpcCall(1, 'f', 'a');
    const failed = failureOf(proxy.rpcCall(2, 'f', 'b', { timeoutMs: 20 }));
    await time.advance(21);
    const error = await failed;
    expect(error.message).toContain('waited for a connection and was not sent');
    transport.last.receive(line('A'));
    expect((await a).sBuffer.toString()).toBe('A');
    expect([transport.connections.length, transport.last.isClosing]).toEqual([1, false]);
    await proxy.close();
  });

  it('holds the connection of a one-way call until something comes back', async () => {
    const client = serialClient(1);
    const { transport, proxy } = client;
    proxy.rpcCallAsync(0, 'f', 'one-way', null);
    const call = proxy.rpcCall(1, 'f', 'call');
    await settled();
    expect(textsOf(client)).toEqual(['one-way\n']);
    transport.last.receive(line('ignored'));
    expect(textsOf(client)).toEqual(['call\n']);
    transport.last.receive(line('CALL'));
    expect((await call).sBuffer.toString()).toBe('CALL');
    await proxy.close();
  });

  it('lets sendqueuelimit calls wait', async () => {
    const client = memoryClient({ sendqueuelimit: 2 }, 'tcp -h a -p 1', (connection) => connection.accept());
    const { proxy } = client;
    proxy.setProtocol({ ...lineProtocol, connectionSerial: 1 });
    await proxy.connect();
    for (const body of ['a', 'b', 'c']) void proxy.rpcCall(1, 'f', body).catch(() => undefined);
    expect((await failureOf(proxy.rpcCall(1, 'f', 'd'))).code).toBe('TARSIER_CLIENT_QUEUE_FULL');
    await proxy.close();
  });

  it('goes on with the next call when one cannot be encoded', async () => {
    const client = serialClient(1);
    const { transport, proxy } = client;
    proxy.setProtocol(
      {
        ...lineProtocol,
        requestFunc(request, transceiver) {
          if (request.sFuncName === 'bad') throw new Error('no');
          return lineProtocol.requestFunc(request, transceiver);
        },
      },
      1,
    );
    const [bad, good] = [failureOf(proxy.rpcCall(1, 'bad', '')), proxy.rpcCall(1, 'good', 'good')];
    expect((await bad).code).toBe('TARSIER_ENCODE');
    await settled();
    transport.last.receive(line('GOOD'));
    expect((await good).sBuffer.toString()).toBe('GOOD');
    await proxy.close();
  });

  it('fails the call of a lost connection alone, and serves the waiting ones with others', async () => {
    const { transport, proxy } = serialClient(2);
    const [a, b] = [failureOf(proxy.rpcCall(1, 'f', 'a')), proxy.rpcCall(1, 'f', 'b')];
    const c = proxy.rpcCall(1, 'f', 'c');
    await settled();
    const [first, second] = transport.connections as [MemoryConnection, MemoryConnection];
    first.drop(networkError('ECONNRESET'));
    expect((await a).code).toBe('TARSIER_CONNECTION_LOST');
    await settled();
    expect(transport.connections).toHaveLength(3);
    transport.last.receive(line('C'));
    second.receive(line('B'));
    expect((await Promise.all([b, c])).map(({ sBuffer }) => sBuffer.toString())).toEqual(['B', 'C']);
    await proxy.close();
  });

  it('fails all that wait only when no connection is left', async () => {
    const refusing = serialClient(2, (connection) => connection.drop(networkError('ECONNREFUSED')));
    const codes = await Promise.all([1, 2, 3].map(() => failureOf(refusing.proxy.rpcCall(1, 'f', ''))));
    expect(codes.map(({ code }) => code)).toEqual(Array.from({ length: 3 }, () => 'TARSIER_CONNECT_FAILED'));
    expect(refusing.transport.connections).toHaveLength(2);

    let asked = 0;
    const half = serialClient(2, (connection) => {
      if (++asked === 1) connection.drop(networkError('ECONNREFUSED'));
      else connection.accept();
    });
    const recorder = new Recorder();
    for (const body of ['a', 'b']) half.proxy.rpcCallAsync(1, 'f', body, recorder);
    await settled();
    half.transport.last.receive(line('A'));
    half.transport.last.receive(line('B'));
    expect(recorder.log).toEqual(['A', 'B']);
    await half.proxy.close();
  });
});
