import { describe, expect, it } from 'vitest';
import { failureOf, type MemoryClient, memoryClient, Recorder, requestsOf, settled } from '../memory-client.testkit.js';
import { type MemoryConnection, networkError } from '../transport/memory-transport.testkit.js';
import { lineProtocol, packet } from './id-protocol.testkit.js';

const accept = (connection: MemoryConnection): void => {
  connection.accept();
};
const TWO = 'tcp -h a -p 1:tcp -h b -p 2';
const reset = networkError('ECONNRESET');

interface TwoNodes extends MemoryClient {
  readonly a: MemoryConnection;
  readonly b: MemoryConnection;
}

/** A client that is connected to two nodes; the first call goes to `a`. */
async function twoNodes(properties: Record<string, number> = {}): Promise<TwoNodes> {
  const client = memoryClient(properties, TWO, accept);
  await client.proxy.connect();
  await settled();
  const [a, b] = client.transport.connections as [MemoryConnection, MemoryConnection];
  return { ...client, a, b };
}

describe('retry', () => {
  it('makes an idempotent call again on another node when its connection is lost, with the same id', async () => {
    const { proxy, a, b } = await twoNodes();
    const events: unknown[] = [];
    proxy.on('retry', ({ error, ...event }) => events.push([event, error.code]));
    const call = proxy.rpcCall(7, 'f', 'x', { idempotent: true });
    await settled();
    expect(requestsOf(a)).toEqual(['x']);
    a.drop(reset);
    await settled();
    b.receive(packet(7, 'from b'));
    expect((await call).sBuffer.toString()).toBe('from b');
    expect(events).toEqual([
      [{ requestId: 7, attempt: 2, endpoint: 'tcp -h b -p 2 -t 3000' }, 'TARSIER_CONNECTION_LOST'],
    ]);
    expect(proxy.statistics()).toMatchObject({ calls: 1, answers: 1, failures: 0, retries: 1, pendingCalls: 0 });
    expect(proxy.invokeEndpoint()).toBe('tcp -h b -p 2 -t 3000');
  });

  it.each([-9, -6])('makes it again on another node when the answer is result %i', async (iRet) => {
    const { proxy, a, b } = await twoNodes();
    const recorder = new Recorder();
    proxy.rpcCallAsync(7, 'f', 'x', recorder, { idempotent: true });
    await settled();
    a.receive(packet(7, `ret:${iRet}`));
    // A second answer of the first node is late: neither the result of the call nor a push.
    a.receive(packet(7, 'late'));
    await settled();
    expect([requestsOf(b), recorder.log]).toEqual([['x'], []]);
    a.receive(packet(7, 'later'));
    b.receive(packet(7, 'from b'));
    expect([recorder.log, proxy.statistics().droppedAnswers]).toEqual([['from b'], 2]);
  });

  it('does so once unless told otherwise, then fails and says how often it was tried', async () => {
    const { proxy, a, b } = await twoNodes();
    const failed = failureOf(proxy.rpcCall(7, 'f', 'x', { idempotent: true }));
    await settled();
    a.drop(reset);
    await settled();
    b.drop(reset);
    const error = await failed;
    expect([error.code, error.where.attempts, error.where.endpoint]).toEqual([
      'TARSIER_CONNECTION_LOST',
      2,
      'tcp -h b -p 2 -t 3000',
    ]);
  });

  it('goes round as often as retries says, also to nodes that failed it before', async () => {
    const { proxy, a, b, transport } = await twoNodes();
    const call = proxy.rpcCall(7, 'f', 'x', { idempotent: true, retries: 3 });
    await settled();
    for (const connection of [a, b]) {
      connection.drop(reset);
      await settled();
    }
    transport.last.drop(reset);
    await settled();
    expect(requestsOf(transport.last)).toEqual(['x']);
    transport.last.receive(packet(7, 'at last'));
    expect((await call).sBuffer.toString()).toBe('at last');
  });

  it.each<[string, string, object]>([
    ['a call that is not idempotent', 'reset', {}],
    ['a call with no retries', 'reset', { idempotent: true, retries: 0 }],
    ['other results', 'ret:-4', { idempotent: true }],
    ['bytes that cannot be decoded', 'garbage', { idempotent: true }],
  ])('does not make %s again', async (_name, what, options) => {
    const { proxy, a, b } = await twoNodes();
    const failed = failureOf(proxy.rpcCall(7, 'f', 'x', options));
    await settled();
    if (what === 'reset') a.drop(reset);
    else a.receive(what === 'garbage' ? Buffer.from([0, 0, 0, 1]) : packet(7, what));
    await failed;
    await settled();
    expect([requestsOf(b), proxy.statistics().retries]).toEqual([[], 0]);
  });

  it('gives an overloaded node that is the only one no more to do', async () => {
    const { proxy, transport } = memoryClient({}, 'tcp -h a -p 1', accept);
    const failed = failureOf(proxy.rpcCall(7, 'f', 'x', { idempotent: true }));
    await settled();
    transport.last.receive(packet(7, 'ret:-9'));
    expect((await failed).code).toBe('TARSIER_OVERLOADED');
  });

  it('keeps the deadline of the call', async () => {
    const { proxy, a, b, time } = await twoNodes();
    const failed = failureOf(proxy.rpcCall(7, 'f', 'x', { idempotent: true, timeoutMs: 40 }));
    await time.advance(30);
    a.drop(reset);
    await time.advance(9);
    expect([requestsOf(b), proxy.statistics().pendingCalls]).toEqual([['x'], 1]);
    await time.advance(2);
    const error = await failed;
    expect([error.code, error.where.attempts]).toEqual(['TARSIER_CALL_TIMEOUT', 2]);
    expect(error.where.elapsedMs).toBe(40);
    expect(error.message).toContain('request 7, attempt 2, tcp -h b');
  });

  it('lasts as long as the budget, and says so when it is used up', async () => {
    const { proxy, a, b } = await twoNodes({ 'retry-budget-min': 0 });
    const options = { idempotent: true };
    const calls = Array.from({ length: 40 }, (_, index) => proxy.rpcCall(index + 1, 'f', `${index}`, options));
    const outcomes = Promise.allSettled(calls);
    await settled();
    a.drop(reset);
    await settled();
    // 40 calls have earned 4 retries; 20 went to a, 20 to b.
    expect(requestsOf(b)).toHaveLength(24);
    expect(proxy.statistics()).toMatchObject({ retries: 4, failures: 16 });
    await proxy.close();
    const errors = (await outcomes).map((one) => (one.status === 'rejected' ? (one.reason as Error).message : ''));
    expect(errors.filter((text) => text.includes('the retry budget is used up (retry-budget-ratio)'))).toHaveLength(16);
  });

  it('works with one call at a time too', async () => {
    const { proxy, transport } = memoryClient({}, TWO, accept);
    proxy.setProtocol(lineProtocol, 1);
    const first = proxy.rpcCall(1, 'f', 'one', { idempotent: true });
    const second = proxy.rpcCall(2, 'f', 'two', { idempotent: true });
    await settled();
    const [a, b] = transport.connections as [MemoryConnection, MemoryConnection];
    a.drop(reset);
    await settled();
    // b is busy: the retried call waits for it.
    expect(b.take().toString()).toBe('two\n');
    b.receive(Buffer.from('2\n'));
    expect(b.take().toString()).toBe('one\n');
    b.receive(Buffer.from('1\n'));
    expect((await Promise.all([first, second])).map(({ sBuffer }) => sBuffer.toString())).toEqual(['1', '2']);
  });

  it('may be ended by a listener that closes the proxy', async () => {
    const { proxy, a } = await twoNodes();
    proxy.on('retry', () => void proxy.close());
    const failed = failureOf(proxy.rpcCall(7, 'f', 'x', { idempotent: true }));
    await settled();
    a.drop(reset);
    expect((await failed).code).toBe('TARSIER_CLOSED');
    expect(proxy.statistics().pendingCalls).toBe(0);
  });
});

describe('CallOptions', () => {
  it.each([
    [{ retries: 1 }, /retries needs idempotent: true/],
    [{ idempotent: true, retries: -1 }, /retries must be an integer from 0 to 100, found -1/],
    [{ hash: 1.5 }, /hash must be an integer, a bigint or a string, found 1.5/],
    [{ consistentHash: Number.NaN }, /consistentHash must be/],
  ])('refuses %j', async (options, text) => {
    const { proxy } = memoryClient();
    expect((await failureOf(proxy.rpcCall(1, 'f', '', options))).message).toMatch(text);
    expect(() => proxy.rpcCallAsync(1, 'f', '', new Recorder(), options)).toThrow(text);
  });

  it('sends calls with the same key to the same node', async () => {
    const { proxy, a, b } = await twoNodes();
    const ids = [1, 2, 3, 4];
    for (const id of ids)
      proxy
        .hash(4)
        .rpcCall(id, 'f', `${id}`)
        .catch(() => undefined);
    proxy.hash(5).rpcCallAsync(5, 'f', '5', null);
    for (const id of [6, 7]) proxy.rpcCall(id, 'f', `${id}`, { consistentHash: 'me' }).catch(() => undefined);
    proxy.consistentHash('me').rpcCallAsync(8, 'f', '8', null);
    await settled();
    const [toA, toB] = [requestsOf(a), requestsOf(b)];
    expect([toA.slice(0, 4), toB[0]]).toEqual([['1', '2', '3', '4'], '5']);
    expect([...toA.slice(4), ...toB.slice(1)]).toEqual(['6', '7', '8']);
    expect(proxy.hash(1).genRequestId()).toBe(5);
    expect(() => proxy.hash(0.5)).toThrow(/hash must be an integer/);
    await proxy.close();
  });
});
