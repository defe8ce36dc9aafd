import type { ServerTransport } from './server-transport.js';
import { TcpServerTransport } from './tcp-server-transport.js';

/** How an application listens unless it is given something else. */
export const defaultServerTransports: readonly ServerTransport[] = [new TcpServerTransport()];
