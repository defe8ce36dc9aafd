import type { Socket } from 'node:net';
import { offAbort, onAbort } from '../call/abort-targets.js';
import { dial } from './dial.js';
import { hostAndPort } from './endpoint-target.js';
import { codeOf, shortly, TransportError } from './transport-error.js';
import { type Tunnel, unreachableError } from './tunnel.js';

/** The package that speaks with the proxy. It is loaded when the first one is used: it is not installed where nobody needs it. */
type Load = () => Promise<typeof import('socks')>;

/** Not a literal: a bundler would ask for the package in every server, though few need it and it is not installed with us. */
const load: Load = () => importOptional('socks');

async function importOptional(id: string): ReturnType<Load> {
  return (await import(/* webpackIgnore: true */ /* @vite-ignore */ id)) as Awaited<ReturnType<Load>>;
}

/** A socket through a SOCKS5 proxy, with or without user and password. Source: RFC 1928, RFC 1929. */
export async function openSocksTunnel(tunnel: Tunnel, loadSocks: Load = load): Promise<Socket> {
  const { proxy, name, host, port, signal } = tunnel;
  const { SocksClient } = await installed(loadSocks);
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
  const abort = { handleEvent: destroy };
  onAbort(signal, abort);
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
    offAbort(signal, abort);
    // The connection listens for errors itself, from the next microtask on.
    socket.off('error', ignore);
  }
  return socket;
}

async function installed(loadSocks: Load): Promise<Awaited<ReturnType<Load>>> {
  try {
    return await loadSocks();
  } catch (cause) {
    if (codeOf(cause) !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new TransportError('SOCKS5 proxies need the package socks, which is not installed: npm install socks', cause);
  }
}
