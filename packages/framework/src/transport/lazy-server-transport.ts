import type { Endpoint } from '@tarsier/protocol';
import type { Acceptor, Listening, ServerTransport } from './server-transport.js';

/** A transport that is loaded with its first port: servers without TLS and HTTP start faster and need less memory. */
export class LazyServerTransport implements ServerTransport {
  readonly name: string;
  readonly #types: readonly Endpoint['type'][];
  readonly #load: () => Promise<ServerTransport>;

  constructor(name: string, types: readonly Endpoint['type'][], load: () => Promise<ServerTransport>) {
    this.name = name;
    this.#types = types;
    this.#load = load;
  }

  canListen(endpoint: Endpoint): boolean {
    return this.#types.includes(endpoint.type);
  }

  async listen(acceptor: Acceptor): Promise<Listening> {
    const transport = await this.#load();
    return transport.listen(acceptor);
  }
}
