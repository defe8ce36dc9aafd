import type { Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { handshakeError } from './handshake-error.js';
import type { Acceptor } from './server-transport.js';
import { plainIp } from './socket-wire.js';

/** Watches over the handshakes of one port. */
export interface HandshakeGuard {
  /** To be told of each socket whose handshake is over. */
  over(socket: Socket): void;
}

/**
 * Asks the adapter before a handshake begins, and bounds how many go on at a time: who is not let in, or only connects, is not to
 * cost cryptography or memory. Reports handshakes of TLS that fail.
 */
export function guardHandshakes(server: Server, acceptor: Acceptor): HandshakeGuard {
  const { maxConns } = acceptor.config;
  /** A socket that failed has no address any more. */
  const ips = new WeakMap<object, string>();
  let open = 0;
  let served = 0;
  server.prependListener('connection', (socket: Socket) => {
    const ip = plainIp(socket.remoteAddress);
    if ((maxConns > 0 && open - served >= maxConns) || !acceptor.admits(ip)) {
      socket.destroy();
      return;
    }
    ips.set(socket, ip);
    open++;
    socket.once('close', () => {
      open--;
    });
  });
  server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
    const ip = ips.get(socketBelow(socket));
    // Without an address it was refused above, and that has been told.
    if (ip !== undefined) acceptor.failed(handshakeError(error, socket), ip);
    socket.destroy();
  });
  return {
    over: (socket) => {
      served++;
      socket.once('close', () => {
        served--;
      });
    },
  };
}

/** What TLS runs over. Node has no other name for it. */
function socketBelow(socket: TLSSocket): object {
  const parent: unknown = Reflect.get(socket, '_parent');
  return typeof parent === 'object' && parent !== null ? parent : socket;
}
