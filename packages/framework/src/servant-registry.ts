import { type PacketParser, type TarsConfig, TarsException, tarsParser } from '@tarsier/protocol';
import { booleanValue } from '@tarsier/protocol/internal';
import type { AdapterConfig } from './adapter/adapter-config.js';
import type { BindAdapterImpl } from './adapter/bind-adapter-impl.js';
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
    return (this.#opened?.adapters ?? []).map((adapter) => {
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
    if (parser === undefined) {
      LOG.warn('no parser was set; whatever has been received is one packet', { servant: name });
      return;
    }
    adapter.setParser(parser);
  }

  /** @throws ConfigException when `checkset` is on and the set is none. */
  #tarsDispatcher(): Dispatcher {
    const { config } = this.#opened as Opened;
    const set = booleanValue(config, SERVER_DOMAIN, 'checkset', false) ? setDivisionOf(config) : '';
    return set === '' ? tarsDispatcher : setCheckingDispatcher(set);
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

const adapterKeys = [
  'endpoint',
  'allow',
  'deny',
  'order',
  'maxconns',
  'ipv6prefix',
  'queuecap',
  'queuetimeout',
  'ordered',
  'recvbufferlimit',
  'backpacketlimit',
  'backpacketmin',
  'sendpolicy',
  'emptyconntimeout',
  'cert',
  'key',
  'ca',
  'verifyclient',
  'ciphers',
  'handshaketimeout',
  'origins',
  'wstext',
  'wsping',
  'wsmaxmessage',
] as const satisfies readonly (keyof ServantOptions)[];

/** Writes what a class declares into the configuration, where that says nothing, and makes its adapter anew. */
function applyOptions(opened: Opened, fullName: string, options: ServantOptions): void {
  const { config, info, adapters, makeAdapter } = opened;
  const at = adapters.findIndex((adapter) => adapter.getServantName() === fullName);
  const name =
    at >= 0 ? (adapters[at] as BindAdapterImpl).getName() : `${fullName.slice(fullName.lastIndexOf('.') + 1)}Adapter`;
  if (at < 0) {
    if (options.endpoint === undefined) return;
    config.insertDomain(SERVER_DOMAIN, name, true);
    config.set(`${SERVER_DOMAIN}/${name}<servant>`, fullName);
  }
  const present = config.getDomainMap(`${SERVER_DOMAIN}/${name}`);
  for (const key of adapterKeys) {
    const value = options[key];
    if (value !== undefined && !present.has(key)) config.set(`${SERVER_DOMAIN}/${name}<${key}>`, String(value));
  }
  const adapter = makeAdapter(readAdapterConfig(config, name, info));
  if (at >= 0) adapters[at] = adapter;
  else adapters.push(adapter);
}
