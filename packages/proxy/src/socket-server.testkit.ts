import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { packetsOf } from './call/id-protocol.testkit.js';

/** What a test server does with one request. */
export type Answer = (socket: Socket, request: { id: number; body: string }) => void;

/** A bare server that speaks the protocol of ids. */
export class SocketServer {
  readonly sockets = new Set<Socket>();
  /** Bodies of all requests, in the order in which they came. */
  readonly requests: string[] = [];
  accepted = 0;
  readonly #server: Server;

  constructor(answer: Answer) {
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.accepted++;
      this.sockets.add(socket);
      let rest = Buffer.alloc(0) as Buffer;
      socket.on('data', (chunk) => {
        const cut = packetsOf(Buffer.concat([rest, chunk]));
        rest = cut.rest;
        for (const request of cut.packets) {
          this.requests.push(request.body);
          answer(socket, request);
        }
      });
      // Resets are what some tests are about.
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  /** Listens, by default on a port that is free; returns the endpoint. */
  async listen(port = 0, host = '127.0.0.1'): Promise<string> {
    this.#server.listen(port, host);
    await once(this.#server, 'listening');
    return `tcp -h ${host} -p ${this.port}`;
  }

  /** Listens on a Unix socket. */
  async listenAt(path: string): Promise<void> {
    this.#server.listen(path);
    await once(this.#server, 'listening');
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The connection of a client that has only one. */
  get socket(): Socket {
    const [socket] = this.sockets;
    if (socket === undefined) throw new Error('nobody is connected');
    return socket;
  }

  /** Stops accepting and closes what is open. */
  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  const server = new SocketServer(() => undefined);
  await server.listen();
  const { port } = server;
  await server.stop();
  return port;
}
