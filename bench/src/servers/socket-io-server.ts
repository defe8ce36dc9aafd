import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { serveParent, sharedNowMs } from '../child.js';
import { packets } from '../protocol.js';

/** Pushes with socket.io over WebSocket, to all that are connected. */
const packet = packets(1, 32, 0);
const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  perMessageDeflate: false,
  serveClient: false,
  pingInterval: 3_600_000,
});

/** Makes so many pushes in one tick. @returns when it began. */
function push(count: number): number {
  const beganMs = sharedNowMs();
  for (let i = 0; i < count; i++) io.emit('push', packet);
  return beganMs;
}

http.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  serveParent({
    port: () => (http.address() as AddressInfo).port,
    connections: () => io.of('/').sockets.size,
    push,
  });
});
