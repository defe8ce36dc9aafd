import { Endpoint } from '@tarsier/protocol';
import type { Choosable } from './node-chooser.js';

/** A node as choosing sees it. */
export class TestNode implements Choosable {
  readonly address: Endpoint;
  isUsable: boolean;
  retryAtMs: number;
  probes = 0;

  constructor(endpoint: string, isUsable = true, retryAtMs = 0) {
    this.address = Endpoint.parse(endpoint);
    this.isUsable = isUsable;
    this.retryAtMs = retryAtMs;
  }

  get endpoint(): string {
    return this.address.host;
  }

  leave(): void {
    throw new Error('choosing settles no call');
  }

  probe(nowMs: number): void {
    if (nowMs >= this.retryAtMs) this.probes++;
  }
}

/** Nodes `n0`, `n1`, … */
export function testNodes(count: number, flags = ''): TestNode[] {
  return Array.from({ length: count }, (_, i) => new TestNode(`tcp -h n${i} -p 1${flags}`));
}
