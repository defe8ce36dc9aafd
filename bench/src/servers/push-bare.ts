import { type AddressInfo, createServer, type Socket } from 'node:net';
import { serveParent, sharedNowMs } from '../child.js';
import { packets } from '../protocol.js';

/** Pushes by hand: a loop of `socket.write` over all connections. */
const sockets = new Set<Socket>();
const packet = packets(1, 32, 0);

const server = createServer({ noDelay: true }, (socket) => {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => sockets.delete(socket));
  socket.resume();
});

/** Queues so many pushes for every connection, in one tick. @returns when it began. */
function push(count: number): number {
  const beganMs = sharedNowMs();
  for (let i = 0; i < count; i++) {
    for (const socket of sockets) socket.write(packet);
  }
  return beganMs;
}

server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  serveParent({ port: () => (server.address() as AddressInfo).port, connections: () => sockets.size, push });
});
