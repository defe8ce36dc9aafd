import { escapeLines } from '@tarsier/protocol/internal';
import type { Communicator } from '@tarsier/proxy';
import type { BindAdapterImpl } from '../adapter/bind-adapter-impl.js';
import { loadConfig } from '../config/load-config.js';
import { CLIENT_DOMAIN } from '../config/server-domain.js';
import type { ConnectionServices } from '../connection/connection-host.js';
import { LOG } from '../log/log.js';
import type { ServerBaseInfo } from '../server-config.js';
import type { Listening } from '../transport/server-transport.js';
import type { WorkerAnswer } from '../workers/supervisor.js';
import { AdminCommands } from './admin-commands.js';
import type { AdminPort } from './admin-port.js';
import { relayCommand } from './admin-relay.js';
import {
  type AdminSubject,
  addBuiltinCommands,
  addSupervisorCommands,
  type SupervisorSubject,
} from './builtin-commands.js';

/** The application, as its administration sees it. */
export interface AdminHost extends Omit<AdminSubject, 'reloadProperties'>, SupervisorSubject {
  readonly services: ConnectionServices;
  getServerBaseInfo(): Readonly<ServerBaseInfo>;
  getCommunicator(): Communicator;
  open(adapter: BindAdapterImpl): Promise<Listening>;
  /** What the workers answer. */
  ask(question: string): Promise<WorkerAnswer[]>;
}

/** The commands of one process, and the port behind which they are. */
export class ApplicationAdmin {
  /** Those of the program too, whenever it adds them. */
  readonly commands: AdminCommands = new AdminCommands();
  readonly #host: AdminHost;
  #port: AdminPort | undefined;

  constructor(host: AdminHost) {
    this.#host = host;
  }

  /** Of a process that serves: what TARS has. */
  addCommands(): void {
    const host = this.#host;
    addBuiltinCommands(this.commands, {
      stats: () => host.stats(),
      connections: () => host.connections(),
      reloadProperties: () => this.#reloadProperties(),
      reloadCertificates: () => host.reloadCertificates(),
      shutDown: () => host.shutDown(),
    });
  }

  /** Before `initialize()`: an operator is to see a server that hangs in it. */
  async open(): Promise<void> {
    const host = this.#host;
    const { Local: local, AdminAllow: allow, Workers: workers } = host.getServerBaseInfo();
    const own = workers > 0 ? this.#supervisorCommands() : undefined;
    if (own === undefined) this.addCommands();
    if (local === '') return;
    const ask = (question: string) => host.ask(question);
    const { AdminPort } = await import('./admin-port.js');
    this.#port = new AdminPort({
      local,
      allow,
      services: host.services,
      // An operator reads it at a terminal, and it tells names that peers have chosen.
      run: async (line) =>
        escapeLines(await (own === undefined ? this.commands.run(line) : relayCommand(line, own, ask))),
      open: (adapter) => host.open(adapter),
    });
    await this.#port.open();
    LOG.info('administration', { endpoint: this.#port.endpoint.toString() });
  }

  /** What runs in the supervisor; commands of the program do not, because its servants are elsewhere. */
  #supervisorCommands(): AdminCommands {
    const host = this.#host;
    const own = new AdminCommands();
    addSupervisorCommands(own, {
      shutDown: () => host.shutDown(),
      restart: () => host.restart(),
      states: () => host.states(),
    });
    return own;
  }

  async #reloadProperties(): Promise<string> {
    const file = this.#host.getServerBaseInfo().ConfigFile;
    if (file === '') return 'the configuration did not come from a file';
    const { config } = await loadConfig([`--config=${file}`]);
    this.#host.getCommunicator().setProperty(Object.fromEntries(config.getDomainMap(CLIENT_DOMAIN)));
    return `proxies made from now on have the properties of ${file}`;
  }

  async close(limitMs: number): Promise<void> {
    await this.#port?.close(limitMs);
  }
}
