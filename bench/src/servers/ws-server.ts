import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { serveParent, sharedNowMs } from '../child.js';
import { packets } from '../protocol.js';

/** Pushes over WebSocket by hand: a loop over the clients of `ws`. */
const packet = packets(1, 32, 0);
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false, backlog: 4096 });

/** Makes so many pushes in one tick. @returns when it began. */
function push(count: number): number {
  const beganMs = sharedNowMs();
  for (let i = 0; i < count; i++) {
    for (const client of server.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(packet, { binary: true });
    }
  }
  return beganMs;
}

server.on('listening', () => {
  serveParent({
    port: () => (server.address() as AddressInfo).port,
    connections: () => server.clients.size,
    push,
  });
});
