import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Between clients and a server that may be another one after each restart; it resets connections, so that what is under way is lost. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  /** Where connections go. */
  target = 0;
  port = 0;
  cuts = 0;

  private constructor() {
    this.#server = createServer((client) => {
      const server = connect(this.target, '127.0.0.1');
      const pair = [client, server] as const;
      this.#pairs.add(pair);
      for (const socket of pair) {
        socket.on('error', () => undefined);
        socket.setNoDelay(true);
        socket.on('close', () => {
          this.#pairs.delete(pair);
          for (const one of pair) one.destroy();
        });
      }
      client.pipe(server);
      server.pipe(client);
    });
  }

  static async start(): Promise<CuttingProxy> {
    const proxy = new CuttingProxy();
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    proxy.port = (proxy.#server.address() as AddressInfo).port;
    return proxy;
  }

  /** Resets one of the connections. */
  cutOne(random: () => number): void {
    const pairs = [...this.#pairs];
    const pair = pairs[Math.floor(random() * pairs.length)];
    if (pair === undefined) return;
    this.cuts++;
    for (const socket of pair) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
