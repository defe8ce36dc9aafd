import type { ProxyProtocol } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { idProtocol, packet } from '../call/id-protocol.testkit.js';
import { failureOf, Recorder, type ResolvedClient, requestsOf, resolvedClient } from '../memory-client.testkit.js';
import type { MemoryConnection } from '../transport/memory-transport.testkit.js';

const beating: ProxyProtocol = {
  ...idProtocol,
  heartbeat: {
    request: () => packet(4_000_000_000, 'beat'),
    isAnswer: ({ iRequestId }) => iRequestId === 4_000_000_000,
  },
};

/** A client of one node whose time the test moves. */
async function linkClient(protocol: ProxyProtocol, properties: Record<string, number> = {}): Promise<ResolvedClient> {
  const client = resolvedClient(properties, (connection) => connection.accept());
  client.proxy.setProtocol(protocol);
  const connected = client.proxy.connect();
  client.resolver.update('tcp -h a -p 1');
  await connected;
  return client;
}

/** Answers every heartbeat that has come. */
function answerBeats(connection: MemoryConnection): number {
  const beats = requestsOf(connection).filter((body) => body === 'beat').length;
  for (let i = 0; i < beats; i++) connection.receive(packet(4_000_000_000, 'beat'));
  return beats;
}

describe('half-open links', () => {
  it('closes a connection whose heartbeat is not answered, within two intervals, and says which clock it was', async () => {
    const { proxy, transport, time } = await linkClient(beating, { 'keep-alive-interval': 1000 });
    const closes: unknown[] = [];
    proxy.on('close', ({ error }) => closes.push([error?.code, error?.where.key, error?.where.limit]));
    let beats = 0;
    for (let i = 0; i < 50; i++) {
      await time.advance(100);
      beats += answerBeats(transport.last);
    }
    expect([beats, closes]).toEqual([5, []]);
    const failed = failureOf(proxy.rpcCall(1, 'f', '', { timeoutMs: 60_000 }));
    // The link is cut here.
    const cutMs = time.now();
    while (closes.length === 0 && time.now() - cutMs < 5000) await time.advance(10);
    expect(time.now() - cutMs).toBeLessThanOrEqual(2000);
    expect(closes).toEqual([['TARSIER_CONNECTION_LOST', 'keep-alive-interval', 1000]]);
    const error = await failed;
    expect([error.code, error.where.key, error.where.limit]).toEqual([
      'TARSIER_CONNECTION_LOST',
      'keep-alive-interval',
      1000,
    ]);
    expect(error.message).toContain('a heartbeat was not answered within 1000 ms (keep-alive-interval)');
  });

  it('gives heartbeats and their answers to nobody else', async () => {
    const { proxy, transport, time } = await linkClient(beating, { 'keep-alive-interval': 1000 });
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    const call = proxy.rpcCall(1, 'f', '', { timeoutMs: 60_000 });
    for (let i = 0; i < 30; i++) {
      await time.advance(100);
      answerBeats(transport.last);
    }
    transport.last.receive(packet(1, 'answer'));
    expect((await call).sBuffer.toString()).toBe('answer');
    expect([recorder.log, proxy.statistics().droppedAnswers]).toEqual([[], 0]);
  });

  it('takes any packet for the answer when they cannot be told apart', async () => {
    const blind: ProxyProtocol = { ...idProtocol, heartbeat: { request: () => packet(9, 'beat') } };
    const { proxy, transport, time } = await linkClient(blind, { 'keep-alive-interval': 1000 });
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    await time.advance(900);
    expect(requestsOf(transport.last)).toEqual(['beat']);
    transport.last.receive(packet(0, 'push'));
    await time.advance(1400);
    expect([recorder.log, transport.last.isClosing]).toEqual([['push'], false]);
    await time.advance(700);
    expect(transport.connections[0]?.isClosed).toBe(true);
  });

  it('lets a push proxy connect again', async () => {
    const properties = { 'keep-alive-interval': 1000, 'reconnect-min-interval': 100 };
    const { proxy, transport, time } = await linkClient(beating, properties);
    const recorder = new Recorder();
    proxy.setPushCallback(recorder);
    await time.advance(2500);
    expect(recorder.log).toEqual([
      'close tcp -h a -p 1 -t 3000 TARSIER_CONNECTION_LOST',
      'connect tcp -h a -p 1 -t 3000',
    ]);
    expect(transport.connections).toHaveLength(2);
    await proxy.close();
    expect(time.timers).toBe(0);
  });

  it.each<[string, ProxyProtocol, Record<string, number>, (client: ResolvedClient) => void]>([
    ['the protocol has none', idProtocol, {}, () => undefined],
    ['the interval is 0', beating, { 'keep-alive-interval': 0 }, () => undefined],
    ['keepalive was switched off', beating, {}, ({ proxy }) => void proxy.openKeepalive(false)],
  ])('sends no heartbeats when %s', async (_name, protocol, properties, prepare) => {
    const client = await linkClient(protocol, properties);
    prepare(client);
    await client.time.advance(120_000);
    expect([client.transport.last.written, client.transport.last.isClosing]).toEqual([[], false]);
    client.proxy.openKeepalive(true);
  });

  it('has no timer for connections that nothing is watched of', async () => {
    const { time, transport } = await linkClient(idProtocol);
    await time.advance(100);
    expect([time.timers, transport.last.isClosing]).toEqual([0, false]);
  });

  it('notices silence while calls wait, and not when idle', async () => {
    const { proxy, transport, time } = await linkClient(idProtocol, { 'silence-timeout': 1000 });
    await time.advance(10_000);
    expect(transport.last.isClosing).toBe(false);
    const failed = failureOf(proxy.rpcCall(1, 'f', '', { timeoutMs: 60_000 }));
    await time.advance(1600);
    const error = await failed;
    expect([error.where.key, error.where.limit, error.where.phase]).toEqual(['silence-timeout', 1000, 'waiting']);
    expect(error.message).toContain('nothing came for 1000 ms, though it was expected (silence-timeout)');
  });

  it('notices a write that nobody takes; calls that were not written go to the next connection', async () => {
    const { proxy, transport, time } = await linkClient(idProtocol, { 'write-stall-timeout': 1000 });
    transport.last.isBlocked = true;
    const failed = failureOf(proxy.rpcCall(1, 'f', 'written', { timeoutMs: 60_000 }));
    await time.advance(10);
    const moved = proxy.rpcCall(2, 'f', 'queued', { timeoutMs: 60_000 });
    await time.advance(1200);
    const error = await failed;
    expect([error.code, error.where.key, error.where.phase]).toEqual([
      'TARSIER_CONNECTION_LOST',
      'write-stall-timeout',
      'sent',
    ]);
    expect(requestsOf(transport.last)).toEqual(['queued']);
    transport.last.receive(packet(2, 'ok'));
    expect((await moved).sBuffer.toString()).toBe('ok');
  });

  it('leaves a slow write alone', async () => {
    const { proxy, transport, time } = await linkClient(idProtocol, { 'write-stall-timeout': 1000 });
    const slow = Object.assign(transport.last, { isBlocked: true, waitingBytes: 100_000 });
    const call = proxy.rpcCall(1, 'f', 'x', { timeoutMs: 60_000 });
    for (let i = 0; i < 50; i++) {
      slow.waitingBytes -= 1000;
      await time.advance(100);
    }
    expect(slow.isClosing).toBe(false);
    slow.drain();
    slow.receive(packet(1, 'ok'));
    expect((await call).sBuffer.toString()).toBe('ok');
    await time.advance(5000);
    expect(slow.isClosing).toBe(false);
  });

  it('does not blame the peer for a time in which this process did nothing', async () => {
    const { transport, time } = await linkClient(beating, { 'keep-alive-interval': 1000 });
    await time.advance(900);
    expect(requestsOf(transport.last)).toEqual(['beat']);
    await time.freeze(60_000);
    expect(transport.last.isClosing).toBe(false);
    // The answer had come meanwhile.
    transport.last.receive(packet(4_000_000_000, 'beat'));
    await time.advance(900);
    expect(transport.last.isClosing).toBe(false);
  });

  it('reports a heartbeat that cannot be made, and lives on', async () => {
    const faulty: ProxyProtocol = {
      ...idProtocol,
      heartbeat: {
        request() {
          throw new Error('no beat');
        },
      },
    };
    const { proxy, transport, time } = await linkClient(faulty, { 'keep-alive-interval': 1000 });
    const errors: string[] = [];
    proxy.on('error', ({ message }) => errors.push(message));
    await time.advance(1000);
    expect([errors.length, errors[0]?.includes('no beat'), transport.last.isClosing]).toEqual([1, true, false]);
  });
});

describe('keepAliveCallback', () => {
  it('runs each interval while the proxy is connected, and may call', async () => {
    let runs = 0;
    const protocol: ProxyProtocol = {
      ...idProtocol,
      keepAliveCallback(proxy) {
        runs++;
        proxy.rpcCallAsync(proxy.genRequestId(), 'ping', `ping ${proxy.name}`, null);
        if (runs === 2) throw new Error('not today');
      },
    };
    const { proxy, transport, time } = await linkClient(protocol, { 'keep-alive-interval': 1000 });
    const errors: string[] = [];
    proxy.on('error', ({ code }) => errors.push(code));
    await time.advance(3200);
    expect([runs, errors]).toEqual([3, ['TARSIER_CALLBACK_FAILED']]);
    expect(requestsOf(transport.last)).toEqual(Array.from({ length: 3 }, () => 'ping Test.Echo.EchoObj'));
    await proxy.close();
    await time.advance(5000);
    expect([runs, time.timers]).toEqual([3, 0]);
  });
});

describe('ping', () => {
  it('gives the time of a heartbeat and its answer, and connects before', async () => {
    const { proxy, transport, time } = await linkClient(beating);
    const ping = proxy.ping();
    await time.advance(25);
    answerBeats(transport.last);
    expect(await ping).toBe(25);
    await proxy.close();
    const again = proxy.ping();
    await time.advance(5);
    answerBeats(transport.last);
    expect(await again).toBe(5);
  });

  it('ends at its deadline, with its connection, or for want of a heartbeat', async () => {
    const { proxy, transport, time } = await linkClient(beating);
    const late = failureOf(proxy.ping());
    await time.advance(3100);
    expect(await late).toMatchObject({ code: 'TARSIER_CALL_TIMEOUT', where: { key: 'sync-invoke-timeout' } });
    const lost = failureOf(proxy.ping());
    await time.advance(10);
    transport.last.drop();
    expect((await lost).code).toBe('TARSIER_CONNECTION_LOST');
    proxy.setProtocol(idProtocol);
    expect((await failureOf(proxy.ping())).message).toContain('ping needs a protocol with a heartbeat');
    await proxy.close();
    expect(time.timers).toBe(0);
  });
});
