import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { TestLink } from './handlers.testkit.js';
import { TcpTransport } from './tcp-transport.js';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

/** A link, and the server's end of it, which does not read. */
async function connected(): Promise<{ link: TestLink; peer: Socket }> {
  const server = createServer({ pauseOnConnect: true });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const link = new TestLink(new TcpTransport(), `tcp -h 127.0.0.1 -p ${(server.address() as AddressInfo).port}`);
  const [peer] = (await accepted) as [Socket];
  peer.on('error', () => undefined);
  cleanups.push(async () => {
    link.connection.destroy();
    peer.destroy();
    server.close();
    await once(server, 'close');
  });
  await link.connected();
  return { link, peer };
}

describe('TcpTransport', () => {
  it('tells how much of a long write the network has not taken: less and less, to 0 when it says that it takes more', async () => {
    const { link, peer } = await connected();
    expect(link.connection.waitingBytes).toBe(0);
    expect(link.connection.write(Buffer.alloc(64 * 1024 * 1024))).toBe(false);
    let last = link.connection.waitingBytes ?? 0;
    let steps = 0;
    peer.on('data', () => {
      const now = link.connection.waitingBytes ?? 0;
      expect(now).toBeLessThanOrEqual(last);
      if (now < last && now > 0) steps++;
      last = now;
    });
    peer.resume();
    await link.until(() => link.drains === 1);
    expect(link.connection.waitingBytes).toBe(0);
    // A write that counts whole until its end would show none.
    expect(steps).toBeGreaterThan(10);
  });

  it('closes behind what was written, and reports no error', async () => {
    const { link, peer } = await connected();
    const chunks: Buffer[] = [];
    peer.on('data', (chunk) => chunks.push(chunk));
    link.connection.writeAll([Buffer.from('la'), Buffer.from('st')]);
    link.connection.close();
    peer.resume();
    expect(await link.closed()).toBeUndefined();
    expect(Buffer.concat(chunks).toString()).toBe('last');
  });
});
