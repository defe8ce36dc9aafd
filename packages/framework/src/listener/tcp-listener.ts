import { createServer, isIP, type Server, type Socket } from 'node:net';
import { Endpoint, TarsException } from '@tarsier/protocol';
import type { BindAdapterImpl } from '../adapter/bind-adapter-impl.js';
import { Connection } from '../connection/connection.js';
import { LOG } from '../log/log.js';

/** As TARS: the kernel holds so many connections that are not accepted yet. */
const BACKLOG = 10_240;

const connectionOf = Symbol('connection');

/** A socket knows its connection, so that one function serves the events of all sockets: no closures per connection. */
interface ServedSocket extends Socket {
  [connectionOf]: Connection;
}

function onData(this: ServedSocket, chunk: Buffer): void {
  this[connectionOf].receive(chunk);
}

function onEnd(this: ServedSocket): void {
  this[connectionOf].peerEnded();
}

function onDrain(this: ServedSocket): void {
  this[connectionOf].drained();
}

function onError(this: ServedSocket, error: NodeJS.ErrnoException): void {
  const connection = this[connectionOf];
  const message = `the connection to ${connection.ip}:${connection.port} broke: ${error.message}`;
  connection.socketFailed(
    new TarsException(message, { code: 'TARSIER_CONNECTION_LOST', cause: error, where: { peer: connection.ip } }),
  );
}

function onClose(this: ServedSocket): void {
  this[connectionOf].socketClosed();
}

/** An IPv4 peer of a socket that listens on IPv6 too appears as `::ffff:10.0.0.1`. */
function plainIp(address: string | undefined): string {
  if (address === undefined) return '';
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address;
}

/** Accepts the TCP (or Unix socket) connections of one adapter. */
export class TcpListener {
  readonly #adapter: BindAdapterImpl;
  readonly #server: Server;
  readonly #onAccept: (connection: Connection) => void;

  /** @param onAccept runs for each accepted connection before its first byte is read; what it throws is logged. */
  constructor(adapter: BindAdapterImpl, onAccept: (connection: Connection) => void) {
    this.#adapter = adapter;
    this.#onAccept = onAccept;
    // allowHalfOpen: a peer that has sent its last byte still gets the answers to what it sent.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true, keepAlive: true }, (socket) => {
      this.#accept(socket);
    });
  }

  /**
   * Opens the port. Resolves when it listens; the adapter then tells the port if the system chose it (`-p 0` with an address).
   *
   * @throws TarsException `TARSIER_LISTEN_FAILED`, with what the system said.
   */
  listen(): Promise<void> {
    const adapter = this.#adapter;
    const endpoint = adapter.getEndpoint();
    const server = this.#server;
    return new Promise((resolve, reject) => {
      const fail = (error: NodeJS.ErrnoException) => {
        reject(listenError(adapter, error));
      };
      server.once('error', fail);
      server.listen(
        isSocketPath(endpoint)
          ? { path: endpoint.host, backlog: BACKLOG }
          : { host: endpoint.host, port: endpoint.port, backlog: BACKLOG },
        () => {
          server.off('error', fail);
          server.on('error', (error) => {
            LOG.error('an adapter cannot accept', { adapter: adapter.getName(), err: error });
          });
          const address = server.address();
          if (address !== null && typeof address === 'object' && address.port !== endpoint.port) {
            const { type, host, timeoutMs } = endpoint;
            adapter.setEndpoint(Endpoint.of({ type, host, port: address.port, timeoutMs }));
          }
          resolve();
        },
      );
    });
  }

  /** Stops accepting; connections that are open stay so. */
  close(): void {
    if (this.#server.listening) this.#server.close();
  }

  #accept(socket: Socket): void {
    const adapter = this.#adapter;
    const ip = plainIp(socket.remoteAddress);
    if (!adapter.accepts(ip)) {
      socket.on('error', ignore);
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, adapter, ip, socket.remotePort ?? 0);
    const served = socket as ServedSocket;
    served[connectionOf] = connection;
    adapter.add(connection);
    try {
      this.#onAccept(connection);
    } catch (error) {
      adapter.onHandlerError(connection, error);
    }
    socket.on('data', onData);
    socket.on('end', onEnd);
    socket.on('drain', onDrain);
    socket.on('error', onError);
    socket.on('close', onClose);
  }
}

/** A refused peer is nobody's concern any more: its socket is being destroyed. */
function ignore(): void {}

/** Port 0 means a Unix socket in TARS; with an IP address it can only mean that the system shall choose a port. */
function isSocketPath(endpoint: Endpoint): boolean {
  return endpoint.port === 0 && isIP(endpoint.host) === 0;
}

function listenError(adapter: BindAdapterImpl, cause: NodeJS.ErrnoException): TarsException {
  const endpoint = adapter.getEndpoint().toString();
  const advice: Record<string, string> = {
    EADDRINUSE: 'the port is in use: stop the program that has it, or change -p',
    EACCES: 'not permitted: ports below 1024 and foreign paths need rights',
    EADDRNOTAVAIL: 'this machine has no such address: change -h',
  };
  const why = advice[cause.code ?? ''] ?? cause.message;
  return new TarsException(`adapter ${adapter.getName()} cannot listen on ${endpoint}: ${why}`, {
    code: 'TARSIER_LISTEN_FAILED',
    cause,
    where: { endpoint, key: 'endpoint' },
  });
}
