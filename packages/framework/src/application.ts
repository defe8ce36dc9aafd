import {
  ByteVector,
  type PacketParser,
  parseEcho,
  TarsCommunicatorException,
  type TarsConfig,
  TarsException,
  type TimeSource,
} from '@tarsier/protocol';
import { Communicator } from '@tarsier/proxy';
import { systemTime } from '@tarsier/proxy/internal';
import { EventEmitter } from 'eventemitter3';
import type { BindAdapter } from './adapter/bind-adapter.js';
import { type AdapterObserver, BindAdapterImpl } from './adapter/bind-adapter-impl.js';
import type { ApplicationContext } from './application-context.js';
import type { ApplicationEvents } from './application-events.js';
import type { ApplicationConfig } from './config/application-config.js';
import { loadConfig } from './config/load-config.js';
import { readAdapterConfigs } from './config/read-adapters.js';
import { readServerInfo } from './config/read-server.js';
import { CLIENT_DOMAIN } from './config/server-domain.js';
import { warnOfKeys } from './config/warn-of-keys.js';
import type { Peer } from './connection/peer.js';
import { Current } from './current.js';
import { deferred } from './deferred.js';
import { LifeCycleServices, oneAtATime } from './life-cycle.js';
import { LOG } from './log/log.js';
import type { Servant } from './servant.js';
import type { ServantClass } from './servant-decorator.js';
import { ServantRegistry } from './servant-registry.js';
import { type ServerBaseInfo, ServerConfig } from './server-config.js';
import { onShutdownSignal } from './shutdown-signals.js';
import { defaultServerTransports } from './transport/default-server-transports.js';
import { listenError } from './transport/listen-error.js';
import type { Listening, ServerTransport } from './transport/server-transport.js';

/** What an application may be given besides its configuration. */
export interface ApplicationOptions {
  /** Instead of TCP and the others that come with Tarsier; the first that serves an endpoint is taken. */
  readonly transports?: readonly ServerTransport[];
  /** Instead of the clock of the environment, for tests. */
  readonly time?: TimeSource;
}

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
export class Application extends EventEmitter<ApplicationEvents> implements ApplicationContext {
  readonly #services: LifeCycleServices;
  readonly #transports: readonly ServerTransport[];
  readonly #registry = new ServantRegistry();
  readonly #servants: Servant[] = [];
  #listening: Listening[] = [];
  readonly #acceptCallbacks: ((current: Current) => void)[] = [];
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

  constructor(options: ApplicationOptions = {}) {
    super();
    this.#services = new LifeCycleServices(options.time ?? systemTime);
    this.#transports = options.transports ?? defaultServerTransports;
  }

  // --- for the application to override -----------------------------------------------------------------------------------

  /** Registers servants and protocols. `ServerConfig` is filled in. */
  initialize(): void | Promise<void> {}

  /** Runs last, when all connections are closed and all servants destroyed; also when `main` fails after `initialize`. */
  destroyApp(): void | Promise<void> {}

  /** May change the configuration before anything of it is read. */
  onParseConfig(_config: TarsConfig): void {}

  // --- life cycle ----------------------------------------------------------------------------------------------------------

  /**
   * Reads the configuration, calls `initialize()`, creates the servants and binds the adapters. Resolves when all of them
   * listen.
   *
   * @param source command line with `--config=FILE`, or the same keys as an object.
   * @throws TarsException for a bad configuration (file, line, key), an endpoint that does not parse, a port in use, a servant
   *   without an adapter, a protocol for an unknown servant; and whatever `initialize` throws. Nothing stays open then.
   */
  main(source: readonly string[] | ApplicationConfig): Promise<void> {
    if (this.#state !== 'new') {
      const text = `main() was called on an application that is ${this.#state}; make a new one for a second start`;
      return Promise.reject(new TarsException(text, { code: 'TARSIER_INVALID_ARGUMENT' }));
    }
    this.#state = 'starting';
    this.#starting = oneAtATime(() => this.#start(source));
    return this.#starting;
  }

  async #start(source: readonly string[] | ApplicationConfig): Promise<void> {
    let isInitialized = false;
    try {
      const { config, file } = await loadConfig(source);
      this.onParseConfig(config);
      this.#config = config;
      this.#info = readServerInfo(config, file);
      Object.assign(ServerConfig, this.#info);
      warnOfKeys(config);
      this.#adapters = readAdapterConfigs(config, this.#info).map(
        (adapter) => new BindAdapterImpl(adapter, parseEcho, this.#services, this.#observer),
      );
      this.#registry.open(config, this.#info, this.#adapters, (adapter) => {
        return new BindAdapterImpl(adapter, parseEcho, this.#services, this.#observer);
      });
      isInitialized = true;
      await this.initialize();
      await this.#createServants();
      this.#services.start();
      // Before the ports open: whoever sees one open may send a signal at once.
      this.#removeSignals = onShutdownSignal((signal) => {
        LOG.info('shutting down', { signal });
        void this.#terminate(signal);
      });
      if (!this.#info.ManualListen) await this.#listen();
    } catch (error) {
      await this.#giveUp(isInitialized, error);
      throw error;
    }
    this.#state = 'running';
    this.#ready.resolve();
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
    for (const adapter of this.#adapters) {
      this.#listening.push(await this.#open(adapter));
    }
    for (const adapter of this.#adapters) {
      LOG.info('listening', { servant: adapter.getServantName(), endpoint: adapter.getEndpoint().toString() });
      this.emit('listening', adapter);
    }
  }

  async #open(adapter: BindAdapterImpl): Promise<Listening> {
    const endpoint = adapter.getEndpoint();
    const transport = this.#transports.find((one) => one.canListen(endpoint));
    try {
      if (transport === undefined) throw new Error(`no transport serves ${endpoint.type} endpoints`);
      const listening = await transport.listen(adapter);
      adapter.setEndpoint(listening.endpoint);
      return listening;
    } catch (cause) {
      throw listenError(adapter.getName(), endpoint, cause);
    }
  }

  #closePorts(): void {
    for (const listening of this.#listening) listening.close();
  }

  /** The start has failed: closes what is open, so that nothing keeps the process alive. */
  async #giveUp(isInitialized: boolean, error: unknown): Promise<void> {
    this.#state = 'failed';
    this.#removeSignals();
    this.#closePorts();
    await this.#drain();
    for (const servant of this.#servants) await this.#attempt('destroy() of a servant', () => servant.destroy());
    if (isInitialized) await this.#attempt('destroyApp()', () => this.destroyApp());
    await this.#communicator?.terminate();
    this.#services.stop();
    this.#ready.reject(error);
    this.#ended.reject(error);
  }

  /** Opens the ports, where the key `manuallisten` has put it off. */
  async manualListen(): Promise<void> {
    if (this.#state !== 'running' || this.#listening.length > 0) return;
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
    this.#closePorts();
    await this.#drain();
    for (const servant of this.#servants) await this.#attempt('destroy() of a servant', () => servant.destroy());
    await this.#attempt('destroyApp()', () => this.destroyApp());
    await this.#communicator?.terminate();
    this.#services.stop();
    this.#removeSignals();
    this.#state = 'stopped';
    this.#ended.resolve();
  }

  async #drain(): Promise<void> {
    await Promise.all(this.#adapters.map((adapter) => adapter.drain(this.#info.DeactivatingTimeout)));
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
   * @throws TarsException `TARSIER_SERVANT_INVALID` when no adapter has the name.
   */
  addServantProtocol(name: string, parser: PacketParser): void {
    this.#registry.addProtocol(name, parser);
  }

  /** Runs for each accepted connection, before its first byte is read. */
  addAcceptCallback(callback: (current: Current) => void): void {
    this.#acceptCallbacks.push(callback);
  }

  // --- what it consists of -------------------------------------------------------------------------------------------------

  /**
   * The client side of this application, with the properties of `/tars/application/client`. Ends with the application.
   *
   * @throws TarsCommunicatorException before `main` has read the configuration.
   */
  getCommunicator(): Communicator {
    const config = this.getConfig();
    this.#communicator ??= new Communicator(Object.fromEntries(config.getDomainMap(CLIENT_DOMAIN)), {
      logger: LOG,
    });
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

  #onAccept(connection: Peer): void {
    if (this.#acceptCallbacks.length === 0 && this.listenerCount('connection') === 0) return;
    const current = new Current(connection, new ByteVector(), { ms: this.#services.time.now() });
    for (const callback of this.#acceptCallbacks) callback(current);
    this.emit('connection', current);
  }

  readonly #observer: AdapterObserver = {
    onAccept: (connection) => {
      this.#onAccept(connection);
    },
    onReject: (adapter, ip, reason) => this.#tell(() => this.emit('reject', adapter, ip, reason)),
    onClose: (current, error) => this.#tell(() => this.emit('close', current, error)),
    onOverload: (adapter) => this.#tell(() => this.emit('overload', adapter)),
    onError: (error, connection) =>
      this.#tell(() => this.emit('error', error, { adapter: connection.adapter, uid: connection.uid })),
  };

  /** A listener that throws must not harm the connection that it was told about. */
  #tell(emit: () => void): void {
    try {
      emit();
    } catch (error) {
      LOG.error('a listener of the application failed', { err: error });
    }
  }
}
