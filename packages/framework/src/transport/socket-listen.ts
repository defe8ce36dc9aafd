import type { ListenOptions, Server } from 'node:net';
import { Endpoint } from '@tarsier/protocol';
import { codeOf, unixPathProblem } from '@tarsier/proxy/internal';
import type { Acceptor, Listening } from './server-transport.js';
import { freeSocketFile } from './socket-file.js';
import { isSocketPath } from './socket-path.js';

/** As TARS: the kernel holds so many connections that are not accepted yet. */
const BACKLOG = 10_240;

/** The endpoint with the port that a server really has. */
export function withPort(endpoint: Endpoint, port: number): Endpoint {
  if (port === endpoint.port) return endpoint;
  const { type, host, timeoutMs, grid, qos, weight, weightType, authType, path } = endpoint;
  return Endpoint.of({ type, host, port, timeoutMs, grid, qos, weight, weightType, authType, path });
}

/**
 * Lets a server of `node:net`, `node:tls` or `node:http` listen where its adapter says. The file of a Unix socket that a killed
 * program has left is deleted.
 */
export async function listenOn(server: Server, acceptor: Acceptor): Promise<Listening> {
  const { endpoint } = acceptor.config;
  const { host, port } = endpoint;
  if (!isSocketPath(endpoint)) {
    await listening(server, { host, port });
  } else {
    const problem = unixPathProblem(host);
    if (problem !== undefined) throw new Error(problem);
    try {
      await listening(server, { path: host });
    } catch (error) {
      if (codeOf(error) !== 'EADDRINUSE') throw error;
      const why = await freeSocketFile(host);
      if (why !== undefined) throw new Error(why, { cause: error });
      await listening(server, { path: host });
    }
  }
  server.on('error', (error) => {
    acceptor.failed(error);
  });
  const address = server.address();
  return {
    endpoint: withPort(endpoint, address !== null && typeof address === 'object' ? address.port : port),
    close: () => {
      if (server.listening) server.close();
    },
  };
}

function listening(server: Server, where: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ ...where, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
