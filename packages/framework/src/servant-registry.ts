import { type PacketParser, TarsConfig, TarsException, tarsParser } from '@tarsier/protocol';
import type { AdapterConfig } from './adapter/adapter-config.js';
import type { BindAdapterImpl } from './adapter/bind-adapter-impl.js';
import { checkAdapter } from './config/check-keys.js';
import { checkServerKeys } from './config/check-restrictions.js';
import { adapterSection, serverSection } from './config/config-sections.js';
import { readAdapterConfig } from './config/read-adapters.js';
import { SERVER_DOMAIN } from './config/server-domain.js';
import { customDispatcher } from './dispatch/custom-dispatcher.js';
import type { Dispatcher } from './dispatch/dispatcher.js';
import { LOG } from './log/log.js';
import { setDivisionOf } from './registry/set-division.js';
import { Servant } from './servant.js';
import { type ServantOptions, servantOptionsOf } from './servant-decorator.js';
import type { ServerBaseInfo } from './server-config.js';
import { setCheckingDispatcher } from './tars/check-set.js';
import { tarsDispatcher } from './tars/tars-dispatcher.js';

/** A servant that is to be made for an adapter. */
interface Registration {
  readonly adapter: BindAdapterImpl;
  readonly create: () => Servant;
}

/** What is known once the configuration was read. */
interface Opened {
  readonly config: TarsConfig;
  readonly info: ServerBaseInfo;
  readonly adapters: BindAdapterImpl[];
  readonly makeAdapter: (config: AdapterConfig) => BindAdapterImpl;
}

function invalid(message: string, object: string): TarsException {
  return new TarsException(message, { code: 'TARSIER_SERVANT_INVALID', where: { object } });
}

/**
 * Brings servants, parsers and adapters together by object name. What is registered before the configuration was read is kept
 * and checked then.
 */
export class ServantRegistry {
  #early: (() => void)[] = [];
  #opened: Opened | undefined;
  readonly #servants = new Map<string, () => Servant>();
  readonly #parsers = new Map<string, PacketParser>();

  /** The configuration was read; `adapters` may grow by those that servants declare. */
  open(
    config: TarsConfig,
    info: ServerBaseInfo,
    adapters: BindAdapterImpl[],
    makeAdapter: (config: AdapterConfig) => BindAdapterImpl,
  ): void {
    this.#opened = { config, info, adapters, makeAdapter };
    const early = this.#early;
    this.#early = [];
    for (const register of early) register();
  }

  /** A name within this server, in full. */
  fullName(name: string): string {
    const info = this.#opened?.info;
    return name.includes('.') || info === undefined ? name : `${info.Application}.${info.ServerName}.${name}`;
  }

  add(Class: { readonly name: string }, create: () => Servant, name: string | undefined): void {
    const opened = this.#opened;
    if (opened === undefined) {
      this.#early.push(() => {
        this.add(Class, create, name);
      });
      return;
    }
    const options = servantOptionsOf(Class);
    const given = name ?? options?.name;
    if (given === undefined) {
      throw invalid(
        `${Class.name} has no name: give one to addServant, or declare it with @servant({ name })`,
        Class.name,
      );
    }
    const fullName = this.fullName(given);
    if (options !== undefined) applyOptions(opened, fullName, options);
    this.#adaptersOf(fullName, `servant ${Class.name}`);
    this.#servants.set(fullName, create);
    if (options?.protocol !== undefined && !this.#parsers.has(fullName)) this.#parsers.set(fullName, options.protocol);
  }

  addProtocol(name: string, parser: PacketParser): void {
    // Without types it is easily the object around the parser, and the adapter would speak TARS.
    if (typeof parser !== 'function') {
      throw invalid(`the protocol of ${name} is ${typeof parser}, and no parser: a function that cuts packets`, name);
    }
    if (this.#opened === undefined) {
      this.#early.push(() => {
        this.addProtocol(name, parser);
      });
      return;
    }
    const fullName = this.fullName(name);
    this.#adaptersOf(fullName, 'the protocol');
    this.#parsers.set(fullName, parser);
  }

  #adaptersOf(fullName: string, what: string): BindAdapterImpl[] {
    const all = this.#opened?.adapters ?? [];
    const found = all.filter((adapter) => adapter.getServantName() === fullName);
    if (found.length > 0) return found;
    const names = all.map((adapter) => adapter.getServantName()).join(', ') || 'none';
    throw invalid(
      `${what} was given the name ${fullName}, and no adapter has it; the configuration has adapters for: ${names}`,
      fullName,
    );
  }

  /** What every adapter is to be given; checks that nothing is missing. */
  finish(): Registration[] {
    const { config, adapters = [] } = this.#opened ?? {};
    if (config !== undefined)
      checkServerKeys(
        config,
        adapters.map((adapter) => adapter.config.endpoint),
      );
    const registrations = adapters.map((adapter) => {
      const name = adapter.getServantName();
      const create = this.#servants.get(name);
      if (create === undefined) {
        throw invalid(
          `adapter ${adapter.getName()} has the servant ${name}, and addServant was not called for it in initialize()`,
          name,
        );
      }
      this.#setParser(adapter, name);
      return { adapter, create: () => checked(adapter, create()) };
    });
    this.#checkSet();
    return registrations;
  }

  /** A server that checks the sets of its callers, and speaks nothing in which they name them, would check nobody. */
  #checkSet(): void {
    const { config, adapters } = this.#opened as Opened;
    const server = serverSection(config);
    if (!server.flag('checkset') || adapters.some(({ dispatcher }) => dispatcher !== customDispatcher)) return;
    throw server.error('checkset', 'n: no adapter speaks TARS, in which callers name their set');
  }

  #setParser(adapter: BindAdapterImpl, name: string): void {
    const parser = this.#parsers.get(name);
    const { protocol } = adapter.config;
    if (protocol === 'tars' && parser !== undefined) {
      throw invalid(
        `adapter ${adapter.getName()} has protocol = tars, and ${name} was given a parser of its own; ` +
          'set protocol = not_tars, or leave the parser out',
        name,
      );
    }
    if (protocol === 'tars' || (protocol === undefined && parser === undefined)) {
      adapter.setParser(tarsParser, this.#tarsDispatcher());
      return;
    }
    this.#checkVersions(adapter);
    if (parser === undefined) {
      LOG.warn('no parser was set; whatever has been received is one packet', { servant: name });
      return;
    }
    adapter.setParser(parser);
  }

  /** @throws ConfigException for `tarsversions` on an adapter that speaks no TARS. */
  #checkVersions(adapter: BindAdapterImpl): void {
    const section = adapterSection((this.#opened as Opened).config, adapter.getName());
    if (section.text('tarsversions') === '') return;
    throw section.error('tarsversions', 'no value: this adapter does not speak TARS');
  }

  /** @throws ConfigException when `checkset` is on, and the server is in no set. */
  #tarsDispatcher(): Dispatcher {
    const { config } = this.#opened as Opened;
    const server = serverSection(config);
    if (!server.flag('checkset')) return tarsDispatcher;
    const set = setDivisionOf(config);
    if (set !== '') return setCheckingDispatcher(set);
    throw server.error(
      'checkset',
      'n, or enableset = y and setdivision beside it: without a set of its own the server checks nobody',
    );
  }
}

/** Nobody has said TARS, and the servant does not speak it: its parser was forgotten. */
function checked(adapter: BindAdapterImpl, servant: Servant): Servant {
  const isTars = adapter.config.protocol === undefined && adapter.dispatcher !== customDispatcher;
  if (!isTars || servant.onDispatch !== Servant.prototype.onDispatch) return servant;
  const name = adapter.getServantName();
  throw invalid(
    `adapter ${adapter.getName()} has neither a protocol nor a parser, so it speaks TARS, and ${servant.constructor.name} does not: ` +
      `give ${name} a parser with addServantProtocol, or derive its class from TarsServant`,
    name,
  );
}

/**
 * Takes what a class declares into the configuration, where that says nothing, and makes its adapter anew: from there on it is read as
 * what stands in a file.
 */
function applyOptions(opened: Opened, fullName: string, options: ServantOptions): void {
  const { config, info, adapters, makeAdapter } = opened;
  const at = adapters.findIndex((adapter) => adapter.getServantName() === fullName);
  if (at < 0 && options.endpoint === undefined) return;
  const name =
    at >= 0 ? (adapters[at] as BindAdapterImpl).getName() : `${fullName.slice(fullName.lastIndexOf('.') + 1)}Adapter`;
  const { name: _name, protocol: _parser, ...keys } = options;
  const given = Object.entries({ ...keys, servant: fullName }).filter(([, value]) => value !== undefined);
  config.joinConfig(
    TarsConfig.fromObject({ tars: { application: { server: { [name]: Object.fromEntries(given) } } } }),
    false,
  );
  checkAdapter(config, `${SERVER_DOMAIN}/${name}`);
  const adapter = makeAdapter(readAdapterConfig(config, name, info));
  if (at >= 0) adapters[at] = adapter;
  else adapters.push(adapter);
}
