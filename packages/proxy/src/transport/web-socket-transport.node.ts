import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Endpoint } from '@tarsier/protocol';
import type { WebSocket } from 'ws';
import type { ConnectOptions } from './connect-options.js';
import { targetOf } from './endpoint-target.js';
import { LateConnection } from './late-connection.js';
import type { EndWords } from './socket-connection.js';
import { connectTcp, isPrepared, openCarrier } from './tcp-transport.js';
import { openTls } from './tls-connect.js';
import { clientContextOf } from './tls-context.js';
import type { Transport, TransportConnection, TransportHandlers } from './transport.js';
import { urlOf } from './web-socket-closes.js';
import { WebSocketConnection } from './web-socket-connection.js';
import { explainFailure, handshakeError } from './web-socket-errors.node.js';

/** Loaded with the first connection: most programs have none. */
let loading: Promise<typeof import('ws')> | undefined;

/**
 * WebSocket in Node, by the package `ws`: no compression, no Origin, messages of at most `maxReceiveBytes`. `wss` takes the TLS
 * options as `ssl` does. Pings of the server are answered.
 */
export class WebSocketTransport implements Transport {
  readonly name = 'ws';

  canConnect(endpoint: Endpoint): boolean {
    return endpoint.type === 'ws' || endpoint.type === 'wss';
  }

  connect(endpoint: Endpoint, handlers: TransportHandlers, options: ConnectOptions): TransportConnection {
    // What is wrong with the properties is said before anything is connected.
    if (endpoint.type === 'wss') clientContextOf(options.tls);
    return new LateConnection(handlers, async (signal) => {
      loading ??= import('ws');
      const { WebSocket } = await loading;
      signal.throwIfAborted();
      const { socket, words } = await openSocket(endpoint, options, signal);
      return () => {
        const webSocket = new WebSocket(urlOf(endpoint), {
          perMessageDeflate: false,
          maxPayload: options.maxReceiveBytes,
          createConnection: () => socket,
        });
        return connectionOf(webSocket, socket, endpoint, handlers, options.maxReceiveBytes, words);
      };
    });
  }
}

/** What the handshake goes over, and what its errors mean with TLS. */
interface Carrier {
  readonly socket: Socket;
  readonly words?: EndWords;
}

/** One with TLS is verified before, because the request is not for everybody. */
async function openSocket(endpoint: Endpoint, options: ConnectOptions, signal: AbortSignal): Promise<Carrier> {
  const { forwardProxy, tls } = options;
  const over = isPrepared(endpoint, forwardProxy) ? await openCarrier(endpoint, forwardProxy, signal) : undefined;
  if (endpoint.type === 'wss') return openTls(endpoint, tls, over, signal);
  return { socket: over ?? connectTcp(endpoint) };
}

function connectionOf(
  webSocket: WebSocket,
  socket: Socket,
  endpoint: Endpoint,
  handlers: TransportHandlers,
  maxMessageBytes: number,
  words: EndWords | undefined,
): TransportConnection {
  const port = {
    get bufferedAmount(): number {
      return webSocket.bufferedAmount;
    },
    send(message: Uint8Array): void {
      webSocket.send(message);
    },
    close(code: number, reason: string): void {
      webSocket.close(code, reason);
    },
    terminate(): void {
      webSocket.terminate();
    },
    whenDrained(run: () => void): void {
      socket.once('drain', run);
    },
  };
  const connection = new WebSocketConnection(handlers, port, maxMessageBytes);
  webSocket.on('open', () => {
    connection.opened();
  });
  webSocket.on('message', (message: Buffer, isBinary: boolean) => {
    if (isBinary) connection.received(message);
    else connection.receivedText();
  });
  webSocket.on('unexpected-response', (_request, answer: IncomingMessage) => {
    connection.failed(handshakeError(answer, endpoint));
    webSocket.terminate();
  });
  webSocket.on('error', (error: Error) => {
    connection.failed(explainFailure(error, targetOf(endpoint), maxMessageBytes, words));
  });
  webSocket.on('close', (code: number, reason: Buffer) => {
    connection.closed(code, reason.toString());
  });
  return connection;
}
