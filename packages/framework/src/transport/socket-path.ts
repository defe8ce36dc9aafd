import { isIP } from 'node:net';
import type { Endpoint } from '@tarsier/protocol';

/**
 * Whether a server listens on a Unix socket. Port 0 means that in TARS; with an IP address it can only mean that the system shall choose a
 * port, and udp is not served over Unix sockets. Whoever calls a Unix socket has no address.
 */
export function isSocketPath(endpoint: Endpoint): boolean {
  return endpoint.type !== 'udp' && endpoint.port === 0 && isIP(endpoint.host) === 0;
}
