import { Endpoint } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import type { Choosable } from './node-chooser.js';
import { RoundRobin } from './round-robin.js';

class Node implements Choosable {
  readonly address: Endpoint;
  readonly endpoint: string;
  isUsable: boolean;
  retryAtMs: number;
  probes = 0;

  constructor(endpoint: string, isUsable = true, retryAtMs = 0) {
    this.address = Endpoint.of({ type: 'tcp', host: endpoint, port: 1 });
    this.endpoint = endpoint;
    this.isUsable = isUsable;
    this.retryAtMs = retryAtMs;
  }

  leave(): void {
    throw new Error('choosing settles no call');
  }

  probe(nowMs: number): void {
    if (nowMs >= this.retryAtMs) this.probes++;
  }
}

function choices(nodes: readonly Node[], count: number, tried?: ReadonlySet<Node>): (string | undefined)[] {
  const chooser = new RoundRobin();
  return Array.from({ length: count }, () => chooser.choose(nodes, tried, 100)?.endpoint);
}

describe('RoundRobin', () => {
  it('takes one node after the other', () => {
    expect(choices([new Node('a'), new Node('b'), new Node('c')], 5)).toEqual(['a', 'b', 'c', 'a', 'b']);
  });

  it('passes over nodes that are out of reach, and probes them when their backoff is over', () => {
    const resting = new Node('b', false, 200);
    const due = new Node('c', false, 50);
    expect(choices([new Node('a'), resting, due], 3)).toEqual(['a', 'a', 'a']);
    expect([resting.probes, due.probes]).toEqual([0, 2]);
  });

  it('tries the one whose backoff ends first when none is usable', () => {
    expect(choices([new Node('a', false, 300), new Node('b', false, 200)], 2)).toEqual(['b', 'b']);
  });

  it('never returns a node that was tried', () => {
    const [a, b] = [new Node('a'), new Node('b', false)];
    expect(choices([a, b], 1, new Set([a]))).toEqual(['b']);
    expect(choices([a, b], 1, new Set([a, b]))).toEqual([undefined]);
    expect(choices([a], 1, new Set([a]))).toEqual([undefined]);
  });
});
