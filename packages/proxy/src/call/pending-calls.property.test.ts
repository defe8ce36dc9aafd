import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolvedClient, settled } from '../memory-client.testkit.js';
import { networkError } from '../transport/memory-transport.testkit.js';
import { lineProtocol, packet, packetsOf } from './id-protocol.testkit.js';

/** One thing that happens; numbers choose among what there is. */
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('call' as const), way: fc.nat(2) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('answer' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('abort' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('tick', 'timeouts', 'push', 'stale', 'cross') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('lose', 'block', 'drain'), which: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('accept' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('close', 'last', 'garbage'), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('refuse', 'drop-all'), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('nodes' as const), which: fc.nat(7) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('unresolved', 'pinned'), which: fc.nat(7) }) },
);

const SHORT_MS = 2;

/** One call as the test sees it. */
interface Seen {
  readonly controller: AbortController;
  outcomes: string[];
}

async function play(events: readonly Record<string, unknown>[], serial: number): Promise<void> {
  const { communicator, transport, proxy, resolver, time } = resolvedClient({
    'min-timeout': 1,
    'reconnect-min-interval': 1,
    'retry-budget-min': 1,
  });
  const all = ['tcp -h a -p 1', 'tcp -h b -p 2', 'tcp -h c -p 3'];
  /** Those of the three whose bit is set. */
  const some = (bits: number): string[] => all.filter((_one, index) => (bits & (1 << index)) !== 0);
  proxy.setCheckTimeout({ tryTimeInterval: 0.002 });
  let retries = 0;
  let hasListenerClosed = false;
  proxy.on('retry', () => {
    retries++;
    // Now and then a listener does the worst that it can.
    if (retries % 5 === 0) void proxy.close();
  });
  proxy.on('close', () => {
    if (hasListenerClosed || seen.length % 7 !== 3) return;
    hasListenerClosed = true;
    void proxy.close();
  });
  proxy.endpoints();
  resolver.update(...some(serial > 0 ? 1 : 3));
  if (serial > 0) proxy.setProtocol(lineProtocol, serial);
  const seen: Seen[] = [];
  let pushes = 0;
  proxy.setPushCallback({ onDispatch: (message) => void (message.bPush && pushes++) });
  const call = (way: number): void => {
    const one: Seen = { controller: new AbortController(), outcomes: [] };
    seen.push(one);
    const id = proxy.genRequestId();
    const options = {
      timeoutMs: way === 0 ? SHORT_MS : 10_000,
      signal: one.controller.signal,
      ...(seen.length % 2 === 0 ? { idempotent: true, retries: 2 } : {}),
      ...(seen.length % 3 === 0 ? { consistentHash: seen.length } : {}),
    };
    const body = `${seen.length - 1}`;
    if (way === 2) {
      let hasReturned = false;
      proxy.rpcCallAsync(
        id,
        'f',
        body,
        {
          onDispatch(message) {
            expect([hasReturned, message.bPush, message.request.iRequestId]).toEqual([true, false, id]);
            one.outcomes.push(message.error?.code ?? message.response.sBuffer.toString());
          },
        },
        options,
      );
      hasReturned = true;
    } else {
      proxy.rpcCall(id, 'f', body, options).then(
        (response) => one.outcomes.push(response.sBuffer.toString()),
        (error) => one.outcomes.push(error.code),
      );
    }
  };
  /** Requests that the servers have read and not answered, by connection. */
  const unanswered = new Map<number, { id: number; body: string }[]>();
  const readRequests = (): void => {
    for (const [index, connection] of transport.connections.entries()) {
      const bytes = connection.take();
      const requests =
        serial > 0
          ? bytes
              .toString()
              .split('\n')
              .filter((body) => body !== '')
              .map((body) => ({ id: 0, body }))
          : packetsOf(bytes).packets;
      unanswered.set(index, [...(unanswered.get(index) ?? []), ...requests]);
    }
  };
  const answerBytes = (id: number, body: string): Buffer => (serial > 0 ? Buffer.from(`${body}\n`) : packet(id, body));
  const answer = (which: number, result?: string): void => {
    readRequests();
    const open = [...unanswered].filter(
      ([index, list]) => list.length > 0 && !(transport.connections[index]?.isClosing ?? true),
    );
    const [index, list] = open[which % Math.max(1, open.length)] ?? [];
    if (index === undefined || list === undefined) return;
    const [request] = list.splice(serial > 0 ? 0 : which % list.length, 1);
    if (request !== undefined) transport.connections[index]?.receive(answerBytes(request.id, result ?? request.body));
  };
  /** Every connection answers calls that were sent over others; ids of calls that were not sent at all included. */
  const cross = (): void => {
    for (const [index, connection] of transport.connections.entries()) {
      for (let id = 1; id <= seen.length; id++) {
        // Each read event sends what was queued.
        readRequests();
        if (unanswered.get(index)?.some((request) => request.id === id) !== true)
          connection.receive(packet(id, 'crossed'));
      }
    }
  };
  const connectionOf = (which: number) => {
    const open = transport.connections.filter(({ isClosing }) => !isClosing);
    return open[which % Math.max(1, open.length)];
  };
  for (const { kind, which = 0, way = 0 } of events as { kind: string; which?: number; way?: number }[]) {
    const connection = connectionOf(which);
    if (kind === 'call') call(way);
    else if (kind === 'answer') answer(which);
    else if (kind === 'refuse' && serial === 0) answer(which, 'ret:-9');
    else if (kind === 'nodes') resolver.update(...some(which));
    else if (kind === 'unresolved') resolver.fail('nobody knows');
    else if (kind === 'pinned' && which === 0) proxy.updateEndpoints(some(3));
    else if (kind === 'drop-all') for (const one of transport.connections) one.drop(networkError('ECONNRESET'));
    else if (kind === 'abort') seen[which % Math.max(1, seen.length)]?.controller.abort();
    else if (kind === 'tick') await settled();
    else if (kind === 'timeouts') await time.advance(SHORT_MS + 2);
    else if (kind === 'accept') connection?.accept();
    else if (kind === 'lose') connection?.drop(which % 2 === 0 ? networkError('ECONNRESET') : undefined);
    else if (kind === 'close') void proxy.close();
    else if (connection !== undefined && kind === 'block') connection.isBlocked = true;
    else if (kind === 'drain') connection?.drain();
    else if (kind === 'push' && serial === 0) connection?.receive(packet(0, 'push'));
    else if (kind === 'stale' && serial === 0) connection?.receive(answerBytes(4_000_000_000, 'nobody asked'));
    else if (kind === 'cross' && serial === 0) cross();
    else if (kind === 'last' && serial === 0) connection?.receive(packet(4_000_000_000, 'last'));
    else if (kind === 'garbage' && serial === 0) connection?.receive(Buffer.from([0, 0, 0, 1]));
  }
  await communicator.terminate();
  await settled();
  for (const [index, { outcomes }] of seen.entries()) {
    expect(outcomes).toHaveLength(1);
    const [outcome = ''] = outcomes;
    // An answer is the answer to this call; whatever else it is bears a code.
    if (!outcome.startsWith('TARSIER_')) expect(outcome).toBe(`${index}`);
  }
  const statistics = proxy.statistics();
  expect(statistics.pendingCalls).toBe(0);
  expect(statistics.answers + statistics.failures).toBe(seen.length);
  expect(statistics.pushes).toBe(pushes);
  expect(statistics.connects).toBe(statistics.closes);
  expect(statistics.retries).toBe(retries);
  expect(transport.connections.every(({ isClosed }) => isClosed)).toBe(true);
  expect(resolver.sessions.every(({ isStopped }) => isStopped)).toBe(true);
}

describe('pending calls, whatever happens in whatever order', () => {
  it.each([0, 1, 2])('settle exactly once, and with their own answer (connectionSerial %d)', async (serial) => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60, size: 'max' }), (events) => play(events, serial)),
      { numRuns: Number(process.env['RUNS'] ?? 150) },
    );
  });
});
