import { clientChannels } from '../observe/client-channels.node.js';
import { nodeDnsResolver } from '../resolve/dns-lookup.node.js';
import { TcpTransport } from './tcp-transport.js';
import { TlsTransport } from './tls-transport.js';
import type { Environment } from './transport.js';
import { UdpTransport } from './udp-transport.js';
import { WebSocketTransport } from './web-socket-transport.node.js';

/** What a client uses in Node unless it is given something else. */
export const environment: Environment = {
  name: 'Node.js',
  transports: [new TcpTransport(), new TlsTransport(), new UdpTransport(), new WebSocketTransport()],
  // Comes after all promise jobs that are due, so that the calls of many continuations leave in one write.
  defer(run) {
    process.nextTick(run);
  },
  channels: clientChannels,
  dns: nodeDnsResolver,
  allocate: (size) => Buffer.allocUnsafeSlow(size),
};
