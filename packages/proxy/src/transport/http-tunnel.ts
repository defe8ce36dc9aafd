import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { dial } from './dial.js';
import { hostAndPort } from './endpoint-target.js';
import { codeOf, TransportError } from './transport-error.js';
import { type Tunnel, unreachableError } from './tunnel.js';

/** What to look at when a proxy refuses with a status. */
const advice: Readonly<Record<number, string>> = {
  403: ': it does not allow this host or port',
  405: ': it is no proxy, or allows no CONNECT',
  407: ': it wants a user and a password, or others than those of the property proxy',
  502: ': it could not reach the host',
  503: ': it could not reach the host',
  504: ': it could not reach the host in time',
};

/** A socket through a proxy that understands CONNECT, with Basic authentication. Source: RFC 9110 section 9.3.6, RFC 7617. */
export async function openHttpTunnel(tunnel: Tunnel): Promise<Socket> {
  const { proxy, name, host, port, signal } = tunnel;
  const target = hostAndPort(host, port);
  const headers: Record<string, string> = { Host: target };
  if (proxy.user !== undefined) {
    const credentials = Buffer.from(`${proxy.user}:${proxy.password ?? ''}`).toString('base64');
    headers['Proxy-Authorization'] = `Basic ${credentials}`;
  }
  let carrier: Socket;
  try {
    carrier = await dial(proxy.host, proxy.port, signal);
  } catch (cause) {
    throw unreachableError(tunnel, cause);
  }
  return new Promise((resolve, reject) => {
    const asked = request({ method: 'CONNECT', path: target, headers, createConnection: () => carrier, signal });
    // Node gives every answer to CONNECT here, whatever its status.
    asked.once('connect', (answer: IncomingMessage, socket: Socket, head: Buffer) => {
      const status = answer.statusCode ?? 0;
      if (status < 200 || status > 299) {
        socket.destroy();
        const text = `${status} ${answer.statusMessage ?? ''}`.trim();
        reject(new TransportError(`${name} answered ${text} to CONNECT ${target}${advice[status] ?? ''}`));
        return;
      }
      // A server that speaks first may have done so already.
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    asked.on('error', (error) => {
      reject(
        codeOf(error).startsWith('HPE_')
          ? new TransportError(`${name} does not speak HTTP (${codeOf(error)}): check the property proxy`, error)
          : unreachableError(tunnel, error),
      );
    });
    asked.end();
  });
}
