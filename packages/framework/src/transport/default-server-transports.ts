import { LazyServerTransport } from './lazy-server-transport.js';
import type { ServerTransport } from './server-transport.js';
import { TcpServerTransport } from './tcp-server-transport.js';

/** How an application listens unless it is given something else. */
export const defaultServerTransports: readonly ServerTransport[] = [
  new TcpServerTransport(),
  new LazyServerTransport('ssl', ['ssl'], async () => {
    const { TlsServerTransport } = await import('./tls-server-transport.js');
    return new TlsServerTransport();
  }),
  new LazyServerTransport('ws', ['ws', 'wss'], async () => {
    const { WebSocketServerTransport } = await import('./web-socket-server-transport.js');
    return new WebSocketServerTransport();
  }),
  new LazyServerTransport('udp', ['udp'], async () => {
    const { UdpServerTransport } = await import('./udp-server-transport.js');
    return new UdpServerTransport();
  }),
];
