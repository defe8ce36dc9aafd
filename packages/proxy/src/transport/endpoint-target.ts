import type { Endpoint } from '@tarsier/protocol';

/** Host and port as in a URL: `host:port`, `[::1]:port`. */
export function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What an endpoint connects to, for messages: `host:port`, or the path of a Unix socket. */
export function targetOf(endpoint: Endpoint): string {
  return endpoint.isUnix ? endpoint.host : hostAndPort(endpoint.host, endpoint.port);
}
