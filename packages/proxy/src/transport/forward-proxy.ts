import type { Socket } from 'node:net';
import type { Endpoint } from '@tarsier/protocol';
import type { ForwardProxy } from './connect-options.js';
import { hostAndPort } from './endpoint-target.js';
import { openHttpTunnel } from './http-tunnel.js';
import { openSocksTunnel } from './socks-tunnel.js';

/**
 * A socket that a forward proxy has connected to an endpoint. Names are looked up by the proxy.
 *
 * Rejects with a `TransportError` that names the proxy and what it said.
 */
export async function openTunnel(proxy: ForwardProxy, endpoint: Endpoint, signal: AbortSignal): Promise<Socket> {
  const name = `the proxy ${proxy.type}://${hostAndPort(proxy.host, proxy.port)}`;
  const tunnel = { proxy, name, host: endpoint.host, port: endpoint.port, signal };
  const socket = await (proxy.type === 'http' ? openHttpTunnel(tunnel) : openSocksTunnel(tunnel));
  socket.setNoDelay(true);
  socket.setKeepAlive(true);
  return socket;
}
