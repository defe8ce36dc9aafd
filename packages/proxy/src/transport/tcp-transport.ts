import { connect, type Socket } from 'node:net';
import type { Endpoint } from '@tarsier/protocol';
import { writeAllTo, writeTo } from './socket-writes.js';
import type { Transport, TransportConnection, TransportHandlers } from './transport.js';

/**
 * Connections over TCP, or over a Unix socket when the endpoint's port is 0. Nagle's algorithm is off, keepalive probes are on.
 * Source: TC_TCPTransceiver (TarsCpp).
 */
export class TcpTransport implements Transport {
  readonly name = 'tcp';

  canConnect(endpoint: Endpoint): boolean {
    return endpoint.type === 'tcp';
  }

  connect(endpoint: Endpoint, handlers: TransportHandlers): TransportConnection {
    return new TcpConnection(endpoint, handlers);
  }
}

class TcpConnection implements TransportConnection {
  readonly #socket: Socket;
  #error: Error | undefined;

  constructor(endpoint: Endpoint, handlers: TransportHandlers) {
    const socket = endpoint.isUnix
      ? connect({ path: endpoint.host })
      : connect({ host: endpoint.host, port: endpoint.port, noDelay: true, keepAlive: true });
    this.#socket = socket;
    socket.on('connect', () => {
      handlers.onConnect();
    });
    socket.on('data', (chunk: Buffer) => {
      handlers.onData(chunk);
    });
    socket.on('drain', () => {
      handlers.onDrain();
    });
    socket.on('end', () => {
      handlers.onEnd();
    });
    // 'close' follows every 'error', so that the end is told once.
    socket.on('error', (error: Error) => {
      this.#error ??= error;
    });
    socket.on('close', () => {
      handlers.onClose(this.#error);
    });
  }

  write(bytes: Uint8Array): boolean {
    return writeTo(this.#socket, bytes);
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    return writeAllTo(this.#socket, parts);
  }

  close(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
