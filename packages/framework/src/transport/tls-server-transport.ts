import { createServer } from 'node:tls';
import type { Endpoint } from '@tarsier/protocol';
import { guardHandshakes } from './guard-handshakes.js';
import { ServerCertificates } from './server-certificates.js';
import type { Acceptor, Listening, ServerTransport } from './server-transport.js';
import { listenOn } from './socket-listen.js';
import { serveSocket } from './socket-wire.js';
import { tlsConfigOf } from './tls-config-of.js';

/** TLS over TCP (`ssl`). Source: TC_SSLTransceiver (TarsCpp). */
export class TlsServerTransport implements ServerTransport {
  readonly name = 'ssl';

  canListen(endpoint: Endpoint): boolean {
    return endpoint.type === 'ssl';
  }

  async listen(acceptor: Acceptor): Promise<Listening> {
    const { config } = acceptor;
    const certificates = new ServerCertificates(tlsConfigOf(config), config.name);
    await certificates.load();
    const options = {
      noDelay: true,
      keepAlive: true,
      ...certificates.options(config.handshakeTimeoutMs),
    };
    const server = createServer(options, (socket) => {
      // As over TCP; not from the begin, because a handshake whose peer has gone would wait for its timeout.
      socket.allowHalfOpen = true;
      serveSocket(socket, acceptor, guard.over(socket));
    });
    certificates.serve(server);
    const guard = guardHandshakes(server, acceptor);
    const listening = await listenOn(server, acceptor);
    return { ...listening, certificates };
  }
}
