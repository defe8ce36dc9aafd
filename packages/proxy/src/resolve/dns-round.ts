import { Endpoint, TarsServerUnknownException } from '@tarsier/protocol';
import { isNamed } from '@tarsier/protocol/internal';
import { causeText } from '../connection/connection-end.js';
import type { DnsAddress, DnsLookup, DnsService } from './dns-lookup.js';
import { rankServices } from './srv-ranks.js';

/** The records that were found last, by question. */
export interface KnownRecords {
  readonly addresses: Map<string, readonly DnsAddress[]>;
  readonly services: Map<string, readonly DnsService[]>;
}

/**
 * One look at all names of an object. Each question is asked once; one that fails is answered with what was known before.
 *
 * Nothing rejects: what went wrong stands in `failure`.
 */
export class DnsRound {
  readonly #lookup: DnsLookup;
  readonly #before: KnownRecords;
  readonly #signal: AbortSignal;
  readonly #asked = new Map<string, Promise<readonly DnsAddress[]>>();
  /** For the next round. */
  readonly known: KnownRecords = { addresses: new Map(), services: new Map() };
  /** The first thing that went wrong. */
  failure: Error | undefined;
  /** The shortest life of an answer. */
  ttlMs: number = Infinity;

  constructor(lookup: DnsLookup, before: KnownRecords, signal: AbortSignal) {
    this.#lookup = lookup;
    this.#before = before;
    this.#signal = signal;
  }

  /** The nodes behind an endpoint: itself, unless it has to be looked up. */
  async nodesOf(endpoint: Endpoint): Promise<readonly Endpoint[]> {
    const { discovery, host } = endpoint;
    if (discovery === '') return [endpoint];
    return discovery === 'dns' ? this.#nodesAt(endpoint, host) : this.#nodesOfServices(endpoint);
  }

  async #nodesOfServices(endpoint: Endpoint): Promise<readonly Endpoint[]> {
    const { host: name } = endpoint;
    const ask = async (): Promise<readonly DnsService[]> => {
      const records = await this.#lookup.services(name, this.#signal);
      // A target of `.` means that there is no such service. Source: RFC 2782.
      return records.filter(({ host, port }) => host !== '' && host !== '.' && port > 0);
    };
    const services = await this.#records(name, 'SRV', this.#before.services, this.known.services, ask);
    const nodes = rankServices(services, endpoint).map((changes, index) => {
      const host = services[index]?.host.replace(/\.$/, '') ?? '';
      return this.#nodesAt(endpoint, host, changes);
    });
    return (await Promise.all(nodes)).flat();
  }

  /** A node for each address of a host. */
  async #nodesAt(endpoint: Endpoint, host: string, changes: object = {}): Promise<readonly Endpoint[]> {
    const { addresses } = this.known;
    const ask = (): Promise<readonly DnsAddress[]> => this.#lookup.addresses(host, this.#signal);
    let asked = this.#asked.get(host);
    if (asked === undefined) {
      asked = this.#records(host, 'address', this.#before.addresses, addresses, ask);
      this.#asked.set(host, asked);
    }
    const records = await asked;
    const serverName = isNamed(endpoint.type) ? endpoint.serverName || host : '';
    try {
      return records.map(({ address, ttlMs = Infinity }) => {
        this.ttlMs = Math.min(this.ttlMs, ttlMs);
        const resolved = { host: address, serverName, discovery: '' } as const;
        return Endpoint.of(Object.assign({}, endpoint, changes, resolved));
      });
    } catch (cause) {
      // A name or an address that nobody can call.
      this.#fail(host, cause);
      return [];
    }
  }

  async #records<Found>(
    name: string,
    kind: string,
    before: ReadonlyMap<string, readonly Found[]>,
    known: Map<string, readonly Found[]>,
    ask: () => Promise<readonly Found[]>,
  ): Promise<readonly Found[]> {
    let found: readonly Found[] = [];
    try {
      found = await ask();
      if (found.length === 0) this.#fail(name, new Error(`it has no ${kind} records`));
    } catch (cause) {
      this.#fail(name, cause);
    }
    if (found.length === 0) found = before.get(name) ?? [];
    if (found.length > 0) known.set(name, found);
    return found;
  }

  #fail(name: string, cause: unknown): void {
    this.failure ??= new TarsServerUnknownException(`${name} could not be looked up (${causeText(cause)})`, {
      code: 'TARSIER_NO_ENDPOINT',
      cause,
    });
  }
}
