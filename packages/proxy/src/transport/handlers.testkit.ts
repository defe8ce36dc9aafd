import { Endpoint } from '@tarsier/protocol';
import type { ConnectOptions } from './connect-options.js';
import type { Transport, TransportConnection, TransportHandlers } from './transport.js';

/** Options of a connection: nothing but the defaults, and what a test says. */
export function optionsWith({
  tls = {},
  ...rest
}: Partial<Omit<ConnectOptions, 'tls'>> & { tls?: Partial<ConnectOptions['tls']> } = {}): ConnectOptions {
  return { forwardProxy: undefined, maxReceiveBytes: 16 * 1024 * 1024, ...rest, tls: { verify: true, ...tls } };
}

/** A connection of a test, and what it was told; it checks that the order is the one that transports promise. */
export class TestLink implements TransportHandlers {
  readonly connection: TransportConnection;
  readonly chunks: Buffer[] = [];
  readonly events: string[] = [];
  drains = 0;
  #isReturned = false;
  #wake = new Set<() => void>();
  error: Error | undefined;

  constructor(transport: Transport, endpoint: string, options: ConnectOptions = optionsWith()) {
    this.connection = transport.connect(Endpoint.parse(endpoint), this, options);
    this.#isReturned = true;
  }

  #note(event: string): void {
    if (!this.#isReturned) throw new Error(`${event} was told from within connect`);
    if (this.events.includes('close')) throw new Error(`${event} was told after close`);
    if (event !== 'connect' && event !== 'close' && !this.events.includes('connect')) {
      throw new Error(`${event} was told before connect`);
    }
    this.events.push(event);
    for (const wake of this.#wake) wake();
  }

  onConnect(): void {
    this.#note('connect');
  }

  onData(chunk: Uint8Array): void {
    this.chunks.push(Buffer.from(chunk));
    this.#note('data');
  }

  onDrain(): void {
    this.drains++;
    this.#note('drain');
  }

  onEnd(): void {
    this.#note('end');
  }

  onClose(error?: Error): void {
    this.error = error;
    this.#note('close');
  }

  get received(): string {
    return Buffer.concat(this.chunks).toString();
  }

  /** Waits until it was told something. */
  async until(isEnough: () => boolean): Promise<void> {
    while (!isEnough()) {
      if (this.events.includes('close')) throw this.error ?? new Error('closed');
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          this.#wake.delete(wake);
          resolve();
        };
        this.#wake.add(wake);
      });
    }
  }

  connected(): Promise<void> {
    return this.until(() => this.events.includes('connect'));
  }

  /** Waits for bytes. */
  has(text: string): Promise<void> {
    return this.until(() => this.received.length >= text.length);
  }

  /** Waits for the end and returns its error. */
  async closed(): Promise<Error | undefined> {
    await this.until(() => this.events.includes('close'));
    return this.error;
  }

  /** The text of the error that it ends with. */
  async failure(): Promise<string> {
    const error = await this.closed();
    return error === undefined ? 'no error' : error.message;
  }
}

/** The code of the error below another. */
export function causeCode(error: Error | undefined): unknown {
  return error?.cause instanceof Error ? Reflect.get(error.cause, 'code') : undefined;
}
