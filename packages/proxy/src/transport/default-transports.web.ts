import type { Environment } from './transport.js';

/** What a client uses outside Node unless it is given something else: there is no transport yet. */
export const environment: Environment = {
  name: 'this browser',
  transports: [],
  defer(run) {
    queueMicrotask(run);
  },
  allocate: (size) => new Uint8Array(size),
};
