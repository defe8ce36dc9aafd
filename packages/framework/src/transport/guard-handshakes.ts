import type { Server, Socket } from 'node:net';
import type { Acceptor } from './server-transport.js';
import { plainIp } from './socket-wire.js';

/**
 * Asks the adapter before a handshake begins, and bounds how many go on at a time: who is not let in, or only connects, is not to
 * cost cryptography or memory.
 *
 * @returns the function to be told of each socket whose handshake is over.
 */
export function guardHandshakes(server: Server, acceptor: Acceptor): (socket: Socket) => void {
  const { maxConns } = acceptor.config;
  let open = 0;
  let served = 0;
  server.prependListener('connection', (socket: Socket) => {
    if ((maxConns > 0 && open - served >= maxConns) || !acceptor.admits(plainIp(socket.remoteAddress))) {
      socket.destroy();
      return;
    }
    open++;
    socket.once('close', () => {
      open--;
    });
  });
  return (socket) => {
    served++;
    socket.once('close', () => {
      served--;
    });
  };
}
