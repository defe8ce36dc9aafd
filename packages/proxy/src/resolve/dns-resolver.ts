import { checkDurationMs, type TimeSource } from '@tarsier/protocol';
import { systemTime } from '../time/system-time.js';
import type { DnsLookup } from './dns-lookup.js';
import { DnsSession } from './dns-session.js';
import type { Resolver, ResolveSession, ResolveTarget, ResolveWatcher } from './resolver.js';

/** What a {@link DnsResolver} is made of. */
export interface DnsResolverInit {
  readonly lookup: DnsLookup;
  /** Time between two looks in ms, when no record has a shorter life; 0: never again. Property `dns-refresh-interval`; default 30000. */
  readonly refreshMs?: number;
  /** Instead of the clock of the environment, for tests. */
  readonly time?: TimeSource;
  /** 0 up to, not including, 1: for the order of addresses and the waits after failures. `Math.random` unless given. */
  readonly random?: () => number;
}

/**
 * Looks up the endpoints that have `-d dns` (every address of the host is a node) or `-d srv` (every address of every host that the
 * records name is one), and passes the others of the list through.
 *
 * The names are looked up again when `refreshMs` or the life of a record is over, and when a node refuses a connection, at most once a
 * second. A name that cannot be looked up, or has no records any more, keeps the nodes known, is reported, and is tried again with
 * growing waits: a DNS that fails takes nobody's servers away.
 *
 * A communicator in Node has one without being told. Elsewhere, as in a browser, it needs a {@link DnsLookup} of its own.
 */
export class DnsResolver implements Resolver {
  readonly name = 'dns';
  readonly #init: Required<DnsResolverInit>;

  constructor({ lookup, refreshMs = 30_000, time = systemTime, random = Math.random }: DnsResolverInit) {
    checkDurationMs('refreshMs', refreshMs, { min: 0 });
    this.#init = { lookup, refreshMs, time, random };
  }

  canResolve({ endpoints }: ResolveTarget): boolean {
    return endpoints.some(({ discovery }) => discovery !== '');
  }

  watch({ endpoints }: ResolveTarget, watcher: ResolveWatcher): ResolveSession {
    return new DnsSession(endpoints, watcher, this.#init);
  }
}
