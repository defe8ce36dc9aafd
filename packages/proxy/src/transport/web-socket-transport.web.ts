import type { Endpoint } from '@tarsier/protocol';
import type { ConnectOptions } from './connect-options.js';
import type { Transport, TransportConnection, TransportHandlers } from './transport.js';
import { TransportError } from './transport-error.js';
import { CLOSE_ABNORMAL, CLOSE_NORMAL, urlOf } from './web-socket-closes.js';
import { HIGH_WATER_BYTES, WebSocketConnection, type WebSocketPort } from './web-socket-connection.js';

/** The part of a browser's WebSocket that is used. */
interface BrowserSocket {
  binaryType: string;
  readonly bufferedAmount: number;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onerror: (() => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  send(bytes: Uint8Array): void;
  close(code?: number, reason?: string): void;
}

/** A browser does not say when bytes have left: it is asked so often, only while too many wait. */
const ASK_MS = 20;
/** Programs in a browser may send no code of the protocol but 1000: others are moved to the range for applications. */
const PRIVATE_CODES = 3000;

/**
 * WebSocket by the class that the environment has. Certificates and proxies are the browser's own concern: TLS options have no
 * effect, and a forward proxy is refused.
 *
 * A fault of the server is told to it with 4003 for 1003 and 4009 for 1009, because browsers do not let a program send those.
 * Source: WebSockets Standard (WHATWG).
 */
export class WebSocketTransport implements Transport {
  readonly name = 'ws';

  canConnect(endpoint: Endpoint): boolean {
    return endpoint.type === 'ws' || endpoint.type === 'wss';
  }

  connect(endpoint: Endpoint, handlers: TransportHandlers, options: ConnectOptions): TransportConnection {
    const WebSocket = Reflect.get(globalThis, 'WebSocket') as (new (url: string) => BrowserSocket) | undefined;
    if (WebSocket === undefined) throw new TransportError('this environment has no WebSocket');
    const socket = new WebSocket(urlOf(endpoint));
    socket.binaryType = 'arraybuffer';
    const port = new BrowserPort(socket);
    const connection = new WebSocketConnection(handlers, port, options.maxReceiveBytes);
    port.onTerminated = () => {
      connection.closed(CLOSE_ABNORMAL, '');
    };
    socket.onopen = () => {
      connection.opened();
    };
    socket.onmessage = ({ data }) => {
      if (data instanceof ArrayBuffer) connection.received(new Uint8Array(data));
      else connection.receivedText();
    };
    // It tells nothing; what is known comes with the close.
    socket.onerror = () => undefined;
    socket.onclose = ({ code, reason }) => {
      port.stop();
      connection.closed(code, reason);
    };
    return connection;
  }
}

class BrowserPort implements WebSocketPort {
  readonly #socket: BrowserSocket;
  #asking: ReturnType<typeof setInterval> | undefined;
  /** Called, later, when `terminate` is over. */
  onTerminated: () => void = () => undefined;

  constructor(socket: BrowserSocket) {
    this.#socket = socket;
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount;
  }

  send(message: Uint8Array): void {
    this.#socket.send(message);
  }

  close(code: number, reason: string): void {
    this.#socket.close(code === CLOSE_NORMAL ? code : code + PRIVATE_CODES, reason);
  }

  /** Browsers wait for the other side, perhaps for a minute: nobody here does. */
  terminate(): void {
    const socket = this.#socket;
    this.stop();
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
    queueMicrotask(this.onTerminated);
  }

  whenDrained(run: () => void): void {
    this.#asking = setInterval(() => {
      if (this.#socket.bufferedAmount > HIGH_WATER_BYTES / 2) return;
      this.stop();
      run();
    }, ASK_MS);
  }

  stop(): void {
    clearInterval(this.#asking);
  }
}
