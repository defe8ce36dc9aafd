import type { Socket } from 'node:net';
import type { Endpoint } from '@tarsier/protocol';
import type { ConnectOptions } from './connect-options.js';
import { LateConnection } from './late-connection.js';
import { SocketConnection } from './socket-connection.js';
import { isPrepared, openCarrier } from './tcp-transport.js';
import { connectTls } from './tls-connect.js';
import { clientContextOf } from './tls-context.js';
import type { Transport, TransportConnection, TransportHandlers } from './transport.js';

/**
 * Connections with TLS over TCP, or over a Unix socket when the endpoint's port is 0.
 *
 * The server must have a certificate that is trusted (by `ca`, else by what Node trusts) and bears the host of the endpoint or
 * `tls-servername`; of a Unix socket it is `localhost` unless given. Sessions are resumed.
 * Source: TC_SSLTransceiver (TarsCpp), which does not verify unless `ca` is set.
 */
export class TlsTransport implements Transport {
  readonly name = 'ssl';

  canConnect(endpoint: Endpoint): boolean {
    return endpoint.type === 'ssl';
  }

  connect(endpoint: Endpoint, handlers: TransportHandlers, options: ConnectOptions): TransportConnection {
    const { tls, forwardProxy } = options;
    const start = (over?: Socket): TransportConnection => {
      const { socket, words } = connectTls(endpoint, tls, over, () => {
        connection.opened();
      });
      const connection = new SocketConnection(socket, handlers, words);
      return connection;
    };
    if (!isPrepared(endpoint, forwardProxy)) return start();
    // What is wrong with the properties is said before anything is connected.
    clientContextOf(tls);
    return new LateConnection(handlers, async (signal) => {
      const over = await openCarrier(endpoint, forwardProxy, signal);
      return () => start(over);
    });
  }
}
