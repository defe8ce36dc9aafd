import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import type { Endpoint } from '@tarsier/protocol';
import { sendQueueSize } from '@tarsier/proxy/internal';
import { plainIp } from '../adapter/peer-address.js';
import type { Acceptor, Listening, ServerTransport } from './server-transport.js';
import { withPort } from './socket-listen.js';

/** The kernel holds so many bytes that were not read yet, as far as it lets us: what is beyond it is lost. */
const RECEIVE_BYTES = 1_048_576;

/** UDP: each datagram is served by itself, and answered from the port that it was sent to. Source: the UDP adapters of TarsCpp. */
export class UdpServerTransport implements ServerTransport {
  readonly name = 'udp';

  canListen(endpoint: Endpoint): boolean {
    return endpoint.type === 'udp';
  }

  async listen(acceptor: Acceptor): Promise<Listening> {
    const { endpoint } = acceptor.config;
    if (endpoint.host.includes('/')) {
      throw new Error('a udp endpoint needs a host: Unix sockets for datagrams are not served');
    }
    const { address, family } = await lookup(endpoint.host, { verbatim: false });
    const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4', recvBufferSize: RECEIVE_BYTES });
    await bind(socket, endpoint.port, address);
    socket.on('error', (error) => {
      acceptor.failed(error);
    });
    const answers = new Answers(socket);
    serve(socket, answers, acceptor);
    return {
      endpoint: withPort(endpoint, socket.address().port),
      // There is nobody to turn away: what comes until the last request is answered is served.
      close: () => {},
      release: () => answers.close(),
    };
  }
}

/** The datagrams that the kernel has not taken yet. */
class Answers {
  readonly #socket: Socket;
  #pending = 0;
  #unconfirmed = 0;
  #whenSent: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  get waitingBytes(): number {
    return sendQueueSize(this.#socket, this.#unconfirmed);
  }

  send(bytes: Uint8Array, port: number, address: string, failed: (error: Error) => void): void {
    const { length } = bytes;
    this.#pending++;
    this.#unconfirmed += length;
    const sent = (error: Error | null): void => {
      this.#pending--;
      this.#unconfirmed -= length;
      if (error !== null) failed(error);
      if (this.#pending === 0) this.#whenSent?.();
    };
    try {
      this.#socket.send(bytes, port, address, sent);
    } catch (error) {
      // Node throws at what it does not take, and calls nobody back then.
      sent(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Closes the socket when all are sent: it would drop them. */
  async close(): Promise<void> {
    if (this.#pending > 0) {
      await new Promise<void>((resolve) => {
        this.#whenSent = resolve;
      });
    }
    await new Promise<void>((resolve) => {
      this.#socket.close(resolve);
    });
  }
}

function bind(socket: Socket, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      socket.close();
      reject(error);
    };
    socket.once('error', fail);
    // Not exclusive: workers share it.
    socket.bind({ port, address, exclusive: false }, () => {
      socket.off('error', fail);
      resolve();
    });
  });
}

function serve(socket: Socket, answers: Answers, acceptor: Acceptor): void {
  const { maxSendBytes } = acceptor.config;
  socket.on('message', (datagram, { address, port }) => {
    const ip = plainIp(address);
    const failed = (error: Error): void => {
      acceptor.datagramFailed(error, address, port);
    };
    acceptor.datagram(datagram, ip, port, (bytes) => {
      if (answers.waitingBytes + bytes.length > maxSendBytes) return false;
      answers.send(bytes, port, address, failed);
      return true;
    });
  });
}
