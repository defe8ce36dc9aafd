import type { TarsException } from '@tarsier/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { packet } from '../call/id-protocol.testkit.js';
import { connectedClient, failureOf, memoryClient, Recorder, requestsOf, settled } from '../memory-client.testkit.js';
import { type MemoryConnection, networkError } from '../transport/memory-transport.testkit.js';

const refuse = (connection: MemoryConnection): void => {
  connection.drop(networkError('ECONNREFUSED'));
};
const A = 'tcp -h a -p 1 -t 3000';
const TWO = 'tcp -h a -p 1:tcp -h b -p 2';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Accepts or refuses by host. */
const only =
  (...hosts: string[]) =>
  (connection: MemoryConnection): void => {
    if (hosts.includes(connection.endpoint.host)) connection.accept();
    else refuse(connection);
  };

describe('AdapterProxy, connecting', () => {
  it('fails the calls of a refused connection at once; they share the attempt', async () => {
    const { transport, proxy, time } = memoryClient({}, 'tcp -h a -p 1', refuse);
    const errors = await Promise.all([1, 2, 3].map((id) => failureOf(proxy.rpcCall(id, 'echo', ''))));
    expect(time.now()).toBe(0);
    expect(transport.connections).toHaveLength(1);
    const [error] = errors as [TarsException];
    expect([error.name, error.code, error.iRet]).toEqual([
      'TarsServerConnectionException',
      'TARSIER_CONNECT_FAILED',
      -8,
    ]);
    expect(error.message).toMatch(
      /^Test\.Echo\.EchoObj::echo was not sent: could not connect to tcp -h a -p 1 -t 3000 \(ECONNREFUSED, request 1\)/,
    );
    expect((error.cause as NodeJS.ErrnoException).code).toBe('ECONNREFUSED');
    expect(error.where).toMatchObject({ endpoint: A, requestId: 1 });
  });

  it('tries again at once for a later call, backoff or not', async () => {
    const { transport, proxy } = memoryClient({ 'reconnect-min-interval': 10_000 }, 'tcp -h a -p 1', refuse);
    await failureOf(proxy.rpcCall(1, 'f', ''));
    expect(proxy.endpoints()[0]).toMatchObject({ state: 'backoff', failures: 1 });
    expect(proxy.endpoints()[0]?.lastError).toContain('ECONNREFUSED');
    transport.onAsked = (connection) => connection.accept();
    const call = proxy.rpcCall(2, 'f', 'again');
    await settled();
    transport.last.receive(packet(2, 'ok'));
    expect((await call).sBuffer.toString()).toBe('ok');
    const [node] = proxy.endpoints();
    expect(node).toMatchObject({
      endpoint: A,
      state: 'connected',
      connections: 1,
      waitingCalls: 0,
      failures: 0,
      figures: { calls: 2, failures: 0, timeouts: 0, inFlight: 0, connects: 1 },
    });
    expect(node?.lastError).toBeUndefined();
  });

  it('gives up after the connect timeout, before the deadline of the call', async () => {
    const { transport, proxy, time } = memoryClient({ 'connect-timeout': 30 });
    const failed = failureOf(proxy.rpcCall(1, 'f', '', { timeoutMs: 20_000 }));
    await time.advance(29);
    expect(transport.last.isClosing).toBe(false);
    await time.advance(2);
    const error = await failed;
    expect(error.code).toBe('TARSIER_CONNECT_FAILED');
    expect(error.message).toContain('timed out after 30 ms (connect-timeout)');
    expect(transport.last.isClosing).toBe(true);
  });

  it('counts calls that wait for a connection, up to sendqueuelimit', async () => {
    const { transport, proxy } = memoryClient({ sendqueuelimit: 2 });
    const controller = new AbortController();
    const aborted = failureOf(proxy.rpcCall(1, 'f', 'a', { signal: controller.signal }));
    void proxy.rpcCall(2, 'f', 'b').catch(() => undefined);
    expect((await failureOf(proxy.rpcCall(3, 'f', 'c'))).code).toBe('TARSIER_CLIENT_QUEUE_FULL');
    controller.abort();
    expect((await aborted).message).toContain('before its request was sent');
    void proxy.rpcCall(4, 'f', 'd').catch(() => undefined);
    expect(proxy.endpoints()[0]?.waitingCalls).toBe(2);
    transport.last.accept();
    expect(requestsOf(transport.last)).toEqual(['b', 'd']);
  });

  it('takes an exception of the transport for a refusal', async () => {
    const { transport, proxy } = memoryClient();
    transport.connect = () => {
      throw new RangeError('port out of range');
    };
    const error = await failureOf(proxy.rpcCall(1, 'f', ''));
    expect([error.code, error.message.includes('port out of range')]).toEqual(['TARSIER_CONNECT_FAILED', true]);
    await proxy.close();
  });
});

describe('AdapterProxy, several nodes', () => {
  it('goes round the nodes', async () => {
    const { transport, proxy } = memoryClient({}, TWO, only('a', 'b'));
    for (const id of [1, 2, 3, 4]) void proxy.rpcCall(id, 'f', `${id}`).catch(() => undefined);
    await settled();
    expect(transport.connections.map((one) => [one.endpoint.host, requestsOf(one)])).toEqual([
      ['a', ['1', '3']],
      ['b', ['2', '4']],
    ]);
  });

  it('moves the calls of a node that refuses, and leaves it alone while its backoff lasts', async () => {
    const { transport, proxy } = memoryClient({ 'reconnect-min-interval': 9000 }, TWO, only('b'));
    for (const id of [1, 2, 3]) void proxy.rpcCall(id, 'f', `${id}`).catch(() => undefined);
    await settled();
    for (const id of [4, 5]) void proxy.rpcCall(id, 'f', `${id}`).catch(() => undefined);
    await settled();
    const asked = transport.connections.map(({ endpoint }) => endpoint.host);
    expect(asked).toEqual(['a', 'b']);
    expect(requestsOf(transport.last).toSorted()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('fails a call when each node has refused it, having tried each once', async () => {
    const { transport, proxy } = memoryClient({}, `${TWO}:tcp -h c -p 3`, refuse);
    const error = await failureOf(proxy.rpcCall(1, 'f', ''));
    expect(transport.connections.map(({ endpoint }) => endpoint.host)).toEqual(['a', 'b', 'c']);
    expect(error.code).toBe('TARSIER_CONNECT_FAILED');
    expect(error.message).toContain('none of 3 nodes could be connected, the last of them tcp -h c -p 3');
  });

  it('probes a node whose backoff is over while calls use the other', async () => {
    // A backoff lasts any part of its interval.
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    const intervals = { 'reconnect-min-interval': 1000, 'reconnect-max-interval': 1000 };
    const { transport, proxy, time } = memoryClient(intervals, TWO, only('b'));
    const states = async (): Promise<unknown[]> => {
      void proxy.rpcCall(proxy.genRequestId(), 'f', '').catch(() => undefined);
      await settled();
      return proxy.endpoints().map(({ state }) => state);
    };
    expect(await states()).toEqual(['backoff', 'connected']);
    transport.onAsked = only('a', 'b');
    await time.advance(499);
    expect(await states()).toEqual(['backoff', 'connected']);
    await time.advance(2);
    expect(await states()).toEqual(['connected', 'connected']);
  });

  it('sends the calls of a lost node, if unsent, to another', async () => {
    const { transport, proxy } = memoryClient({}, TWO, only('a', 'b'));
    await proxy.connect();
    await settled();
    const [first, second] = transport.connections as [MemoryConnection, MemoryConnection];
    first.isBlocked = true;
    for (const id of [1, 2]) void proxy.rpcCall(id, 'f', `${id}`).catch(() => undefined);
    await settled();
    void proxy.rpcCall(3, 'f', 'unsent').catch(() => undefined);
    await settled();
    first.drop();
    await settled();
    expect([...requestsOf(second), ...requestsOf(transport.last)]).toContain('unsent');
  });
});

describe('AdapterProxy, a push proxy', () => {
  const fast = { 'reconnect-min-interval': 2, 'reconnect-max-interval': 4 };

  it('connects again by itself, and tells of each established connection once', async () => {
    const { transport, proxy, time } = memoryClient(fast, 'tcp -h a -p 1', (connection) => connection.accept());
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    await proxy.connect();
    const attempts: number[] = [];
    proxy.on('reconnecting', ({ attempt, delayMs, error, endpoint }) => {
      attempts.push(attempt);
      expect([delayMs <= 4, error.where.endpoint, endpoint]).toEqual([true, A, A]);
    });
    transport.last.receive(packet(0, 'hello'));
    transport.onAsked = (connection) => {
      if (transport.connections.length < 5) refuse(connection);
      else connection.accept();
    };
    transport.last.drop(networkError('ECONNRESET'));
    // Three attempts fail; each waits 4 ms at most.
    await time.advance(20);
    expect(recorder.log).toEqual([`connect ${A}`, 'hello', `close ${A} TARSIER_CONNECTION_LOST`, `connect ${A}`]);
    expect(attempts).toEqual([1, 1, 2, 3]);
    transport.last.receive(packet(0, 'again'));
    expect(recorder.log.at(-1)).toBe('again');
    await proxy.close();
  });

  it('also goes on when the first attempt is refused, until it is closed', async () => {
    const { transport, proxy, time } = memoryClient(fast, 'tcp -h a -p 1', refuse);
    proxy.setPushCallback(new Recorder());
    await failureOf(proxy.connect());
    await time.advance(30);
    const { length } = transport.connections;
    expect(length).toBeGreaterThan(3);
    await proxy.close();
    await time.advance(60_000);
    expect(transport.connections).toHaveLength(length);
    expect(time.timers).toBe(0);
  });

  it('shares its next attempt with a call that comes earlier', async () => {
    const slow = { 'reconnect-min-interval': 60_000, 'reconnect-max-interval': 60_000 };
    const { transport, proxy } = memoryClient(slow, 'tcp -h a -p 1', (connection) => connection.accept());
    proxy.setPushCallback(new Recorder());
    await proxy.connect();
    transport.last.drop();
    expect(transport.connections).toHaveLength(1);
    const call = proxy.rpcCall(1, 'f', 'x');
    await settled();
    transport.last.receive(packet(1, 'ok'));
    await call;
    expect(transport.connections).toHaveLength(2);
    await proxy.close();
  });

  it('is in backoff while its next attempt waits, also when the lost connection was of use', async () => {
    const slow = { 'reconnect-min-interval': 60_000, 'reconnect-max-interval': 60_000 };
    const { transport, proxy } = memoryClient(slow, 'tcp -h a -p 1', (connection) => connection.accept());
    proxy.setPushCallback(new Recorder());
    const states: unknown[] = [];
    proxy.on('reconnecting', () => states.push(proxy.endpoints()[0]?.state));
    await proxy.connect();
    const call = proxy.rpcCall(1, 'f', 'x');
    await settled();
    transport.last.receive(packet(1, 'ok'));
    await call;
    transport.last.drop(networkError('ECONNRESET'));
    await settled();
    expect(states).toEqual(['backoff']);
    expect(proxy.endpoints()[0]).toMatchObject({
      state: 'backoff',
      failures: 0,
      why: expect.stringContaining('reset by the peer'),
    });
    await proxy.close();
    expect(proxy.endpoints()[0]?.state).toBe('idle');
  });

  it('backs off from a server that accepts and closes at once', async () => {
    const { transport, proxy, time } = memoryClient({ 'reconnect-min-interval': 1 }, 'tcp -h a -p 1', (connection) => {
      connection.accept();
      connection.drop();
    });
    proxy.setPushCallback(new Recorder());
    const attempts: number[] = [];
    proxy.on('reconnecting', ({ attempt }) => attempts.push(attempt));
    await proxy.connect();
    await time.advance(100);
    expect(attempts.slice(0, 5)).toEqual([1, 2, 3, 4, 5]);
    expect(transport.connections.length).toBeGreaterThan(3);
    await proxy.close();
  });

  it('does nothing by itself without a push callback', async () => {
    const { transport, proxy, time } = await connectedClient(fast);
    transport.last.drop();
    await time.advance(60_000);
    expect(transport.connections).toHaveLength(1);
    expect(proxy.endpoints()[0]?.state).toBe('backoff');
  });

  it('hears of faults in onConnect and onClose only through the log', async () => {
    const { proxy, logger } = memoryClient(fast, 'tcp -h a -p 1', (connection) => connection.accept());
    proxy.setPushCallback({
      onDispatch: () => 0,
      onConnect() {
        throw new Error('in onConnect');
      },
      // An async method fits where nothing is expected.
      onClose: (() => Promise.reject(new Error('in onClose'))) as () => void,
    });
    await proxy.connect();
    await proxy.close();
    expect(logger.lines.filter((line) => line.startsWith('error')).map((line) => line.split(': ').at(-1))).toEqual([
      'in onConnect',
      'in onClose',
    ]);
  });
});
