import type { Endpoint } from '@tarsier/protocol';
import type { Transport, TransportConnection, TransportHandlers } from './transport.js';

/** A connection that a test plays the network and the server of. */
export class MemoryConnection implements TransportConnection {
  readonly endpoint: Endpoint;
  readonly handlers: TransportHandlers;
  /** What the client has written, one element per write. */
  readonly written: Buffer[] = [];
  /** While true every write says that it is enough. */
  isBlocked = false;
  isClosing = false;
  isClosed = false;

  constructor(endpoint: Endpoint, handlers: TransportHandlers) {
    this.endpoint = endpoint;
    this.handlers = handlers;
  }

  write(bytes: Uint8Array): boolean {
    if (!this.isClosing) this.written.push(Buffer.from(bytes));
    return !this.isBlocked;
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    return this.write(Buffer.concat(parts));
  }

  close(): void {
    this.isClosing = true;
    queueMicrotask(() => {
      this.drop();
    });
  }

  destroy(): void {
    this.close();
  }

  /** The connection is established. */
  accept(): void {
    this.handlers.onConnect();
  }

  /** The server sends. */
  receive(...chunks: Uint8Array[]): void {
    for (const chunk of chunks) this.handlers.onData(chunk);
  }

  /** The network takes bytes again. */
  drain(): void {
    this.isBlocked = false;
    this.handlers.onDrain();
  }

  /** The connection ends, or was refused. */
  drop(error?: Error): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.isClosing = true;
    this.handlers.onClose(error);
  }

  /** All that was written, in one piece; forgotten then. */
  take(): Buffer {
    return Buffer.concat(this.written.splice(0));
  }
}

/** Connections without a network: the test accepts, answers and ends them. */
export class MemoryTransport implements Transport {
  readonly name = 'memory';
  /** Every connection that was asked for, oldest first. */
  readonly connections: MemoryConnection[] = [];
  /** What becomes of a connection right after it was asked for; by default nothing. */
  onAsked: ((connection: MemoryConnection) => void) | undefined;

  canConnect(): boolean {
    return true;
  }

  connect(endpoint: Endpoint, handlers: TransportHandlers): TransportConnection {
    const connection = new MemoryConnection(endpoint, handlers);
    this.connections.push(connection);
    const { onAsked } = this;
    if (onAsked !== undefined) {
      queueMicrotask(() => {
        onAsked(connection);
      });
    }
    return connection;
  }

  /** The connection that was asked for last. */
  get last(): MemoryConnection {
    const last = this.connections.at(-1);
    if (last === undefined) throw new Error('no connection was asked for');
    return last;
  }
}

/** An error as the network makes them. */
export function networkError(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code });
}
