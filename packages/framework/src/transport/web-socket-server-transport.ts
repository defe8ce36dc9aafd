import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Endpoint } from '@tarsier/protocol';
import type { WebSocketServer } from 'ws';
import { plainIp } from '../adapter/peer-address.js';
import type { WireHandlers } from '../connection/wire.js';
import { guardHandshakes, type HandshakeGuard } from './guard-handshakes.js';
import { refuse, refuseWith } from './refuse.js';
import { ServerCertificates } from './server-certificates.js';
import type { Acceptor, Listening, ServerTransport } from './server-transport.js';
import { listenOn } from './socket-listen.js';
import { tlsConfigOf } from './tls-config-of.js';
import { UpgradeCheck } from './upgrade-check.js';
import type { WebSocketConfig } from './web-socket-config.js';
import { WebSocketWire } from './web-socket-wire.js';

/** How often half-finished handshakes are looked at, in ms. */
const CHECK_MS = 1000;
/** How long a closing handshake may take that a peer has begun, in ms; those that this side begins have shorter times of their own. */
const CLOSE_MS = 3000;

/** WebSocket, over TCP or a Unix socket (`ws`), or TLS over one of them (`wss`). The package `ws` is loaded with the first such port. */
export class WebSocketServerTransport implements ServerTransport {
  readonly name = 'ws';

  canListen(endpoint: Endpoint): boolean {
    return endpoint.type === 'ws' || endpoint.type === 'wss';
  }

  async listen(acceptor: Acceptor): Promise<Listening> {
    const { config } = acceptor;
    const settings = config.webSocket ?? {
      isTextAllowed: false,
      pingMs: 0,
      maxMessageBytes: 0,
      hosts: [],
      origins: [],
    };
    const { WebSocketServer: Upgrader } = await import('ws');
    // A variable: the types do not know closeTimeout.
    const upgraderOptions = {
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: settings.maxMessageBytes,
      closeTimeout: CLOSE_MS,
    };
    const upgrader = new Upgrader(upgraderOptions);
    const timeouts: ServerOptions = {
      headersTimeout: config.handshakeTimeoutMs,
      requestTimeout: config.handshakeTimeoutMs,
      connectionsCheckingInterval: CHECK_MS,
      noDelay: true,
      keepAlive: true,
    };
    let certificates: ServerCertificates | undefined;
    let server: Server;
    if (config.endpoint.type === 'wss') {
      certificates = new ServerCertificates(tlsConfigOf(config), config.name);
      await certificates.load();
      const secure = createSecureServer({ ...timeouts, ...certificates.options(config.handshakeTimeoutMs) });
      certificates.serve(secure);
      server = secure;
    } else {
      server = createServer(timeouts);
    }
    const port = new WebSocketPort(acceptor, settings, upgrader, guardHandshakes(server, acceptor));
    // Each as the first: Node would tell who expects something else to go on, and keep the connection.
    for (const event of ['request', 'checkContinue', 'checkExpectation']) server.on(event, refuseRequest);
    server.on('clientError', (error, socket) => {
      port.clientFailed(error, socket);
    });
    server.on('upgrade', (request, socket, head) => {
      port.upgrade(request, socket, head);
    });
    const listening = await listenOn(server, acceptor);
    port.startPings();
    const close = (): void => {
      listening.close();
      port.close();
      // Browsers open connections in advance, and keep them; none of them is a WebSocket.
      server.closeIdleConnections();
    };
    return certificates === undefined ? { ...listening, close } : { ...listening, close, certificates };
  }
}

/** Answers a request that wants no WebSocket. */
function refuseRequest({ socket }: IncomingMessage, response: ServerResponse): void {
  refuse(socket, () => {
    response.writeHead(426, { connection: 'close', upgrade: 'websocket', 'content-type': 'text/plain' });
    response.end('this is a WebSocket endpoint\n');
  });
}

/** A whole answer that ends the connection. */
function answer(status: number, fields = ''): string {
  const reason = STATUS_CODES[status] ?? '';
  return `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\n${fields}Content-Length: 0\r\n\r\n`;
}

/** What is answered to bytes that are no request, by the code of the error; others are answered 400. */
const statuses: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** One port: who may pass from HTTP to WebSocket, and the pings of those who did. */
class WebSocketPort {
  readonly #acceptor: Acceptor;
  readonly #settings: WebSocketConfig;
  readonly #upgrader: WebSocketServer;
  readonly #guard: HandshakeGuard;
  readonly #check: UpgradeCheck;
  readonly #open = new Map<WebSocketWire, WireHandlers>();
  #pings: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(acceptor: Acceptor, settings: WebSocketConfig, upgrader: WebSocketServer, guard: HandshakeGuard) {
    this.#acceptor = acceptor;
    this.#settings = settings;
    this.#upgrader = upgrader;
    this.#guard = guard;
    const { type, path } = acceptor.config.endpoint;
    this.#check = new UpgradeCheck(path, type === 'wss' ? 'https' : 'http', settings);
    // What the check lets pass and ws does not: a key or a subprotocol that is none.
    upgrader.on('wsClientError', (error, socket, request) => {
      this.#refuse(socket, 400, request, error.message);
    });
  }

  /** Pings go on as long as somebody is connected, hence beyond the end of listening. */
  startPings(): void {
    const { pingMs } = this.#settings;
    if (pingMs === 0) return;
    this.#pings = setInterval(() => {
      for (const [wire, handlers] of this.#open) wire.ping(handlers);
    }, pingMs).unref();
  }

  /** Nobody is accepted any more. */
  close(): void {
    this.#isClosed = true;
    this.#stopPingsIfDone();
  }

  #stopPingsIfDone(): void {
    if (this.#isClosed && this.#open.size === 0) clearInterval(this.#pings);
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.#check.refusalOf(request);
    if (refusal !== undefined) {
      this.#refuse(socket, refusal.status, request, refusal.problem, refusal.fields);
      return;
    }
    this.#upgrader.handleUpgrade(request, socket, head, (webSocket) => {
      const raw = request.socket;
      const admission = this.#guard.over(raw);
      const wire = new WebSocketWire(webSocket, raw, this.#settings.isTextAllowed);
      const handlers = this.#acceptor.accept(wire, plainIp(raw.remoteAddress), raw.remotePort ?? 0, admission);
      if (handlers === undefined) {
        webSocket.on('error', () => undefined);
        refuse(raw, () => {
          // 1013: try again later.
          webSocket.close(1013);
        });
        return;
      }
      wire.serve(handlers);
      this.#open.set(wire, handlers);
      webSocket.once('close', () => {
        this.#open.delete(wire);
        this.#stopPingsIfDone();
      });
    });
  }

  /** What came is no HTTP, or did not come in time, or the peer has gone. */
  clientFailed(error: Error, socket: Duplex): void {
    const code = String(Reflect.get(error, 'code'));
    const isOfHttp = code.startsWith('HPE_') || code === 'ERR_HTTP_REQUEST_TIMEOUT';
    if (!isOfHttp || !socket.writable) refuse(socket);
    else refuseWith(socket, answer(statuses[code] ?? 400));
  }

  #refuse(socket: Duplex, status: number, request: IncomingMessage, problem: string, fields = ''): void {
    // A peer that has reset the connection has no address any more, and has failed all the same.
    this.#acceptor.failed(new Error(problem), plainIp(request.socket.remoteAddress) ?? '');
    refuseWith(socket, answer(status, fields));
  }
}
