import type { TransportConnection, TransportHandlers } from './transport.js';

/**
 * What has to happen before a connection can be made: a tunnel through a proxy, a package to load, a TLS handshake.
 *
 * Resolves to what makes it. Rejects when it cannot be made, or the signal says that it is not wanted any more, with everything
 * released.
 */
export type Preparation = (signal: AbortSignal) => Promise<() => TransportConnection>;

/** A connection that is made after some preparation. Its maker gives the handlers to the connection itself. */
export class LateConnection implements TransportConnection {
  #inner: TransportConnection | undefined;
  readonly #abort = new AbortController();

  constructor(handlers: TransportHandlers, prepare: Preparation) {
    const begin = async (): Promise<void> => {
      try {
        const make = await prepare(this.#abort.signal);
        this.#inner = make();
      } catch (error) {
        handlers.onClose(this.#abort.signal.aborted ? undefined : (error as Error));
        return;
      }
      if (this.#abort.signal.aborted) this.#inner.destroy();
    };
    // Never rejects, and never calls a handler before the constructor has returned.
    void Promise.resolve().then(begin);
  }

  get waitingBytes(): number {
    return this.#inner?.waitingBytes ?? 0;
  }

  write(bytes: Uint8Array): boolean {
    return this.#inner?.write(bytes) ?? true;
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    return this.#inner?.writeAll(parts) ?? true;
  }

  close(): void {
    if (this.#inner === undefined) this.#abort.abort();
    else this.#inner.close();
  }

  destroy(): void {
    if (this.#inner === undefined) this.#abort.abort();
    else this.#inner.destroy();
  }
}
