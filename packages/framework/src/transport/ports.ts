import { TarsException, type TimeSource } from '@tarsier/protocol';
import type { BindAdapterImpl } from '../adapter/bind-adapter-impl.js';
import { listenError } from './listen-error.js';
import type { Listening, ServerTransport } from './server-transport.js';

/** The ports of an application: opened together, closed together, and their certificates looked after. */
export class Ports {
  readonly #transports: readonly ServerTransport[];
  readonly #time: TimeSource;
  readonly #listening: Listening[] = [];
  #stopWatching: () => void = () => {};

  constructor(transports: readonly ServerTransport[], time: TimeSource) {
    this.#transports = transports;
    this.#time = time;
  }

  /** Whether some are, or were, open. */
  get isOpen(): boolean {
    return this.#listening.length > 0;
  }

  /**
   * Opens the port of every adapter. Those that are open when one fails are closed by {@link Ports.close}.
   *
   * @param certReloadMs how often certificate files are looked at; 0: never.
   * @throws TarsException that says which adapter cannot listen, and why.
   */
  async openAll(adapters: readonly BindAdapterImpl[], certReloadMs: number): Promise<void> {
    for (const adapter of adapters) this.#listening.push(await this.open(adapter));
    this.#watchCertificates(certReloadMs);
  }

  /** Opens the port of one adapter, whose closing is the caller's. @throws as {@link Ports.openAll}. */
  async open(adapter: BindAdapterImpl): Promise<Listening> {
    const endpoint = adapter.getEndpoint();
    const transport = this.#transports.find((one) => one.canListen(endpoint));
    if (transport === undefined) {
      const names = this.#transports.map(({ name }) => name).join(', ');
      throw new TarsException(
        `adapter ${adapter.getName()}: no transport serves ${endpoint.type} endpoints; those there are: ${names}`,
        { code: 'TARSIER_CONFIG_INVALID', where: { key: 'endpoint', endpoint: endpoint.toString() } },
      );
    }
    try {
      const listening = await transport.listen(adapter);
      adapter.setEndpoint(listening.endpoint);
      return listening;
    } catch (cause) {
      throw listenError(adapter.getName(), endpoint, cause);
    }
  }

  /** Certificates that are replaced on disk are used for new connections, without anybody's doing. */
  #watchCertificates(everyMs: number): void {
    const stores = this.#listening.flatMap(({ certificates }) => certificates ?? []);
    if (everyMs === 0 || stores.length === 0) return;
    const refresh = () => {
      for (const store of stores) void store.refresh();
    };
    this.#stopWatching = this.#time.every(everyMs, refresh, false);
  }

  /** Reads all certificates again. @throws TarsException `TARSIER_CONFIG_INVALID` for a file that cannot be used. */
  async loadCertificates(): Promise<void> {
    for (const { certificates } of this.#listening) await certificates?.load();
  }

  /** Nobody is accepted any more. */
  close(): void {
    this.#stopWatching();
    for (const listening of this.#listening) listening.close();
  }

  /** Lets go what was still needed to answer, as the socket of UDP. */
  async release(): Promise<void> {
    for (const listening of this.#listening) await listening.release?.();
  }
}
