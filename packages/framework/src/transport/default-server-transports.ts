import type { ServerTransport } from './server-transport.js';
import { TcpServerTransport } from './tcp-server-transport.js';
import { TlsServerTransport } from './tls-server-transport.js';
import { UdpServerTransport } from './udp-server-transport.js';
import { WebSocketServerTransport } from './web-socket-server-transport.js';

/** How an application listens unless it is given something else. */
export const defaultServerTransports: readonly ServerTransport[] = [
  new TcpServerTransport(),
  new TlsServerTransport(),
  new WebSocketServerTransport(),
  new UdpServerTransport(),
];
