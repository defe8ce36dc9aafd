import { tarsProtocol } from '@tarsier/protocol';
import { BlockPool, SendQueue } from '@tarsier/protocol/internal';
import { Datagrams } from '../connection/datagrams.js';
import type { Environment } from '../environment.js';
import { environmentOptions } from '../environment-options.node.js';
import { ChannelObserver } from '../observe/channel-observer.js';
import { clientChannels } from '../observe/client-channels.node.js';
import { endReport, reportsOf } from '../report/reports-of.js';
import { nodeResolver } from '../resolve/node-resolver.js';
import { LazyTransport } from './lazy-transport.js';
import { TcpTransport } from './tcp-transport.js';
import { UdpTransport } from './udp-transport.js';

const allocate = (size: number): Uint8Array => Buffer.allocUnsafeSlow(size);
const pool = new BlockPool(allocate);

/** What a client uses in Node unless it is given something else. */
export const environment: Environment = {
  name: 'Node.js',
  warn: (text) => {
    process.emitWarning(text, 'TarsierWarning');
  },
  transports: [
    new TcpTransport(),
    new LazyTransport('ssl', ['ssl'], async () => {
      const { TlsTransport } = await import('./tls-transport.js');
      return new TlsTransport();
    }),
    new UdpTransport(),
    new LazyTransport('ws', ['ws', 'wss'], async () => {
      const { WebSocketTransport } = await import('./web-socket-transport.node.js');
      return new WebSocketTransport();
    }),
  ],
  options: environmentOptions,
  // Comes after all promise jobs that are due, so that the calls of many continuations leave in one write.
  defer(run) {
    process.nextTick(run);
  },
  allocate,
  observe: (init) => {
    const observer = new ChannelObserver(init.target.name, clientChannels);
    return reportsOf(init)?.observe(init.target, observer) ?? observer;
  },
  report: reportsOf,
  endReport,
  packets: (init) => (init.connection.isDatagram === true ? new Datagrams(init) : new SendQueue(init.connection, pool)),
  protocol: tarsProtocol,
  resolver: nodeResolver,
};
