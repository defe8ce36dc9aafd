import { connect, type Socket } from 'node:net';
import type { Endpoint } from '@tarsier/protocol';
import type { ConnectOptions, ForwardProxy } from './connect-options.js';
import { connectAddress, dial, isName } from './dial.js';
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
    if (isPrepared(endpoint, forwardProxy)) {
      return new LateConnection(handlers, async (signal) => {
        const socket = await openCarrier(endpoint, forwardProxy, signal);
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

/** Whether something has to happen before the socket of an endpoint is there: a proxy to ask, or a name with its addresses to try. */
export function isPrepared(endpoint: Endpoint, forwardProxy: ForwardProxy | undefined): boolean {
  return !endpoint.isUnix && (forwardProxy !== undefined || isName(endpoint.host));
}

/** The socket of such an endpoint, connected; what it carries, as TLS, is the caller's. Rejects with everything released. */
export async function openCarrier(
  endpoint: Endpoint,
  forwardProxy: ForwardProxy | undefined,
  signal: AbortSignal,
): Promise<Socket> {
  if (forwardProxy === undefined) return dial(endpoint.host, endpoint.port, signal);
  // Brings HTTP with it, which few need.
  const { openTunnel } = await import('./forward-proxy.js');
  return openTunnel(forwardProxy, endpoint, signal);
}

/**
 * Begins to connect to the address and port, or the Unix socket, of an endpoint that is not {@link isPrepared}.
 *
 * @throws TransportError for a path that is too long.
 */
export function connectTcp(endpoint: Endpoint): Socket {
  return endpoint.isUnix ? connect({ path: unixPathOf(endpoint) }) : connectAddress(endpoint.host, endpoint.port);
}
