import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns';
import type { Endpoint } from '@tarsier/protocol';
import type { ConnectOptions } from './connect-options.js';
import { targetOf } from './endpoint-target.js';
import type { Transport, TransportConnection, TransportHandlers } from './transport.js';
import { codeOf, TransportError } from './transport-error.js';
import { sendQueueSize } from './udp-send-queue.js';

/** The most that one datagram can carry over IPv4. Source: RFC 768, RFC 791: 65535 less 8 and 20. */
const MAX_DATAGRAM_BYTES = 65_507;
/** A write says that it is enough while more bytes wait for the kernel. */
const HIGH_WATER_BYTES = 262_144;

/**
 * Datagrams over UDP, from a port of its own for each connection.
 *
 * The socket is connected: only what comes from the server is taken, and a host that says that nobody listens there ends the
 * connection, so that calls fail at once and not when they time out. What the network loses is lost; nothing is sent again.
 * Source: TC_UDPTransceiver (TarsCpp), whose calls wait for their timeout in that case.
 */
export class UdpTransport implements Transport {
  readonly name = 'udp';

  canConnect(endpoint: Endpoint): boolean {
    return endpoint.type === 'udp';
  }

  connect(endpoint: Endpoint, handlers: TransportHandlers, { forwardProxy }: ConnectOptions): TransportConnection {
    if (forwardProxy !== undefined) {
      const problem = `datagrams cannot go through a proxy of type ${forwardProxy.type}`;
      throw new TransportError(`${problem}: call over tcp, or give this object none (property proxy, setProxy)`);
    }
    if (endpoint.isUnix)
      throw new TransportError('a udp endpoint needs a port: Unix sockets for datagrams are not served');
    return new UdpConnection(endpoint, handlers);
  }
}

class UdpConnection implements TransportConnection {
  readonly isDatagram = true;
  readonly maxDatagramBytes: number = MAX_DATAGRAM_BYTES;
  readonly #endpoint: Endpoint;
  readonly #handlers: TransportHandlers;
  #socket: Socket | undefined;
  #isConnected = false;
  #isClosing = false;
  #error: Error | undefined;
  /** Datagrams whose sending is not confirmed yet, and their bytes. */
  #waiting = 0;
  #unconfirmed = 0;
  #isFull = false;

  constructor(endpoint: Endpoint, handlers: TransportHandlers) {
    this.#endpoint = endpoint;
    this.#handlers = handlers;
    // The family decides on the kind of socket, so it has to be known before. No other address can be tried when nobody answers:
    // the one of IPv4 comes first, because servers listen there.
    lookup(endpoint.host, { verbatim: false }, (error, address, family) => {
      if (this.#isClosing || error !== null) handlers.onClose(this.#isClosing ? undefined : (error ?? undefined));
      else this.#open(address, family === 6 ? 'udp6' : 'udp4');
    });
  }

  /** Node throws at what it does not take, and this is an event: nobody would catch it. */
  #open(address: string, type: 'udp4' | 'udp6'): void {
    try {
      this.#connect(createSocket(type), address);
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      if (this.#socket === undefined) this.#handlers.onClose(cause);
      else this.#fail(cause);
    }
  }

  #connect(socket: Socket, address: string): void {
    this.#socket = socket;
    socket.on('message', (datagram) => {
      this.#handlers.onData(datagram);
    });
    socket.on('error', (error) => {
      this.#fail(error);
    });
    socket.on('close', () => {
      this.#handlers.onClose(this.#error);
    });
    socket.on('connect', () => {
      if (this.#isClosing) return;
      this.#isConnected = true;
      this.#handlers.onConnect();
    });
    socket.connect(this.#endpoint.port, address);
  }

  get waitingBytes(): number {
    return this.#isConnected && this.#socket !== undefined ? sendQueueSize(this.#socket, this.#unconfirmed) : 0;
  }

  write(bytes: Uint8Array): boolean {
    const socket = this.#socket;
    if (socket === undefined || !this.#isConnected || this.#isClosing) return true;
    this.#waiting++;
    this.#unconfirmed += bytes.length;
    try {
      socket.send(bytes, this.#sent);
    } catch (error) {
      // Nobody is called back then. It is told later: nothing may be from within a write.
      const cause = error instanceof Error ? error : new Error(String(error));
      queueMicrotask(() => {
        this.#sent(cause, bytes.length);
      });
    }
    this.#isFull = this.waitingBytes > HIGH_WATER_BYTES;
    return !this.#isFull;
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    let hasRoom = true;
    for (const part of parts) hasRoom = this.write(part);
    return hasRoom;
  }

  /** One for all datagrams. */
  readonly #sent = (error: Error | null, bytes?: number): void => {
    this.#waiting--;
    this.#unconfirmed = this.#waiting === 0 ? 0 : this.#unconfirmed - (bytes ?? 0);
    if (error !== null) this.#fail(error);
    if (this.#isClosing) {
      if (this.#waiting === 0) this.destroy();
    } else if (this.#isFull && this.waitingBytes <= HIGH_WATER_BYTES / 2) {
      this.#isFull = false;
      this.#handlers.onDrain();
    }
  };

  #fail(error: Error): void {
    if (this.#isClosing) return;
    this.#error = this.#explain(error);
    this.destroy();
  }

  #explain(error: Error): Error {
    const target = targetOf(this.#endpoint);
    switch (codeOf(error)) {
      case 'ECONNREFUSED':
        return new TransportError(`nobody listens on UDP ${target} (ECONNREFUSED)`, error);
      case 'EMSGSIZE':
        return new TransportError(
          `a datagram to ${target} was larger than this system sends (EMSGSIZE); send less, or call over tcp`,
          error,
        );
      default:
        return error;
    }
  }

  close(): void {
    this.#isClosing = true;
    if (this.#waiting === 0) this.destroy();
  }

  destroy(): void {
    this.#isClosing = true;
    this.#isConnected = false;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }
}
