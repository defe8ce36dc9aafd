import { PieceQueue } from '../connection/piece-queue.js';
import type { Environment } from '../environment.js';
import { environmentOptions } from '../environment-options.web.js';
import { WebSocketTransport } from './web-socket-transport.web.js';

/** What a client uses outside Node unless it is given something else. */
export const environment: Environment = {
  name: 'this browser',
  transports: [new WebSocketTransport()],
  options: environmentOptions,
  defer(run) {
    queueMicrotask(run);
  },
  packets({ connection }) {
    if (connection.isDatagram === true) throw new Error('there are no datagrams in this browser');
    return new PieceQueue(connection);
  },
  allocate: (size) => new Uint8Array(size),
};
