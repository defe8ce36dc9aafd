import { connect, type Socket } from 'node:net';
import type { Endpoint } from '@tarsier/protocol';
import type { ConnectOptions } from './connect-options.js';
import { LateConnection } from './late-connection.js';
import { SocketConnection } from './socket-connection.js';
import type { Transport, TransportConnection, TransportHandlers } from './transport.js';
import { unixPathOf } from './unix-path.js';

/**
 * Connections over TCP, or over a Unix socket when the endpoint's port is 0. Nagle's algorithm is off, keepalive probes are on.
 * Unix sockets never go through a forward proxy.
 * Source: TC_TCPTransceiver (TarsCpp).
 */
export class TcpTransport implements Transport {
  readonly name = 'tcp';

  canConnect(endpoint: Endpoint): boolean {
    return endpoint.type === 'tcp';
  }

  connect(endpoint: Endpoint, handlers: TransportHandlers, { forwardProxy }: ConnectOptions): TransportConnection {
    if (forwardProxy !== undefined && !endpoint.isUnix) {
      return new LateConnection(handlers, async (signal) => {
        // Brings HTTP with it, which few need.
        const { openTunnel } = await import('./forward-proxy.js');
        const socket = await openTunnel(forwardProxy, endpoint, signal);
        return () => {
          const connection = new SocketConnection(socket, handlers);
          queueMicrotask(() => {
            connection.opened();
          });
          return connection;
        };
      });
    }
    const socket = connectTcp(endpoint);
    const connection = new SocketConnection(socket, handlers);
    socket.on('connect', () => {
      connection.opened();
    });
    return connection;
  }
}

/**
 * Begins to connect to the host and port, or the Unix socket, of an endpoint.
 *
 * @throws TransportError for a path that is too long.
 */
export function connectTcp(endpoint: Endpoint): Socket {
  return endpoint.isUnix
    ? connect({ path: unixPathOf(endpoint) })
    : connect({ host: endpoint.host, port: endpoint.port, noDelay: true, keepAlive: true });
}
