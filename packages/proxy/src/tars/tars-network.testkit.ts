import {
  ByteVector,
  decodeRequest,
  type Endpoint,
  encodeResponse,
  NetWorkBuffer,
  PacketType,
  type RequestPacket,
  ResponsePacket,
  tarsParser,
} from '@tarsier/protocol';
import { networkError } from '../transport/memory-transport.testkit.js';
import type { Transport, TransportConnection, TransportHandlers } from '../transport/transport.js';

/** What a test server does with a request. */
export type Serve = (request: RequestPacket, connection: TarsTestConnection) => void;

/** What may differ in an answer. */
export type AnswerInit = Partial<
  Pick<ResponsePacket, 'iRet' | 'sResultDesc' | 'context' | 'status' | 'iRequestId' | 'iVersion'>
> & { sBuffer?: Uint8Array };

/** A connection to a test server, as the server sees it. */
export class TarsTestConnection implements TransportConnection {
  readonly endpoint: Endpoint;
  readonly handlers: TransportHandlers;
  readonly #serve: Serve;
  readonly #input = new NetWorkBuffer();
  isOpen = true;

  constructor(endpoint: Endpoint, handlers: TransportHandlers, serve: Serve) {
    this.endpoint = endpoint;
    this.handlers = handlers;
    this.#serve = serve;
  }

  write(bytes: Uint8Array): boolean {
    this.#input.addBuffer(bytes.slice());
    for (;;) {
      const packet = new ByteVector();
      if (tarsParser(this.#input, packet) !== PacketType.PACKET_FULL) return true;
      this.#serve(decodeRequest(packet), this);
    }
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    for (const part of parts) this.write(part);
    return true;
  }

  /** Sends bytes to the client. */
  send(bytes: ByteVector): void {
    const chunk = bytes.data().slice();
    queueMicrotask(() => {
      if (this.isOpen) this.handlers.onData(chunk);
    });
  }

  /** Answers a request. */
  answer(request: RequestPacket, init: AnswerInit = {}): void {
    const response = new ResponsePacket();
    response.iVersion = request.iVersion;
    response.iRequestId = request.iRequestId;
    Object.assign(response, init);
    this.send(encodeResponse(response, request));
  }

  close(): void {
    queueMicrotask(() => {
      this.drop();
    });
  }

  destroy(): void {
    this.close();
  }

  /** The connection ends. */
  drop(error?: Error): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.handlers.onClose(error);
  }
}

/** TARS servers in memory, by the host of their endpoint; all others refuse connections. */
export class TarsNetwork implements Transport {
  readonly name = 'memory';
  readonly servers = new Map<string, Serve>();
  /** Every connection that was made, oldest first. */
  readonly connections: TarsTestConnection[] = [];

  canConnect(): boolean {
    return true;
  }

  connect(endpoint: Endpoint, handlers: TransportHandlers): TransportConnection {
    const serve = this.servers.get(endpoint.host);
    const connection = new TarsTestConnection(endpoint, handlers, serve ?? (() => undefined));
    queueMicrotask(() => {
      if (serve === undefined) connection.drop(networkError('ECONNREFUSED'));
      else if (connection.isOpen) {
        this.connections.push(connection);
        handlers.onConnect();
      }
    });
    return connection;
  }
}
