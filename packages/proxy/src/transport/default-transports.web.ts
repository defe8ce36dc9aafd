import type { Environment } from './transport.js';
import { WebSocketTransport } from './web-socket-transport.web.js';

/** What a client uses outside Node unless it is given something else. */
export const environment: Environment = {
  name: 'this browser',
  transports: [new WebSocketTransport()],
  defer(run) {
    queueMicrotask(run);
  },
  allocate: (size) => new Uint8Array(size),
};
