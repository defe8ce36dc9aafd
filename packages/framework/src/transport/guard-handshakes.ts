import type { Server, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Admission } from '../adapter/admission.js';
import { plainIp } from '../adapter/peer-address.js';
import { handshakeError } from './handshake-error.js';
import { refuse } from './refuse.js';
import type { Acceptor } from './server-transport.js';

/** Watches over the handshakes of one port. */
export interface HandshakeGuard {
  /** To be told of each socket whose handshake is over. Gives the place that the peer got before it. */
  over(socket: Socket): Admission | undefined;
}

/**
 * Asks the adapter before a handshake begins, and bounds how many go on at a time: who is not let in, or only connects, is not to
 * cost cryptography or memory. Reports handshakes of TLS that fail.
 */
export function guardHandshakes(server: Server, acceptor: Acceptor): HandshakeGuard {
  const { maxConns } = acceptor.config;
  /** A socket that failed has no address any more. */
  const admissions = new WeakMap<object, Admission>();
  let open = 0;
  let served = 0;
  server.prependListener('connection', (socket: Socket) => {
    const isFull = maxConns > 0 && open - served >= maxConns;
    const admission = isFull ? undefined : acceptor.admit(plainIp(socket.remoteAddress));
    if (admission === undefined) {
      refuse(socket);
      return;
    }
    admissions.set(socket, admission);
    open++;
    socket.once('close', () => {
      open--;
      admission.leave();
    });
  });
  server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
    const ip = admissions.get(socketBelow(socket))?.ip;
    // Without an address it was refused above, and that has been told.
    if (ip !== undefined) acceptor.failed(handshakeError(error, socket), ip);
    refuse(socket);
  });
  return {
    over: (socket) => {
      served++;
      socket.once('close', () => {
        served--;
      });
      return admissions.get(socketBelow(socket));
    },
  };
}

/** What TLS runs over, or the socket itself without TLS. Node has no other name for it. */
function socketBelow(socket: Socket): object {
  const parent: unknown = Reflect.get(socket, '_parent');
  return typeof parent === 'object' && parent !== null ? parent : socket;
}
