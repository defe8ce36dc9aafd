import { describe, expect, it } from 'vitest';
import { packet } from '../call/id-protocol.testkit.js';
import { failureOf, type MemoryClient, memoryClient, Recorder, settled } from '../memory-client.testkit.js';

/** A client whose connection carries datagrams. */
async function datagramClient(maxDatagramBytes?: number): Promise<MemoryClient> {
  const client = memoryClient({}, 'udp -h a -p 1', (connection) => {
    connection.accept();
  });
  const connect = client.transport.connect.bind(client.transport);
  client.transport.connect = (endpoint, handlers) =>
    Object.assign(connect(endpoint, handlers), { isDatagram: true, maxDatagramBytes });
  await client.proxy.connect();
  return client;
}

describe('ClientConnection, datagrams', () => {
  it('sends each request in a write of its own', async () => {
    const { transport, proxy } = await datagramClient();
    const calls = [1, 2, 3].map((id) => proxy.rpcCall(id, 'f', `body ${id}`));
    await settled();
    expect(transport.last.written).toEqual([1, 2, 3].map((id) => packet(id, `body ${id}`)));
    transport.last.receive(Buffer.concat([packet(3, 'c'), packet(1, 'a')]), packet(2, 'b'));
    expect((await Promise.all(calls)).map(({ sBuffer }) => sBuffer.toString())).toEqual(['a', 'b', 'c']);
  });

  it('drops what does not form whole packets with its datagram; the connection lives', async () => {
    const { transport, proxy, logger } = await datagramClient();
    const dropped: unknown[] = [];
    const closes: unknown[] = [];
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    proxy.on('dropped', ({ reason }) => dropped.push(reason));
    proxy.on('close', (event) => closes.push(event));
    const call = proxy.rpcCall(1, 'f', '');
    await settled();
    const whole = packet(1, 'answer');
    for (const bad of [
      Buffer.alloc(0),
      whole.subarray(0, 10),
      whole.subarray(10),
      Buffer.from([255, 255, 255, 240]),
      Buffer.concat([packet(0, 'push'), Buffer.from([0, 0, 0, 2])]),
    ]) {
      transport.last.receive(bad);
    }
    expect(dropped).toEqual(Array.from({ length: 5 }, () => 'malformed-datagram'));
    expect([recorder.log, closes]).toEqual([['push'], []]);
    transport.last.receive(whole);
    expect((await call).sBuffer.toString()).toBe('answer');
    expect(proxy.statistics().droppedDatagrams).toBe(5);
    expect(logger.lines.filter((line) => line.includes('it is empty'))).toHaveLength(1);
  });

  it('takes a last packet (PACKET_FULL_CLOSE) for any other', async () => {
    const { transport, proxy } = await datagramClient();
    const calls = [proxy.rpcCall(1, 'f', ''), proxy.rpcCall(2, 'f', '')];
    await settled();
    transport.last.receive(packet(1, 'last'), packet(2, 'more'));
    expect((await Promise.all(calls)).map(({ sBuffer }) => sBuffer.toString())).toEqual(['last', 'more']);
  });

  it('fails a request that no datagram can hold, and says both sizes', async () => {
    const { transport, proxy } = await datagramClient(100);
    const fits = proxy.rpcCall(1, 'f', 'x'.repeat(92));
    const error = await failureOf(proxy.rpcCall(2, 'f', 'x'.repeat(93)));
    expect([error.code, error.where.limit, error.where.endpoint]).toEqual([
      'TARSIER_PACKET_TOO_LARGE',
      100,
      'udp -h a -p 1 -t 3000',
    ]);
    expect(error.message).toContain(
      'its packet has 101 bytes, and a datagram to udp -h a -p 1 -t 3000 at most 100 (request 2)',
    );
    await settled();
    expect(transport.last.written).toHaveLength(1);
    transport.last.receive(packet(1, 'ok'));
    expect((await fits).sBuffer.toString()).toBe('ok');
  });

  it('times out like any other call, and drops the late answer', async () => {
    const { transport, proxy, time } = await datagramClient();
    const failed = failureOf(proxy.rpcCall(1, 'f', '', { timeoutMs: 20 }));
    await time.advance(21);
    expect((await failed).code).toBe('TARSIER_CALL_TIMEOUT');
    transport.last.receive(packet(1, 'late'));
    expect([proxy.statistics().droppedAnswers, transport.last.isClosing]).toEqual([1, false]);
  });
});
