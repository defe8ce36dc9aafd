import type { TransportConnection, TransportHandlers } from './transport.js';

/** Is told what was thrown between a transport and a connection. `isOver`: the transport will not say that it is closed, or has said it. */
export type TransportFault = (cause: unknown, isOver: boolean) => void;

/**
 * What a transport tells, handed on so that nothing is thrown into its events: Node would end the process.
 */
export class GuardedHandlers implements TransportHandlers {
  readonly #inner: TransportHandlers;
  readonly #fault: TransportFault;

  constructor(inner: TransportHandlers, fault: TransportFault) {
    this.#inner = inner;
    this.#fault = fault;
  }

  onConnect(): void {
    try {
      this.#inner.onConnect();
    } catch (cause) {
      this.#fault(cause, false);
    }
  }

  onData(chunk: Uint8Array): void {
    try {
      this.#inner.onData(chunk);
    } catch (cause) {
      this.#fault(cause, false);
    }
  }

  onDrain(): void {
    try {
      this.#inner.onDrain();
    } catch (cause) {
      this.#fault(cause, false);
    }
  }

  onEnd(): void {
    try {
      this.#inner.onEnd();
    } catch (cause) {
      this.#fault(cause, false);
    }
  }

  onClose(error?: Error): void {
    try {
      this.#inner.onClose(error);
    } catch (cause) {
      this.#fault(cause, true);
    }
  }
}

/**
 * A connection of whichever transport, of which nothing throws: an exception would come out of a timer, or of the call of somebody whose
 * calls go to other servers too. Every call into a transport goes through here.
 */
export class GuardedConnection implements TransportConnection {
  readonly isDatagram: boolean;
  readonly maxDatagramBytes?: number;
  readonly #inner: TransportConnection;
  readonly #fault: TransportFault;
  #isDead = false;

  constructor(inner: TransportConnection, fault: TransportFault) {
    this.#inner = inner;
    this.#fault = fault;
    this.isDatagram = inner.isDatagram === true;
    if (inner.maxDatagramBytes !== undefined) this.maxDatagramBytes = inner.maxDatagramBytes;
  }

  get waitingBytes(): number {
    try {
      return this.#inner.waitingBytes ?? 0;
    } catch (cause) {
      this.#fault(cause, false);
      return 0;
    }
  }

  /** True as well when it threw: nothing waits for it then. */
  write(bytes: Uint8Array): boolean {
    try {
      return this.#inner.write(bytes);
    } catch (cause) {
      this.#fault(cause, false);
      return true;
    }
  }

  /** As {@link GuardedConnection.write}. */
  writeAll(parts: readonly Uint8Array[]): boolean {
    try {
      return this.#inner.writeAll(parts);
    } catch (cause) {
      this.#fault(cause, false);
      return true;
    }
  }

  close(): void {
    try {
      this.#inner.close();
    } catch (cause) {
      this.#fault(cause, false);
      this.destroy();
    }
  }

  destroy(): void {
    if (this.#isDead) return;
    try {
      this.#inner.destroy();
    } catch (cause) {
      this.#isDead = true;
      this.#fault(cause, true);
    }
  }
}
