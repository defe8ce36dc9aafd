import { describe, expect, it } from 'vitest';
import { packet } from '../call/id-protocol.testkit.js';
import type { PendingCall } from '../call/pending-call.js';
import { memoryClient, requestsOf, resolvedClient, settled } from '../memory-client.testkit.js';
import { type MemoryConnection, networkError } from '../transport/memory-transport.testkit.js';
import { Choosers } from './choosers.js';
import { TestNode } from './choosing.testkit.js';

type Plan = PendingCall['plan'];

/** What choosing looks at in a call. */
function callOf(tried?: readonly TestNode[], plan?: Partial<NonNullable<Plan>>): PendingCall {
  return { plan, tried: tried === undefined ? undefined : new Set(tried) } as PendingCall;
}

/** Two nodes of rank 0, `a` and `b`, and two of rank 3, `c` and `d`. */
function fourNodes(flags = ''): [TestNode, TestNode, TestNode, TestNode] {
  const nodes = ['c -r 3', 'a', 'd -r 3', 'b'].map((text) => {
    const [host = '', ...rank] = text.split(' ');
    return new TestNode(`tcp -h ${host} -p 1${flags} ${rank.join(' ')}`);
  });
  const [c, a, d, b] = nodes as [TestNode, TestNode, TestNode, TestNode];
  return [a, b, c, d];
}

function choosersOf(nodes: readonly TestNode[]): Choosers {
  const choosers = new Choosers();
  choosers.update(nodes);
  return choosers;
}

describe('Choosers with ranks', () => {
  it('chooses in the lowest rank that has a usable node, and probes those that it passes over', () => {
    const nodes = fourNodes();
    const [a, b, c] = nodes;
    const choosers = choosersOf(nodes);
    const next = (count: number): string =>
      Array.from({ length: count }, () => choosers.choose(nodes, callOf(), 10)?.endpoint).join('');
    expect(next(4)).toBe('abab');
    a.isUsable = false;
    expect(next(3)).toBe('bbb');
    b.isUsable = false;
    expect(next(4)).toBe('cdcd');
    expect(a.probes).toBeGreaterThanOrEqual(4);
    expect(c.probes).toBe(0);
    b.isUsable = true;
    expect(next(2)).toBe('bb');
  });

  it('takes the node that is due first, of whatever rank, when none is usable', () => {
    const nodes = fourNodes();
    for (const [index, node] of nodes.entries()) {
      node.isUsable = false;
      node.retryAtMs = 100 - index;
    }
    expect(choosersOf(nodes).choose(nodes, callOf(), 10)?.endpoint).toBe('d');
  });

  it('goes to nodes that were not tried: of the same rank, then of the next, then to none', () => {
    const nodes = fourNodes();
    const [a, b, c, d] = nodes;
    const choosers = choosersOf(nodes);
    expect(choosers.choose(nodes, callOf([a]), 0)).toBe(b);
    expect(choosers.choose(nodes, callOf([a, b]), 0)).toBe(c);
    expect(choosers.choose(nodes, callOf([a, b, c]), 0)).toBe(d);
    expect(choosers.choose(nodes, callOf([a, b, c, d]), 0)).toBeUndefined();
    // One node in each rank.
    const two = [a, c];
    expect(choosersOf(two).choose(two, callOf([a]), 0)).toBe(c);
  });

  it('counts weights within each rank', () => {
    const [a, b] = [new TestNode('tcp -h a -p 1 -v 1 -w 3'), new TestNode('tcp -h b -p 1 -v 1 -w 1')];
    const [c, d] = [new TestNode('tcp -h c -p 1 -r 1'), new TestNode('tcp -h d -p 1 -r 1')];
    const nodes = [a, b, c, d];
    const choosers = choosersOf(nodes);
    const next = (): string => Array.from({ length: 8 }, () => choosers.choose(nodes, callOf(), 0)?.endpoint).join('');
    expect(next()).toBe('aabaaaba');
    a.isUsable = b.isUsable = false;
    expect(next()).toBe('cdcdcdcd');
  });

  it.each(['hash', 'consistentHash'] as const)('keeps %s within a rank, and keys where they are', (balance) => {
    const nodes = fourNodes();
    const [a, b] = nodes;
    const choosers = choosersOf(nodes);
    const owners = (): string => {
      const keys = Array.from({ length: 32 }, (_, key) => ({ balance, key: Math.imul(key, 0x9e3779b1) >>> 0 }));
      return keys.map((plan) => choosers.choose(nodes, callOf(undefined, plan), 0)?.endpoint).join('');
    };
    const first = owners();
    expect(new Set(first)).toEqual(new Set('ab'));
    expect(owners()).toBe(first);
    a.isUsable = b.isUsable = false;
    expect(new Set(owners())).toEqual(new Set('cd'));
    a.isUsable = b.isUsable = true;
    expect(owners()).toBe(first);
  });

  it('is never wrong about a list that has changed', () => {
    const nodes = fourNodes();
    const choosers = choosersOf(nodes);
    const [, b, c] = nodes;
    const later = [b, c];
    for (let i = 0; i < 4; i++) expect(choosers.choose(later, callOf(), 0)).toBe(b);
    choosers.update([c]);
    expect(choosers.choose([c], callOf(), 0)).toBe(c);
  });
});

const accept = (connection: MemoryConnection): void => {
  connection.accept();
};

describe('a proxy with ranks', () => {
  it('calls standby nodes while the others are gone, and comes back; endpoints() tells the rank', async () => {
    const gone = new Set<string>();
    const client = resolvedClient({ 'reconnect-min-interval': 100, 'reconnect-max-interval': 100 }, (connection) => {
      if (gone.has(connection.endpoint.host)) connection.drop(networkError('ECONNREFUSED'));
      else connection.accept();
    });
    const { proxy, resolver, transport, time } = client;
    let id = 0;
    const call = async (): Promise<string> => {
      const answer = proxy.rpcCall(++id, 'f', '');
      await time.advance(1);
      for (const one of transport.connections) {
        if (!one.isClosed && requestsOf(one).length > 0) one.receive(packet(id, one.endpoint.host));
      }
      return (await answer).sBuffer.toString();
    };
    proxy.connect().catch(() => undefined);
    resolver.update('tcp -h standby -p 1 -r 1', 'tcp -h main -p 1');
    await time.advance(1);
    expect(proxy.endpoints().map(({ rank }) => rank)).toEqual([1, 0]);
    expect(await call()).toBe('main');
    gone.add('main');
    transport.connections.find(({ endpoint }) => endpoint.host === 'main')?.drop(networkError('ECONNRESET'));
    await time.advance(1);
    expect(await call()).toBe('standby');
    await time.advance(1000);
    expect(await call()).toBe('standby');
    gone.clear();
    // Calls probe the node as soon as its backoff is over; the one after the probe goes there.
    await time.advance(1000);
    await call();
    await time.advance(1);
    expect(await call()).toBe('main');
    // A rank may change; the node and its connection stay.
    const { length } = transport.connections;
    resolver.update('tcp -h standby -p 1', 'tcp -h main -p 1 -r 1');
    expect(await call()).toBe('standby');
    expect(transport.connections).toHaveLength(length);
    await proxy.close();
  });

  it('makes idempotent calls again in the same rank first, then in the next', async () => {
    const list = 'tcp -h d -p 1 -r 2:tcp -h a -p 1:tcp -h b -p 1';
    const { proxy, transport } = memoryClient({}, list, accept);
    await proxy.connect();
    await settled();
    const call = proxy.rpcCall(1, 'f', 'x', { idempotent: true, retries: 3 });
    const path: string[] = [];
    for (let i = 0; i < 3; i++) {
      await settled();
      const at = transport.connections.find((one) => !one.isClosed && one.written.length > 0);
      expect(at).toBeDefined();
      path.push(at?.endpoint.host ?? '');
      if (i < 2) at?.drop(networkError('ECONNRESET'));
      else at?.receive(packet(1, 'ok'));
    }
    expect((await call).sBuffer.toString()).toBe('ok');
    expect(path).toEqual(['a', 'b', 'd']);
    await proxy.close();
  });
});
