import type { Endpoint } from '@tarsier/protocol';
import type { ConnectOptions } from './connect-options.js';
import { LateConnection } from './late-connection.js';
import type { Transport, TransportConnection, TransportHandlers } from './transport.js';

/**
 * A transport that is loaded with its first connection: TLS and HTTP take more memory and time to start than all the rest of a
 * client, and most programs use neither. Not for datagrams, which have to be known as such at once.
 */
export class LazyTransport implements Transport {
  readonly name: string;
  readonly #types: readonly Endpoint['type'][];
  readonly #load: () => Promise<Transport>;
  #transport: Transport | undefined;

  constructor(name: string, types: readonly Endpoint['type'][], load: () => Promise<Transport>) {
    this.name = name;
    this.#types = types;
    this.#load = load;
  }

  canConnect(endpoint: Endpoint): boolean {
    return this.#types.includes(endpoint.type);
  }

  connect(endpoint: Endpoint, handlers: TransportHandlers, options: ConnectOptions): TransportConnection {
    if (this.#transport !== undefined) return this.#transport.connect(endpoint, handlers, options);
    return new LateConnection(handlers, async (signal) => {
      const transport = await this.#load();
      this.#transport = transport;
      signal.throwIfAborted();
      return () => transport.connect(endpoint, handlers, options);
    });
  }
}
