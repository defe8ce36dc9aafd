import { isIP, type Server } from 'node:net';
import { Endpoint } from '@tarsier/protocol';
import type { Acceptor, Listening } from './server-transport.js';

/** As TARS: the kernel holds so many connections that are not accepted yet. */
const BACKLOG = 10_240;

/** Port 0 means a Unix socket in TARS; with an IP address it can only mean that the system shall choose a port. */
export function isSocketPath(endpoint: Endpoint): boolean {
  return endpoint.port === 0 && isIP(endpoint.host) === 0;
}

/** The endpoint with the port that a server really has. */
export function withPort(endpoint: Endpoint, port: number): Endpoint {
  if (port === endpoint.port) return endpoint;
  const { type, host, timeoutMs, grid, qos, weight, weightType, authType, path } = endpoint;
  return Endpoint.of({ type, host, port, timeoutMs, grid, qos, weight, weightType, authType, path });
}

/** Lets a server of `node:net`, `node:tls` or `node:http` listen where its adapter says. */
export function listenOn(server: Server, acceptor: Acceptor, isPath: boolean): Promise<Listening> {
  const { endpoint } = acceptor.config;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(
      isPath
        ? { path: endpoint.host, backlog: BACKLOG }
        : { host: endpoint.host, port: endpoint.port, backlog: BACKLOG },
      () => {
        server.off('error', reject);
        server.on('error', (error) => {
          acceptor.failed(error);
        });
        const address = server.address();
        const port = address !== null && typeof address === 'object' ? address.port : endpoint.port;
        resolve({
          endpoint: withPort(endpoint, port),
          close: () => {
            if (server.listening) server.close();
          },
        });
      },
    );
  });
}
