import {
  Emitter,
  type PacketParser,
  parseEcho,
  TarsCommunicatorException,
  type TarsConfig,
  TarsException,
  type TimeSource,
} from '@tarsier/protocol';
import { callBack, checkFunction } from '@tarsier/protocol/internal';
import type { Communicator } from '@tarsier/proxy';
import { systemTime } from '@tarsier/proxy/internal';
import type { BindAdapter } from './adapter/bind-adapter.js';
import { type AdapterObserver, BindAdapterImpl } from './adapter/bind-adapter-impl.js';
import type { AdminHandler } from './admin/admin-commands.js';
import { ApplicationAdmin } from './admin/application-admin.js';
import type { ApplicationContext } from './application-context.js';
import type { ApplicationEvents } from './application-events.js';
import { checkKeys } from './config/check-keys.js';
import { clientOf } from './config/client-properties.js';
import { type ConfigSource, loadConfig } from './config/load-config.js';
import { readAdapterConfigs } from './config/read-adapters.js';
import { readServerInfo } from './config/read-server.js';
import type { Peer } from './connection/peer.js';
import type { Current } from './current.js';
import { deferred } from './deferred.js';
import { LifeCycleServices, oneAtATime } from './life-cycle.js';
import { LOG } from './log/log.js';
import { adapterStats, connectionRows } from './observe/adapter-rows.js';
import type { ApplicationStats } from './observe/application-stats.js';
import { processStats } from './observe/process-stats.js';
import { startReports } from './observe/start-reports.js';
import { type Served, servedBy, servedByWorkers } from './registry/served.js';
import { type ServerReports, serverReports } from './registry/server-reports.js';
import type { Servant } from './servant.js';
import type { ServantClass } from './servant-decorator.js';
import { ServantRegistry } from './servant-registry.js';
import { type ServerBaseInfo, ServerConfig } from './server-config.js';
import { ignoreRestartSignal, onRestartSignal, onShutdownSignal, onWorkerSignal } from './shutdown-signals.js';
import { defaultServerTransports } from './transport/default-server-transports.js';
import { Ports } from './transport/ports.js';
import type { ServerTransport } from './transport/server-transport.js';
import { freeSocketFile } from './transport/socket-file.js';
import { isSocketPath } from './transport/socket-path.js';
import type { Supervisor, WorkerStates } from './workers/supervisor.js';
import { isWorkerOfOther, WorkerLink, workerPlace } from './workers/worker-link.js';
import { checkOutcomes, outcomeOf, Question } from './workers/worker-questions.js';

/** What an application may be given besides its configuration. */
export interface ApplicationOptions {
  /** Instead of TCP and the others that come with Tarsier; the first that serves an endpoint is taken. */
  readonly transports?: readonly ServerTransport[];
  /** Instead of the clock of the environment, for tests. */
  readonly time?: TimeSource;
}

/** What a worker gets beyond its own limits for ending, before it is killed. */
const WORKER_GRACE_MS = 5000;

/** New: not started. Failed: `main` has rejected. */
type State = 'new' | 'starting' | 'running' | 'stopping' | 'stopped' | 'failed';

/**
 * A server: configuration, servants, adapters and their life.
 *
 * Derive from it and register servants in `initialize()`; then `await app.main(process.argv)` and
 * `await app.waitForShutdown()`. Several applications may live in one process; they start one after the other.
 *
 * Source: tars::Application (servant/servant/Application.h).
 */
export class Application extends Emitter<ApplicationEvents> implements ApplicationContext {
  readonly #services: LifeCycleServices;
  readonly #ports: Ports;
  readonly #registry = new ServantRegistry();
  /** Those that run where the servants are. */
  readonly #admin: ApplicationAdmin;
  readonly #servants: Servant[] = [];
  readonly #acceptCallbacks: ((current: Current) => unknown)[] = [];
  readonly #ready = deferred();
  readonly #ended = deferred();
  #adapters: BindAdapterImpl[] = [];
  #state: State = 'new';
  #config: TarsConfig | undefined;
  #info: ServerBaseInfo = { ...ServerConfig };
  #communicator: Communicator | undefined;
  #starting: Promise<void> | undefined;
  #stopping: Promise<void> | undefined;
  #removeSignals: () => void = () => {};
  #stopReports: () => void = () => {};
  /** In the process that only watches over others: those others. */
  #supervisor: Supervisor | undefined;
  /** To registries and the node agent; of workers their supervisor makes them. */
  #reports: ServerReports | undefined;
  #beganMs = 0;
  /** In a worker: the way to its supervisor. */
  #link: WorkerLink | undefined;

  constructor(options: ApplicationOptions = {}) {
    super((fault, event) => {
      LOG.error('a listener of the application failed', { event: String(event), err: fault });
    });
    this.#services = new LifeCycleServices(options.time ?? systemTime);
    this.#ports = new Ports(options.transports ?? defaultServerTransports, this.#services.time);
    this.#admin = new ApplicationAdmin({
      services: this.#services,
      stats: () => this.stats(),
      connections: () => connectionRows(this.#adapters, this.#services.time.now()),
      reloadCertificates: () => this.reloadCertificates(),
      shutDown: () => void this.#terminate('tars.shutdown'),
      restart: () => this.restartWorkers(),
      states: () => this.getWorkers(),
      getServerBaseInfo: () => this.#info,
      getCommunicator: () => this.getCommunicator(),
      open: (adapter) => this.#ports.open(adapter),
      ask: async (question) => (await this.#supervisor?.ask(question)) ?? [],
    });
  }

  // --- for the application to override -----------------------------------------------------------------------------------

  /**
   * Registers servants and protocols. `ServerConfig` is filled in. With `workers` it runs in each of them, and not in the process that
   * watches over them.
   */
  initialize(): void | Promise<void> {}

  /** Runs last, when all connections are closed and all servants destroyed; also when `main` fails after `initialize`. */
  destroyApp(): void | Promise<void> {}

  /** May change the configuration before anything of it is read. */
  onParseConfig(_config: TarsConfig): void | Promise<void> {}

  // --- life cycle ----------------------------------------------------------------------------------------------------------

  /**
   * Reads the configuration, calls `initialize()`, creates the servants and binds the adapters. Resolves when all of them
   * listen.
   *
   * @param source command line with `--config=FILE`, the same keys as an object, or the text of such a file.
   * @throws TarsException for a bad configuration (file, line, key), an endpoint that does not parse, a port in use, a servant
   *   without an adapter, a protocol for an unknown servant; and whatever `initialize` throws. Nothing stays open then.
   */
  main(source: ConfigSource): Promise<void> {
    if (this.#state !== 'new') {
      const text = `main() was called on an application that is ${this.#state}; make a new one for a second start`;
      return Promise.reject(new TarsException(text, { code: 'TARSIER_INVALID_ARGUMENT' }));
    }
    this.#state = 'starting';
    this.#beganMs = this.#services.time.now();
    this.#starting = oneAtATime(() => this.#start(source));
    return this.#starting;
  }

  async #start(source: ConfigSource): Promise<void> {
    let isInitialized = false;
    try {
      const { config, file } = await loadConfig(source);
      await this.onParseConfig(config);
      this.#config = config;
      this.#info = readServerInfo(config, file);
      Object.assign(ServerConfig, this.#info);
      const { SendBufferLimit } = this.#info;
      if (SendBufferLimit > 0) this.#services.ledger.limit = SendBufferLimit;
      checkKeys(config);
      const fullName = `${this.#info.Application}.${this.#info.ServerName}`;
      // A worker runs the whole script, and serves the one application that it was made for.
      if (isWorkerOfOther(fullName)) return this.#started();
      if (workerPlace() > 0) {
        this.#link = this.#makeLink();
        this.#admin.addCommands();
      } else {
        this.#reports = await serverReports(config, this.#info, this.#services.time, () => this.#served());
        if (this.#info.Local !== '') this.#services.start();
        await this.#admin.open();
      }
      if (workerPlace() === 0 && this.#info.Workers > 0) return await this.#supervise(fullName);
      this.#adapters = readAdapterConfigs(config, this.#info).map(
        (adapter) => new BindAdapterImpl(adapter, parseEcho, this.#services, this.#observer),
      );
      this.#registry.open(config, this.#info, this.#adapters, (adapter) => {
        return new BindAdapterImpl(adapter, parseEcho, this.#services, this.#observer);
      });
      isInitialized = true;
      await this.initialize();
      await this.#createServants();
      this.#stopReports = await startReports({
        adapters: this.#adapters,
        time: this.#services.time,
        getConfig: () => this.getConfig(),
        getCommunicator: () => this.getCommunicator(),
      });
      this.#services.start();
      // Before the ports open: whoever sees one open may send a signal at once.
      this.#handleSignals();
      if (!this.#info.ManualListen) await this.#listen();
    } catch (error) {
      await this.#giveUp(isInitialized, error);
      throw error;
    }
    this.#started();
  }

  #started(): void {
    this.#state = 'running';
    this.#ready.resolve();
    this.#link?.ready(this.#adapters.map((adapter) => adapter.getEndpoint().toString()));
  }

  #makeLink(): WorkerLink {
    return new WorkerLink({
      terminate: (reason) => void this.#terminate(reason),
      answer: (question) => {
        if (question.startsWith(Question.ADMIN)) return this.#admin.commands.run(question.slice(Question.ADMIN.length));
        if (question === Question.COMMANDS) return this.#admin.commands.list();
        if (question === Question.SERVED) return this.#served();
        if (question === Question.CERTIFICATES) return outcomeOf(() => this.reloadCertificates());
        return this.stats();
      },
    });
  }

  /** The adapters are served by other processes; this one holds the ports, and watches over them. */
  async #supervise(application: string): Promise<void> {
    const { Workers, DeactivatingTimeout, DrainWindow, GoawayTime } = this.#info;
    // With node:cluster behind it: only supervisors need it.
    const { Supervisor } = await import('./workers/supervisor.js');
    this.#supervisor = new Supervisor({
      application,
      count: Workers,
      endMs: 2 * DeactivatingTimeout + DrainWindow + GoawayTime + WORKER_GRACE_MS,
      onExit: (exit) => this.emit('workerexit', exit),
    });
    this.#handleSignals();
    for (const { endpoint } of readAdapterConfigs(this.getConfig(), this.#info)) {
      if (isSocketPath(endpoint)) await freeSocketFile(endpoint.host);
    }
    await this.#supervisor.start();
    LOG.info('workers serve', this.#supervisor.states());
    await this.#reports?.begin();
    this.#started();
  }

  #handleSignals(): void {
    const shutDown = (signal: NodeJS.Signals) => {
      LOG.info('shutting down', { signal });
      void this.#terminate(signal);
    };
    const removeShutdown = this.#link === undefined ? onShutdownSignal(shutDown) : onWorkerSignal(shutDown);
    const removeRestart = this.#handleRestart();
    this.#removeSignals = () => {
      removeShutdown();
      removeRestart();
    };
  }

  #handleRestart(): () => void {
    const supervisor = this.#supervisor;
    if (supervisor === undefined) return this.#link === undefined ? ignoreRestartSignal() : () => {};
    return onRestartSignal(() => {
      supervisor.restart().catch((error: unknown) => {
        LOG.error('the workers could not be restarted', { err: error });
      });
    });
  }

  async #createServants(): Promise<void> {
    for (const registration of this.#registry.finish()) {
      const { adapter, create } = registration;
      const servant = create();
      servant.attach(this, adapter.getServantName());
      adapter.setServant(servant);
      this.#servants.push(servant);
      await servant.initialize();
    }
  }

  async #listen(): Promise<void> {
    await this.#ports.openAll(this.#adapters, this.#info.CertReload);
    for (const adapter of this.#adapters) {
      LOG.info('listening', { servant: adapter.getServantName(), endpoint: adapter.getEndpoint().toString() });
      this.emit('listening', adapter);
    }
    await this.#reports?.begin();
  }

  /** What is open now. */
  async #served(): Promise<readonly Served[]> {
    if (this.#supervisor !== undefined) return servedByWorkers(await this.#supervisor.ask(Question.SERVED));
    return this.#ports.isOpen ? this.#adapters.map(servedBy) : [];
  }

  /**
   * Reads the certificates of all adapters again; new connections get them, those that are open keep theirs. Of a supervisor: its workers do so.
   *
   * @throws TarsException `TARSIER_CONFIG_INVALID` for a file that cannot be used; the old one stays in use then.
   * `TARSIER_WORKER_FAILED` when a worker does not answer.
   */
  async reloadCertificates(): Promise<void> {
    if (this.#supervisor !== undefined) checkOutcomes(await this.#supervisor.ask(Question.CERTIFICATES));
    await this.#ports.loadCertificates();
  }

  /** The start has failed: closes what is open, so that nothing keeps the process alive. */
  async #giveUp(isInitialized: boolean, error: unknown): Promise<void> {
    this.#state = 'failed';
    this.#removeSignals();
    await this.#reports?.end();
    this.#ports.close();
    await this.#drain();
    for (const servant of this.#servants) await this.#attempt('destroy() of a servant', () => servant.destroy());
    if (isInitialized) await this.#attempt('destroyApp()', () => this.destroyApp());
    this.#stopReports();
    await this.#communicator?.terminate();
    await this.#admin.close(0);
    this.#services.stop();
    await this.#link?.failed(error);
    this.#link?.release();
    this.#ready.reject(error);
    this.#ended.reject(error);
  }

  /** Opens the ports, where the key `manuallisten` has put it off. */
  async manualListen(): Promise<void> {
    if (this.#state !== 'running' || this.#ports.isOpen) return;
    await this.#listen();
  }

  /** Resolves when all adapters listen; rejects when `main` does. */
  waitForReady(): Promise<void> {
    return this.#ready.promise;
  }

  /** Resolves when the application has ended after SIGINT, SIGTERM or `terminate()`; rejects when `main` does. */
  waitForShutdown(): Promise<void> {
    return this.#ended.promise;
  }

  /** Whether the end has begun. */
  isTerminate(): boolean {
    return this.#state === 'stopping' || this.#state === 'stopped' || this.#state === 'failed';
  }

  /**
   * Ends the application: stops accepting, lets running requests finish within `deactivating-timeout`, flushes, closes every
   * connection with `doClose`, then `servant.destroy()`, then `destroyApp()`. May be called often; resolves when all is done.
   */
  terminate(): Promise<void> {
    return this.#terminate('terminate');
  }

  #terminate(reason: string): Promise<void> {
    this.#stopping ??= this.#stop(reason);
    return this.#stopping;
  }

  async #stop(reason: string): Promise<void> {
    if (this.#state === 'new') {
      this.#state = 'stopped';
      this.#ended.resolve();
      return;
    }
    try {
      await this.#starting;
    } catch {
      // main() has rejected with it, and everything is closed.
      return;
    }
    this.#state = 'stopping';
    this.emit('shutdown', reason);
    // First of all, so that no new client comes.
    await this.#reports?.end();
    if (this.#supervisor === undefined) await this.#endServing();
    else await this.#supervisor.stop(reason);
    await this.#admin.close(this.#info.DeactivatingTimeout);
    this.#services.stop();
    this.#removeSignals();
    this.#state = 'stopped';
    this.#link?.release();
    this.#ended.resolve();
  }

  async #endServing(): Promise<void> {
    this.#ports.close();
    await this.#drain();
    for (const servant of this.#servants) await this.#attempt('destroy() of a servant', () => servant.destroy());
    await this.#attempt('destroyApp()', () => this.destroyApp());
    this.#stopReports();
    await this.#communicator?.terminate();
  }

  /**
   * Replaces every worker by a new process, one after the other, and the new one serves before the old one ends: no connection is
   * refused meanwhile, and new code is in use afterwards. SIGUSR2 does the same.
   *
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` without `workers`; and what a new worker's `main` threw: those not replaced yet go on.
   */
  async restartWorkers(): Promise<void> {
    if (this.#supervisor === undefined) {
      const text = 'restartWorkers() needs a supervisor; set workers to 1 or more';
      throw new TarsException(text, { code: 'TARSIER_INVALID_ARGUMENT', where: { key: 'workers' } });
    }
    await this.#supervisor.restart();
  }

  /** The processes that serve, as their supervisor sees them; undefined in a process that serves itself, workers included. */
  getWorkers(): WorkerStates | undefined {
    return this.#supervisor?.states();
  }

  /** Which of the workers this process is, from 1; 0 when it is none. */
  getWorkerPlace(): number {
    return workerPlace();
  }

  async #drain(): Promise<void> {
    const { DeactivatingTimeout, DrainWindow: windowMs, GoawayTime: goawayMs } = this.#info;
    await Promise.all(this.#adapters.map((adapter) => adapter.drain(DeactivatingTimeout, { windowMs, goawayMs })));
    await this.#ports.release();
  }

  /** One failing step of the end must not keep the others from running. */
  async #attempt(what: string, step: () => void | Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      LOG.error(`${what} failed`, { err: error });
    }
  }

  // --- servants ------------------------------------------------------------------------------------------------------------

  /**
   * Registers a servant. One instance is made for each adapter that has its name.
   *
   * @param name `App.Server.Obj`, or `Obj` of this server; may be left out when the class was declared with `@servant`.
   * @param params given to the constructor.
   * @throws TarsException `TARSIER_SERVANT_INVALID` when no adapter has the name; it lists those there are.
   * Source: Application::addServant, addServantWithParams.
   */
  addServant<P extends readonly unknown[]>(Class: ServantClass<P>, name?: string, ...params: P): void {
    this.#registry.add(Class, () => new Class(...params), name);
  }

  /**
   * Sets the parser that frames the bytes of a servant.
   *
   * @throws TarsException `TARSIER_SERVANT_INVALID` when it is no parser, or no adapter has the name.
   */
  addServantProtocol(name: string, parser: PacketParser): void {
    this.#registry.addProtocol(name, parser);
  }

  /**
   * Runs for each accepted connection, before its first byte is read. What it throws, or rejects with, is logged and counted as a fault of
   * a handler.
   *
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is no function.
   */
  addAcceptCallback(callback: (current: Current) => unknown): void {
    checkFunction('addAcceptCallback', callback);
    this.#acceptCallbacks.push(callback);
  }

  /**
   * Adds a command to the administration port (key `local`). With workers it is run in each of them, and the answers are joined; the
   * program adds it there too, whenever it does.
   *
   * @param help one line for `tars.help`.
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for a name that is taken, or is not one word.
   * Source: Application::addAdminCommandNormal (TarsCpp).
   */
  addAdminCommand(name: string, help: string, run: AdminHandler): void {
    this.#admin.commands.add(name, help, run);
  }

  // --- what it consists of -------------------------------------------------------------------------------------------------

  /**
   * The client side of this application, with the properties of `/tars/application/client`. Ends with the application.
   *
   * @throws TarsCommunicatorException before `main` has read the configuration.
   */
  getCommunicator(): Communicator {
    const config = this.getConfig();
    this.#communicator ??= clientOf(config, this.#info);
    return this.#communicator;
  }

  /**
   * The configuration as it was read.
   *
   * @throws TarsCommunicatorException before `main` has read it.
   */
  getConfig(): TarsConfig {
    if (this.#config === undefined)
      throw new TarsCommunicatorException('the application has no configuration before main()');
    return this.#config;
  }

  /** The values of the server section. */
  getServerBaseInfo(): Readonly<ServerBaseInfo> {
    return this.#info;
  }

  /** The adapter of a servant, by full name or by the name within this server. */
  getBindAdapter(servant: string): BindAdapter | undefined {
    const name = this.#registry.fullName(servant);
    return this.#adapters.find((adapter) => adapter.getServantName() === name);
  }

  /** All adapters, in the order of the configuration. */
  getBindAdapters(): readonly BindAdapter[] {
    return this.#adapters;
  }

  #onAccept(adapter: BindAdapterImpl, connection: Peer): void {
    if (this.#acceptCallbacks.length === 0 && this.listenerCount('connection') === 0) return;
    const current = adapter.currentOf(connection);
    const report = (fault: unknown): void => {
      adapter.onHandlerError(connection, fault);
    };
    for (const callback of this.#acceptCallbacks) callBack(() => callback(current), report);
    this.emit('connection', current);
  }

  /** The application in figures, as plain values that JSON can carry. Of a supervisor: without adapters; ask with {@link Application.workerStats}. */
  stats(): ApplicationStats {
    return {
      application: `${this.#info.Application}.${this.#info.ServerName}`,
      worker: workerPlace(),
      uptimeMs: this.#services.time.now() - this.#beganMs,
      ...processStats(),
      adapters: this.#adapters.map(adapterStats),
    };
  }

  /** The figures of each worker that answers within two seconds; none in a process that serves itself. */
  async workerStats(): Promise<ApplicationStats[]> {
    const answers = (await this.#supervisor?.ask(Question.STATS)) ?? [];
    return answers.flatMap(({ result }) => (result === undefined ? [] : [result as ApplicationStats]));
  }

  readonly #observer: AdapterObserver = {
    onAccept: (adapter, connection) => {
      this.#onAccept(adapter, connection);
    },
    onReject: (adapter, ip, reason) => this.emit('reject', adapter, ip, reason),
    onClose: (current, error) => this.emit('close', current, error),
    onSendDrop: (adapter, connection, drop) => {
      if (this.listenerCount('drop') === 0) return;
      this.emit('drop', adapter.currentOf(connection), drop);
    },
    onOverload: (adapter) => this.emit('overload', adapter),
    onError: (error, connection) => this.emit('error', error, { adapter: connection.adapter, uid: connection.uid }),
  };
}
