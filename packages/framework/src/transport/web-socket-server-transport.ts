import { createServer, type IncomingMessage, type Server, type ServerOptions, STATUS_CODES } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Endpoint } from '@tarsier/protocol';
import type { WebSocketServer } from 'ws';
import { plainIp } from '../adapter/peer-address.js';
import type { WireHandlers } from '../connection/wire.js';
import { guardHandshakes, type HandshakeGuard } from './guard-handshakes.js';
import { isOriginAllowed } from './origin-check.js';
import { ServerCertificates } from './server-certificates.js';
import type { Acceptor, Listening, ServerTransport } from './server-transport.js';
import { listenOn } from './socket-listen.js';
import { tlsConfigOf } from './tls-config-of.js';
import type { WebSocketConfig } from './web-socket-config.js';
import { WebSocketWire } from './web-socket-wire.js';

/** How often half-finished handshakes are looked at, in ms. */
const CHECK_MS = 1000;

/** WebSocket, over TCP or a Unix socket (`ws`), or TLS over one of them (`wss`). The package `ws` is loaded with the first such port. */
export class WebSocketServerTransport implements ServerTransport {
  readonly name = 'ws';

  canListen(endpoint: Endpoint): boolean {
    return endpoint.type === 'ws' || endpoint.type === 'wss';
  }

  async listen(acceptor: Acceptor): Promise<Listening> {
    const { config } = acceptor;
    const settings = config.webSocket ?? { isTextAllowed: false, pingMs: 0, maxMessageBytes: 0, origins: [] };
    const { WebSocketServer: Upgrader } = await import('ws');
    const upgrader = new Upgrader({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: settings.maxMessageBytes,
    });
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
    server.on('request', (_request, response) => {
      response.writeHead(426, { connection: 'close', upgrade: 'websocket', 'content-type': 'text/plain' });
      response.end('this is a WebSocket endpoint\n');
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

/** One port: who may pass from HTTP to WebSocket, and the pings of those who did. */
class WebSocketPort {
  readonly #acceptor: Acceptor;
  readonly #settings: WebSocketConfig;
  readonly #upgrader: WebSocketServer;
  readonly #guard: HandshakeGuard;
  readonly #open = new Map<WebSocketWire, WireHandlers>();
  #pings: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(acceptor: Acceptor, settings: WebSocketConfig, upgrader: WebSocketServer, guard: HandshakeGuard) {
    this.#acceptor = acceptor;
    this.#settings = settings;
    this.#upgrader = upgrader;
    this.#guard = guard;
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
    const path = (request.url ?? '/').split('?', 1)[0];
    const ip = plainIp(request.socket.remoteAddress);
    if (path !== this.#acceptor.config.endpoint.path) {
      this.#refuse(socket, 404, ip, `no WebSocket at ${String(path)}`);
    } else if (!isOriginAllowed(request.headers.origin, request.headers.host, this.#settings.origins)) {
      this.#refuse(socket, 403, ip, `the origin ${String(request.headers.origin)} is not allowed (origins)`);
    } else {
      this.#upgrader.handleUpgrade(request, socket, head, (webSocket) => {
        const raw = request.socket;
        const admission = this.#guard.over(raw);
        const wire = new WebSocketWire(webSocket, raw, this.#settings.isTextAllowed);
        const handlers = this.#acceptor.accept(wire, ip, raw.remotePort ?? 0, admission);
        if (handlers === undefined) {
          // 1013: try again later.
          webSocket.on('error', () => undefined);
          webSocket.close(1013);
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
  }

  #refuse(socket: Duplex, status: number, ip: string | undefined, problem: string): void {
    this.#acceptor.failed(new Error(problem), ip ?? '');
    socket.on('error', () => undefined);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  }
}
