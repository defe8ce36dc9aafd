import { Endpoint } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { optionsWith, TestLink } from './handlers.testkit.js';
import { LazyTransport } from './lazy-transport.js';
import type { Transport, TransportHandlers } from './transport.js';

const ENDPOINT = 'ssl -h 127.0.0.1 -p 1';

/** Connects at once, and counts. */
class FakeTransport implements Transport {
  readonly name = 'fake';
  connects = 0;

  canConnect(): boolean {
    return true;
  }

  connect(_endpoint: Endpoint, handlers: TransportHandlers) {
    this.connects++;
    queueMicrotask(() => {
      handlers.onConnect();
    });
    const close = (): void => {
      queueMicrotask(() => {
        handlers.onClose();
      });
    };
    return { write: () => true, writeAll: () => true, close, destroy: close };
  }
}

describe('LazyTransport', () => {
  it('knows its endpoints without loading', () => {
    const lazy = new LazyTransport('ssl', ['ssl'], () => Promise.reject(new Error('loaded')));
    expect(lazy.canConnect(Endpoint.parse(ENDPOINT))).toBe(true);
    expect(lazy.canConnect(Endpoint.parse('tcp -h 127.0.0.1 -p 1'))).toBe(false);
  });

  it('loads with the first connection, and connects at once from then on', async () => {
    const fake = new FakeTransport();
    let loads = 0;
    const lazy = new LazyTransport('ssl', ['ssl'], async () => {
      loads++;
      return fake;
    });
    const first = new TestLink(lazy, ENDPOINT);
    expect(fake.connects).toBe(0);
    await first.connected();
    const second = new TestLink(lazy, ENDPOINT);
    expect(fake.connects).toBe(2);
    await second.connected();
    expect(loads).toBe(1);
  });

  it('fails the connection when it cannot be loaded, and tries again with the next', async () => {
    const fake = new FakeTransport();
    const loads: Promise<Transport>[] = [Promise.reject(new Error('no such file')), Promise.resolve(fake)];
    const lazy = new LazyTransport('ssl', ['ssl'], () => loads.shift() as Promise<Transport>);
    const first = new TestLink(lazy, ENDPOINT);
    await first.closed();
    expect(first.error?.message).toBe('no such file');
    const second = new TestLink(lazy, ENDPOINT);
    await second.connected();
  });

  it('does not connect when it was closed meanwhile', async () => {
    const fake = new FakeTransport();
    const lazy = new LazyTransport('ssl', ['ssl'], async () => fake);
    const link = new TestLink(lazy, ENDPOINT, optionsWith());
    link.connection.destroy();
    await link.closed();
    expect(fake.connects).toBe(0);
    expect(link.error).toBeUndefined();
  });
});
