import {
  type Logger,
  parseObjectString,
  TarsCommunicatorException,
  TarsRegistryException,
  type TimeSource,
} from '@tarsier/protocol';
import { checkLogger, checkMethods, guardLogger } from '@tarsier/protocol/internal';
import { environment } from '#default-transports';
import { ClientRuntime, type ClientRuntimeInit } from './client-runtime.js';
import type { CommunicatorContext } from './communicator-context.js';
import { CommunicatorProperties, checkProperty, type PropertyValue } from './communicator-properties.js';
import type { LookupInit, PartInit } from './environment.js';
import { unknownProperty } from './known-properties.js';
import { silentLogger } from './observe/silent-logger.js';
import type { StatReport } from './report/stat-report.js';
import { DirectResolver } from './resolve/direct-resolver.js';
import type { Resolver } from './resolve/resolver.js';
import { ServantProxy, type ServantProxyInit } from './servant-proxy.js';
import { systemTime } from './time/system-time.js';
import type { Transport } from './transport/transport.js';

/** What a communicator may be given besides its properties. */
export interface CommunicatorOptions {
  /** Where log lines go; nowhere unless given. A line whose logger throws or rejects is lost, and counted (`lostLogLines`). */
  readonly logger?: Logger;
  /** Instead of the transports of the environment; the first that serves an endpoint is taken. */
  readonly transports?: readonly Transport[];
  /** Find the nodes of objects; the first that can look one up is taken. The endpoints of the object string itself come last. */
  readonly resolvers?: readonly Resolver[];
  /** Instead of the clock of the environment, for tests. */
  readonly time?: TimeSource;
  /**
   * Told of each property that is set and that there is not. Unless given, that is a warning of the logger; without one in Node a warning
   * of the process. The property is kept all the same: it may be one of the program.
   */
  readonly onUnknownProperty?: (name: string, reason: string) => void;
}

/** A class that `stringToProxy` can make: {@link ServantProxy} or one that extends it with the same constructor. */
export type ServantProxyClass<T extends ServantProxy> = new (init: ServantProxyInit) => T;

/**
 * Makes proxies and owns what they share: properties, one timer, the connections.
 *
 * Properties are read when the first proxy is made (`timeoutcheckinterval`) or when a proxy is made (the others).
 * Source: Communicator (servant/servant/Communicator.h).
 */
export class Communicator implements CommunicatorContext {
  readonly #properties = new CommunicatorProperties();
  readonly #resolvers: readonly Resolver[];
  /** What all that it makes is given. */
  readonly #parts: Omit<ClientRuntimeInit, 'stepMs'> &
    Omit<PartInit, 'settings'> & { readonly communicator: Communicator };
  /** Properties of single objects, by object name. */
  readonly #ofObjects = new Map<string, Map<string, string>>();
  readonly #proxies = new Map<ServantProxyClass<ServantProxy>, Map<string, ServantProxy>>();
  readonly #onUnknown: (name: string, reason: string) => void;
  #runtime: ClientRuntime | undefined;
  #termination: Promise<void> | undefined;
  #lostLogLines = 0;

  /**
   * @throws ConfigException for a property with a bad value.
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for a logger, transport or resolver that lacks one of its methods.
   */
  constructor(properties: Readonly<Record<string, PropertyValue>> = {}, options: CommunicatorOptions = {}) {
    this.#properties.set(properties);
    for (const one of options.transports ?? []) checkMethods('a transport', one, ['canConnect', 'connect']);
    for (const one of options.resolvers ?? []) checkMethods('a resolver', one, ['canResolve', 'watch']);
    this.#resolvers = [...(options.resolvers ?? []), new DirectResolver()];
    this.#parts = {
      communicator: this,
      maker: this,
      environment,
      logger:
        options.logger === undefined
          ? silentLogger
          : guardLogger(checkLogger(options.logger), () => this.#lostLogLines++),
      transports: options.transports ?? environment.transports,
      time: options.time ?? systemTime,
    };
    this.#onUnknown = options.onUnknownProperty ?? unknownTeller(options.logger && this.#parts.logger);
    this.#tellUnknown(Object.keys(properties));
  }

  /**
   * Sets one property, as `setProperty('sync-invoke-timeout', 5000)`; or, given an object, replaces all of them, as in C++.
   * Proxies that exist keep what they were made with. docs/reference/configuration.md lists the properties.
   *
   * @throws ConfigException that names the property.
   */
  setProperty(name: string, value: PropertyValue): void;
  setProperty(properties: Readonly<Record<string, PropertyValue>>): void;
  setProperty(nameOrAll: string | Readonly<Record<string, PropertyValue>>, value?: PropertyValue): void {
    this.#properties.set(nameOrAll, value);
    this.#tellUnknown(typeof nameOrAll === 'string' ? [nameOrAll] : Object.keys(nameOrAll));
  }

  #tellUnknown(names: readonly string[]): void {
    for (const name of names) {
      const reason = unknownProperty(name);
      if (reason !== undefined) this.#onUnknown(name, reason);
    }
  }

  /** The text of a property: what was set, else `otherwise`, else its default, else ''. */
  getProperty(name: string, otherwise?: string): string {
    return this.#properties.get(name, otherwise);
  }

  /**
   * Sets a property for one object only, such as `ca`, `cert`, `key` and `ciphers`, or a timeout. Belongs before the first
   * `stringToProxy` of the object.
   *
   * @param object its name without endpoints, as `App.Server.Obj`.
   * @throws ConfigException that names the property.
   * Source: Communicator::setServantProperty.
   */
  setServantProperty(object: string, name: string, value: PropertyValue): void {
    const text = checkProperty(name, value);
    this.#tellUnknown([name]);
    let properties = this.#ofObjects.get(object);
    if (properties === undefined) this.#ofObjects.set(object, (properties = new Map()));
    properties.set(name, text);
  }

  /** The text of a property that was set for one object; '' for others. Source: Communicator::getServantProperty. */
  getServantProperty(object: string, name: string): string {
    return this.#ofObjects.get(object)?.get(name) ?? '';
  }

  /** Lines that were lost because the logger threw or rejected. */
  get lostLogLines(): number {
    return this.#lostLogLines;
  }

  /** Whether `terminate` was called. */
  get isTerminating(): boolean {
    return this.#termination !== undefined;
  }

  /**
   * The proxy for an object string, as `Test.Echo.EchoObj@tcp -h 127.0.0.1 -p 10099`; several endpoints are separated by `:`.
   * Without endpoints they are looked up at the property `locator`; `setName` says whose servers are meant then, as `app.sz.1`: that of
   * `setdivision` unless given. The same string, class and set give the same proxy. Connects nothing yet.
   *
   * @throws EndpointParseException when the string does not parse.
   * @throws TarsRegistryException when it has no endpoints and there is no `locator` to look them up at; or, with `TARSIER_NO_ENDPOINT`, when they have to be looked up (`-d`) and
   * programs cannot do that here, as in browsers.
   * @throws ConfigException when properties contradict each other, or those for the DNS cannot be used.
   * @throws TarsCommunicatorException after `terminate`.
   */
  stringToProxy(text: string): ServantProxy;
  stringToProxy<T extends ServantProxy>(Class: ServantProxyClass<T>, text: string, setName?: string): T;
  stringToProxy(first: string | ServantProxyClass<ServantProxy>, second?: string, setName?: string): ServantProxy {
    if (typeof first === 'string') return this.#proxyOf(ServantProxy, first);
    return this.#proxyOf(first, String(second), setName);
  }

  #proxyOf(Class: ServantProxyClass<ServantProxy>, text: string, setName = ''): ServantProxy {
    if (this.#termination !== undefined) {
      throw new TarsCommunicatorException(`no proxy for ${JSON.stringify(text)}: the communicator was terminated`);
    }
    let ofClass = this.#proxies.get(Class);
    if (ofClass === undefined) this.#proxies.set(Class, (ofClass = new Map()));
    const key = `${setName}\n${text}`;
    let proxy = ofClass.get(key);
    if (proxy === undefined) ofClass.set(key, (proxy = this.#make(Class, text, setName)));
    return proxy;
  }

  #make(Class: ServantProxyClass<ServantProxy>, text: string, given: string): ServantProxy {
    const { name, endpoints } = parseObjectString(text);
    const settings = this.#properties.settings(this.#ofObjects.get(name));
    const setName = given || settings.registry?.setDivision;
    const target = { name, endpoints, ...(setName && endpoints.length === 0 && { setName }) };
    const init = { ...this.#parts, target, settings };
    const resolver = this.#resolvers.find((one) => one.canResolve(target)) ?? lastResolver(init);
    this.#runtime ??= new ClientRuntime({ ...init, stepMs: settings.checkIntervalMs });
    return new Class({
      ...init,
      fullName: text,
      resolver,
      runtime: this.#runtime,
      observer: environment.observe?.(init),
    });
  }

  /**
   * What is reported of this program, for properties of its own; undefined when nobody takes reports (properties `stat` and `property`), and
   * in browsers. Source: Communicator::getStatReport.
   */
  getStatReport(): StatReport | undefined {
    return environment.report?.({ ...this.#parts, settings: this.#properties.settings() });
  }

  /**
   * Ends everything: what was counted is reported, within a second; calls in flight fail with `TARSIER_CLOSED`, connections are closed
   * after what was queued has been sent. Resolves when no socket and no timer is left. Later calls fail in the same way.
   */
  terminate(): Promise<void> {
    this.#termination ??= this.#terminate();
    return this.#termination;
  }

  async #terminate(): Promise<void> {
    await environment.endReport?.(this);
    const runtime = this.#runtime;
    if (runtime === undefined) return;
    runtime.isTerminated = true;
    const proxies = [...this.#proxies.values()].flatMap((ofClass) => [...ofClass.values()]);
    await Promise.all(proxies.map((proxy) => proxy.close()));
    runtime.stopIfIdle();
  }
}

/** How properties that there are not are told of. */
function unknownTeller(logger: Logger | undefined): (name: string, reason: string) => void {
  if (logger === undefined) return (name, reason) => environment.warn?.(`property ${name} has no effect: ${reason}`);
  return (property, reason) => {
    logger.warn('a property has no effect', { property, reason });
  };
}

/** What no other resolver takes, though it has endpoints, has names to be looked up. */
function lastResolver(init: LookupInit): Resolver {
  const { name, endpoints } = init.target;
  const found = environment.resolver?.(init);
  if (found !== undefined) return found;
  if (endpoints.length === 0) {
    throw new TarsRegistryException(
      `${name} has no endpoints, and there is no locator to look them up at; write ${name}@tcp -h HOST -p PORT`,
      { where: { object: name, key: 'locator' } },
    );
  }
  throw new TarsRegistryException(
    `${name}: ${environment.name} cannot look names up; leave out -d, or give a DnsResolver`,
    { code: 'TARSIER_NO_ENDPOINT', where: { object: name } },
  );
}
