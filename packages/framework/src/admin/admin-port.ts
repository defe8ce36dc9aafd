import { Endpoint, TarsException } from '@tarsier/protocol';
import type { AdapterObserver } from '../adapter/bind-adapter-impl.js';
import { BindAdapterImpl } from '../adapter/bind-adapter-impl.js';
import type { ConnectionServices } from '../connection/connection-host.js';
import type { Listening } from '../transport/server-transport.js';
import { isSocketPath } from '../transport/socket-path.js';
import { adminAdapterConfig } from './admin-adapter.js';
import { AdminServant, adminDispatcher, parseCommand } from './admin-servant.js';

/** What an {@link AdminPort} is made of. */
export interface AdminPortInit {
  /** Endpoint, as configured. */
  readonly local: string;
  /** Who may use it, as configured. */
  readonly allow: string;
  readonly services: ConnectionServices;
  /** Runs one line. */
  run(line: string): Promise<string>;
  open(adapter: BindAdapterImpl): Promise<Listening>;
}

/** Nothing of the application is to be told of connections of the administration port. */
const silent: AdapterObserver = {
  onAccept: () => {},
  onReject: () => {},
  onClose: () => {},
  onError: () => {},
  onOverload: () => {},
  onSendDrop: () => {},
};

/** @throws TarsException where nobody could tell who may use the port. */
function checkAccess(endpoint: Endpoint, allow: string): void {
  if (endpoint.type === 'udp') {
    const text =
      'the key local has a udp endpoint, and whoever sends a datagram can forge its sender: use tcp, or a Unix socket';
    throw new TarsException(text, { code: 'TARSIER_CONFIG_INVALID', where: { key: 'local' } });
  }
  if (allow !== '' && isSocketPath(endpoint)) {
    const text =
      'the key adminallow cannot act: local is a Unix socket, whose peers have no addresses; the rights of its file decide. Leave adminallow out';
    throw new TarsException(text, { code: 'TARSIER_CONFIG_INVALID', where: { key: 'adminallow' } });
  }
}

/** The administration port of an application: open from before `initialize()` until the end. */
export class AdminPort {
  readonly #adapter: BindAdapterImpl;
  readonly #init: AdminPortInit;
  #listening: Listening | undefined;

  /** @throws TarsException `TARSIER_CONFIG_INVALID` when the endpoint does not parse. */
  constructor(init: AdminPortInit) {
    this.#init = init;
    let endpoint: Endpoint;
    try {
      endpoint = Endpoint.parse(init.local);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new TarsException(`the key local has no endpoint: ${why}`, {
        code: 'TARSIER_CONFIG_INVALID',
        cause,
        where: { key: 'local' },
      });
    }
    if (endpoint.discovery !== '') {
      const text = `the key local has the value ${JSON.stringify(init.local)}; expected an address to listen on, without -d`;
      throw new TarsException(text, { code: 'TARSIER_CONFIG_INVALID', where: { key: 'local' } });
    }
    checkAccess(endpoint, init.allow);
    const config = adminAdapterConfig(endpoint, init.allow);
    this.#adapter = new BindAdapterImpl(config, parseCommand, init.services, silent);
    this.#adapter.setParser(parseCommand, adminDispatcher);
    this.#adapter.setServant(new AdminServant((line) => init.run(line)));
  }

  /** Where it listens. */
  get endpoint(): Endpoint {
    return this.#adapter.getEndpoint();
  }

  async open(): Promise<void> {
    this.#listening = await this.#init.open(this.#adapter);
  }

  /** Answers what runs, then closes. */
  async close(limitMs: number): Promise<void> {
    this.#listening?.close();
    await this.#adapter.drain(limitMs);
  }
}
