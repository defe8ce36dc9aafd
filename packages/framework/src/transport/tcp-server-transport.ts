import { createServer, type Server } from 'node:net';
import type { Endpoint } from '@tarsier/protocol';
import type { Acceptor, Listening, ServerTransport } from './server-transport.js';
import { listenOn } from './socket-listen.js';
import { serveSocket } from './socket-wire.js';

/** TCP, and Unix sockets where port 0 comes with a path. Nagle's algorithm is off, keepalive probes are on. */
export class TcpServerTransport implements ServerTransport {
  readonly name = 'tcp';

  canListen(endpoint: Endpoint): boolean {
    return endpoint.type === 'tcp';
  }

  async listen(acceptor: Acceptor): Promise<Listening> {
    // allowHalfOpen: a peer that has sent its last byte still gets the answers to what it sent.
    const server: Server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (socket) => {
      serveSocket(socket, acceptor);
    });
    return listenOn(server, acceptor);
  }
}
