import type { TimeSource } from '@tarsier/protocol';
import { Communicator } from '@tarsier/proxy';
import { RareWarning } from '../registry/rare-warning.js';
import type { Served } from '../registry/served.js';
import { VERSION } from '../version.js';
import type { NodeAgentSettings } from './node-agent-settings.js';
import { ServerFProxy, ServerInfo } from './server-f.js';

const BEAT_MS = 10_000;
/** What the node agent calls the administration port. */
const ADMIN_ADAPTER = 'AdminAdapter';

/**
 * Gives the node agent (tarsnode) that has started a server its signs of life: it restarts those that give none.
 *
 * Source: TarsNodeFHelper (servant/libservant/KeepAliveNodeF.cpp).
 */
export class NodeAgent {
  readonly #settings: NodeAgentSettings;
  readonly #served: () => Promise<readonly Served[]>;
  readonly #time: TimeSource;
  readonly #warning: RareWarning;
  readonly #communicator: Communicator;
  readonly #proxy: ServerFProxy;
  #stopTimer: (() => void) | undefined;

  /**
   * Connects nothing yet.
   *
   * @param served what is open now; empty when nothing is.
   * @throws ConfigException for a property of the client section that cannot be used.
   */
  constructor(settings: NodeAgentSettings, served: () => Promise<readonly Served[]>, time: TimeSource) {
    this.#settings = settings;
    this.#served = served;
    this.#time = time;
    this.#warning = new RareWarning(time);
    const { node, properties } = settings;
    this.#communicator = new Communicator(properties);
    this.#proxy = this.#communicator.stringToProxy(ServerFProxy, node);
    this.#proxy.on('error', (error) => {
      this.#warn(error);
    });
  }

  begin(): void {
    if (this.#stopTimer !== undefined) return;
    const { application, serverName } = this.#settings;
    const proxy = this.#proxy;
    this.#call(() => {
      proxy.reportVersion(application, serverName, VERSION);
    });
    this.#stopTimer = this.#time.every(BEAT_MS, this.#tick, false);
    this.#tick();
  }

  readonly #tick = (): void => {
    this.#beat().catch((error: unknown) => {
      this.#warn(error);
    });
  };

  async #beat(): Promise<void> {
    const proxy = this.#proxy;
    const { application, serverName, hasAdmin } = this.#settings;
    const adapters = (await this.#served()).map(({ adapter }) => adapter);
    if (adapters.length === 0 || this.#stopTimer === undefined) return;
    for (const adapter of hasAdmin ? [...adapters, ADMIN_ADAPTER] : adapters) {
      this.#call(() => {
        proxy.keepAlive(ServerInfo.create({ application, serverName, pid: process.pid, adapter }));
      });
    }
  }

  /** A call that cannot be queued throws at once. */
  #call(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#warn(error);
    }
  }

  #warn(error: unknown): void {
    const { node } = this.#settings;
    this.#warning.warn('the node agent could not be told that this server lives', { node, err: error });
  }

  async end(): Promise<void> {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    await this.#communicator.terminate();
  }
}
