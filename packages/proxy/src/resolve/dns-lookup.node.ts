import type { Resolver as Asker } from 'node:dns/promises';
import { ConfigException, type TimeSource } from '@tarsier/protocol';
import { offAbort, onAbort } from '../call/abort-targets.js';
import type { DnsAddress, DnsLookup, DnsService } from './dns-lookup.js';
import { DnsResolver } from './dns-resolver.js';
import type { DnsSettings } from './dns-settings.js';

/** Asked for with the first name: a server that looks up none is to stay small. */
const dns = () => process.getBuiltinModule('node:dns/promises');

/** A server that does not answer is asked so often, first for so long. */
const ASK = { timeout: 2000, tries: 2 } as const;

/** What Node has for names: the resolver of the system, or servers that are asked directly. */
class NodeDnsLookup implements DnsLookup {
  readonly #servers: readonly string[];
  /** 4, 6, or 0 for both. */
  readonly #family: number;

  constructor(servers: readonly string[], family: number) {
    this.#servers = servers;
    this.#family = family;
  }

  async addresses(host: string, signal: AbortSignal): Promise<readonly DnsAddress[]> {
    // The system knows its hosts file and search domains; it does not tell how long addresses may be kept.
    if (this.#servers.length === 0) return dns().lookup(host, { all: true, verbatim: true, family: this.#family });
    const answers = await this.#ask(signal, (asker) =>
      Promise.allSettled([
        ...(this.#family === 6 ? [] : [asker.resolve4(host, { ttl: true })]),
        ...(this.#family === 4 ? [] : [asker.resolve6(host, { ttl: true })]),
      ]),
    );
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    const failed = answers.find((answer) => answer.status === 'rejected');
    // Some servers cannot tell of one family: that there are addresses of the other is enough.
    if (found.length === 0 && failed !== undefined) throw failed.reason;
    return found.map(({ address, ttl }) => ({ address, ttlMs: ttl * 1000 }));
  }

  async services(name: string, signal: AbortSignal): Promise<readonly DnsService[]> {
    const records = await this.#ask(signal, (asker) => asker.resolveSrv(name));
    return records.map(({ name: host, port, priority, weight }) => ({ host, port, priority, weight }));
  }

  /** Asks servers; when the answer is not wanted any more, nothing of it keeps the process. */
  async #ask<Answer>(signal: AbortSignal, run: (asker: Asker) => Promise<Answer>): Promise<Answer> {
    const asker = new (dns().Resolver)(ASK);
    if (this.#servers.length > 0) asker.setServers(this.#servers);
    const target = {
      handleEvent: () => {
        asker.cancel();
      },
    };
    onAbort(signal, target);
    try {
      return await run(asker);
    } finally {
      offAbort(signal, target);
    }
  }
}

/**
 * The resolver of a communicator, as its properties say.
 *
 * @throws ConfigException that names the property.
 */
export function nodeDnsResolver({ servers: list, family, refreshMs }: DnsSettings, time: TimeSource): DnsResolver {
  const fail = (key: string, expected: string, found: string, cause?: unknown): never => {
    throw new ConfigException(`property ${key}: expected ${expected}, found "${found}"`, { cause, where: { key } });
  };
  if (!/^[046]?$/.test(family)) fail('dns-family', '4, 6, or 0 for both', family);
  const servers = list.split(/[;,\s]+/).filter((one) => one !== '');
  try {
    if (servers.length > 0) new (dns().Resolver)().setServers(servers);
  } catch (cause) {
    fail('dns-servers', 'addresses such as 127.0.0.1:53 or [::1]:53, separated by ;', list, cause);
  }
  return new DnsResolver({ lookup: new NodeDnsLookup(servers, Number(family)), refreshMs, time });
}
