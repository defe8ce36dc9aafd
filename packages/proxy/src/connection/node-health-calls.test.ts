import { describe, expect, it } from 'vitest';
import { packet, packetsOf } from '../call/id-protocol.testkit.js';
import { failureOf, type ResolvedClient, requestsOf, resolvedClient } from '../memory-client.testkit.js';
import { type MemoryConnection, networkError } from '../transport/memory-transport.testkit.js';

interface HealthClient extends ResolvedClient {
  readonly nodes: MemoryConnection[];
}

const A = 'tcp -h a -p 1';
const B = 'tcp -h b -p 2';

async function healthClient(...endpoints: string[]): Promise<HealthClient> {
  const client = resolvedClient({ 'reconnect-min-interval': 100 }, (connection) => connection.accept());
  const connected = client.proxy.connect();
  client.resolver.update(...endpoints);
  await connected;
  await client.time.advance(1);
  return { ...client, nodes: client.transport.connections };
}

/** Makes calls, and lets the nodes that are named answer; the ids that each node got. */
async function callAll(client: HealthClient, ids: readonly number[], answering: string): Promise<string[]> {
  const { proxy, nodes, time } = client;
  for (const id of ids) proxy.rpcCall(id, 'f', `${id}`, { timeoutMs: 100 }).catch(() => undefined);
  await time.advance(0);
  const got = nodes.map((node) => {
    const { packets } = packetsOf(node.take());
    for (const { id } of packets) if (answering.includes(node.endpoint.host)) node.receive(packet(id, 'ok'));
    return packets.map(({ id }) => id).join();
  });
  await time.advance(150);
  return got;
}

describe('nodes whose calls fail', () => {
  it('get no calls but one per tryTimeInterval, and their connection stays open', async () => {
    const client = await healthClient(A, B);
    const { proxy, nodes, time, logger } = client;
    expect(await callAll(client, [1, 2, 3, 4], 'ab')).toEqual(['1,3', '2,4']);
    // a hangs from here on: of three calls one fails, of five two.
    expect(await callAll(client, [5, 6], 'b')).toEqual(['5', '6']);
    expect(proxy.endpoints()[0]?.state).toBe('connected');
    expect(await callAll(client, [7, 8], 'b')).toEqual(['7', '8']);
    expect(proxy.endpoints()).toMatchObject([
      {
        state: 'unhealthy',
        why: '2 of 4 calls failed within 5 s (radio 0.05)',
        connections: 1,
        figures: { calls: 4, failures: 2, timeouts: 2, inFlight: 0, connects: 1 },
      },
      { state: 'connected', figures: { calls: 4, failures: 0 } },
    ]);
    expect(logger.lines.join()).toContain('is unhealthy and passed over: 2 of 4 calls failed');
    expect(await callAll(client, [9, 10, 11, 12], 'b')).toEqual(['', '9,10,11,12']);
    await time.advance(5000);
    expect(proxy.endpoints()[0]?.sinceMs).toBeGreaterThanOrEqual(5000);
    // One attempt, which fails; then one that succeeds.
    expect(await callAll(client, [13, 14, 15], 'b')).toEqual(['13', '14,15']);
    expect(await callAll(client, [16, 17], 'b')).toEqual(['', '16,17']);
    await time.advance(5000);
    expect(await callAll(client, [18, 19, 20], 'ab')).toEqual(['18', '19,20']);
    expect(proxy.endpoints()[0]?.state).toBe('connected');
    expect(await callAll(client, [21, 22], 'ab')).toEqual(['21', '22']);
    expect([nodes.length, nodes[0]?.isClosing]).toEqual([2, false]);
    await proxy.close();
  });

  it('are not harmed by results other than 0, nor by aborted calls', async () => {
    const client = await healthClient(A, B);
    const { proxy, nodes, time } = client;
    for (let round = 0; round < 5; round++) {
      const controller = new AbortController();
      const failed = [
        failureOf(proxy.rpcCall(1, 'f', '')),
        failureOf(proxy.rpcCall(2, 'f', '', { signal: controller.signal })),
      ];
      await time.advance(1);
      for (const node of nodes)
        for (const { id } of packetsOf(node.take()).packets) {
          if (id === 1) node.receive(packet(1, 'ret:-99'));
        }
      controller.abort();
      await Promise.all(failed);
    }
    expect(proxy.endpoints().map(({ state, figures }) => [state, figures.failures])).toEqual([
      ['connected', 0],
      ['connected', 0],
    ]);
  });

  it('are tried when none is healthy, the one that is due first; a single one always', async () => {
    const client = await healthClient(A, B);
    await callAll(client, [1, 2], '');
    expect(client.proxy.endpoints().map(({ state }) => state)).toEqual(['unhealthy', 'unhealthy']);
    expect(await callAll(client, [3, 4, 5, 6], '')).toEqual(['3,5', '4,6']);
    await client.proxy.close();
    const single = await healthClient(A);
    expect(await callAll(single, [1], '')).toEqual(['1']);
    expect(single.proxy.endpoints()[0]?.state).toBe('unhealthy');
    expect(await callAll(single, [2, 3], 'a')).toEqual(['2,3']);
    expect(single.proxy.endpoints()[0]?.state).toBe('connected');
  });

  it('are used again as soon as they are connected anew, when they lost a connection', async () => {
    const client = await healthClient(A, B);
    const { proxy, nodes, time } = client;
    const failed = failureOf(proxy.rpcCall(1, 'f', ''));
    await time.advance(1);
    nodes[0]?.drop(networkError('ECONNRESET'));
    expect((await failed).where.state).toBe('connected');
    expect(proxy.endpoints()[0]?.state).toBe('unhealthy');
    nodes[0]?.take();
    expect(await callAll(client, [2, 3], 'ab')).toEqual(['', '2,3']);
    await time.advance(200);
    // The backoff is over: passed over, it is connected without a call waiting for it.
    expect(await callAll(client, [4], 'ab')).toEqual(['', '4', '']);
    expect(await callAll(client, [5, 6], 'ab')).toEqual(['', '6', '5']);
    expect(proxy.endpoints()[0]?.state).toBe('connected');
  });

  it('follow the rules that the program sets', async () => {
    const client = await healthClient(A, B);
    client.proxy.setCheckTimeout({ minTimeoutInvoke: 3 });
    expect(client.proxy.getCheckTimeout()).toMatchObject({ minTimeoutInvoke: 3, radio: 0.05 });
    await callAll(client, [1, 2, 3, 4], 'b');
    expect(client.proxy.endpoints()[0]?.state).toBe('connected');
    await callAll(client, [5, 6], 'b');
    expect(client.proxy.endpoints()[0]?.state).toBe('unhealthy');
    expect(() => client.proxy.setCheckTimeout({ radio: 7 })).toThrow('radio must be a number from 0 to 1');
    await client.proxy.close();
    expect(client.proxy.endpoints()[0]?.state).toBe('idle');
  });

  it('tell how long calls take', async () => {
    const { proxy, nodes, time } = await healthClient(A);
    for (const ms of [20, 20, 20]) {
      const call = proxy.rpcCall(1, 'f', '');
      await time.advance(ms);
      nodes[0]?.receive(packet(1, 'ok'));
      await call;
    }
    expect(proxy.endpoints()[0]?.figures.latencyMs).toBe(20);
    const inFlight = proxy.rpcCall(2, 'f', '');
    await time.advance(1);
    expect(proxy.endpoints()[0]?.figures).toMatchObject({ calls: 4, inFlight: 1 });
    expect(requestsOf(nodes[0] as MemoryConnection)).toHaveLength(4);
    nodes[0]?.receive(packet(2, 'ok'));
    await inFlight;
  });
});
