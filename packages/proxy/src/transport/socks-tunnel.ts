import type { Socket } from 'node:net';
import { dial } from './dial.js';
import { hostAndPort } from './endpoint-target.js';
import { codeOf, shortly, TransportError } from './transport-error.js';
import { type Tunnel, unreachableError } from './tunnel.js';

/** The package that speaks with the proxy. It is loaded when the first one is used: it is not installed where nobody needs it. */
type Load = () => Promise<typeof import('socks')>;

/** A socket through a SOCKS5 proxy, with or without user and password. Source: RFC 1928, RFC 1929. */
export async function openSocksTunnel(tunnel: Tunnel, load: Load = () => import('socks')): Promise<Socket> {
  const { proxy, name, host, port, signal } = tunnel;
  const { SocksClient } = await installed(load);
  signal.throwIfAborted();
  let socket: Socket;
  try {
    socket = await dial(proxy.host, proxy.port, signal);
  } catch (cause) {
    throw unreachableError(tunnel, cause);
  }
  const destroy = (): void => {
    socket.destroy();
  };
  signal.addEventListener('abort', destroy, { once: true });
  // What is wrong is told by the waits below; without this an error between them would end the process.
  const ignore = (): void => undefined;
  socket.on('error', ignore);
  try {
    await SocksClient.createConnection({
      proxy: {
        host: proxy.host,
        port: proxy.port,
        type: 5,
        ...(proxy.user === undefined ? {} : { userId: proxy.user, password: proxy.password ?? '' }),
      },
      command: 'connect',
      destination: { host, port },
      existing_socket: socket,
    });
  } catch (cause) {
    destroy();
    const problem = `${name} did not connect to ${hostAndPort(host, port)} (${shortly(cause)})`;
    throw new TransportError(`${problem}: check its rules, and user and password in the property proxy`, cause);
  } finally {
    signal.removeEventListener('abort', destroy);
    // The connection listens for errors itself, from the next microtask on.
    socket.off('error', ignore);
  }
  return socket;
}

async function installed(load: Load): Promise<Awaited<ReturnType<Load>>> {
  try {
    return await load();
  } catch (cause) {
    if (codeOf(cause) !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new TransportError('SOCKS5 proxies need the package socks, which is not installed: npm install socks', cause);
  }
}
