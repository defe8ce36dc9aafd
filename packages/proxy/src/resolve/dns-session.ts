import type { Endpoint, TimeSource } from '@tarsier/protocol';
import { ReconnectPolicy } from '../connection/reconnect-policy.js';
import type { DnsLookup } from './dns-lookup.js';
import { DnsRound, type KnownRecords } from './dns-round.js';
import type { ResolveSession, ResolveWatcher } from './resolver.js';

/** Between two looks, however short the life of a record is and however often nodes refuse. */
const MIN_MS = 1000;
/** So long nodes that were found wait for names that are slow. */
const GRACE_MS = 1000;
/** The longest wait after failures when there is no interval. */
const MAX_BACKOFF_MS = 30_000;

/** What a {@link DnsSession} works with. */
export interface DnsSessionInit {
  readonly lookup: DnsLookup;
  readonly refreshMs: number;
  readonly time: TimeSource;
  readonly random: () => number;
}

/** The endpoints of one object, being looked up again and again. */
export class DnsSession implements ResolveSession {
  readonly #endpoints: readonly Endpoint[];
  readonly #watcher: ResolveWatcher;
  readonly #init: DnsSessionInit;
  readonly #policy: ReconnectPolicy;
  readonly #minMs: number;
  readonly #stopped = new AbortController();
  #known: KnownRecords = { addresses: new Map(), services: new Map() };
  /** The nodes of each endpoint. */
  readonly #nodes: (readonly Endpoint[])[];
  /** What was told last. */
  #told = '';
  #isLooking = false;
  #lookedMs = 0;
  #stopTimer: (() => void) | undefined;
  #dueMs = Infinity;

  constructor(endpoints: readonly Endpoint[], watcher: ResolveWatcher, init: DnsSessionInit) {
    const { refreshMs, random } = init;
    this.#endpoints = endpoints;
    this.#watcher = watcher;
    this.#init = init;
    this.#minMs = refreshMs === 0 ? MIN_MS : Math.min(MIN_MS, refreshMs);
    const maxMs = Math.max(this.#minMs, refreshMs || MAX_BACKOFF_MS);
    this.#policy = new ReconnectPolicy({ minMs: this.#minMs, maxMs, random });
    this.#nodes = endpoints.map(() => []);
    this.#look();
  }

  refresh(): void {
    // A look that runs will do.
    if (this.#isLooking || this.#stopped.signal.aborted) return;
    const dueMs = Math.max(this.#init.time.now(), this.#lookedMs + MIN_MS);
    if (dueMs < this.#dueMs) this.#wakeAt(dueMs, this.#look);
  }

  stop(): void {
    this.#stopped.abort();
    this.#sleep();
  }

  readonly #look = (): void => {
    this.#isLooking = true;
    this.#lookedMs = this.#init.time.now();
    const round = new DnsRound(this.#init.lookup, this.#known, this.#stopped.signal);
    this.#wakeAt(this.#lookedMs + GRACE_MS, this.#tell);
    const looks = this.#endpoints.map(async (endpoint, index) => {
      const nodes = await round.nodesOf(endpoint);
      this.#nodes[index] = endpoint.discovery === '' ? nodes : this.#shuffled(nodes);
    });
    void Promise.all(looks).then(() => {
      this.#found(round);
    });
  };

  #found(round: DnsRound): void {
    if (this.#stopped.signal.aborted) return;
    this.#isLooking = false;
    this.#known = round.known;
    this.#sleep();
    const { failure } = round;
    if (failure === undefined) this.#policy.failures = 0;
    else this.#policy.failures++;
    const waitMs = failure === undefined ? this.#restMs(round.ttlMs) : Math.max(this.#minMs, this.#policy.delayMs());
    if (waitMs < Infinity) this.#wakeAt(this.#init.time.now() + waitMs, this.#look);
    this.#tell();
    // Who was told may have stopped the session.
    if (failure !== undefined && !this.#stopped.signal.aborted) this.#watcher.failed(failure);
  }

  #restMs(ttlMs: number): number {
    const { refreshMs } = this.#init;
    return refreshMs === 0 ? Infinity : Math.min(refreshMs, Math.max(MIN_MS, ttlMs));
  }

  /** Tells the nodes, if there are any and others than before. */
  readonly #tell = (): void => {
    const nodes = this.#nodes.flat();
    const text = nodes.map(String).toSorted().join('\n');
    if (text === this.#told) return;
    this.#told = text;
    this.#watcher.update(nodes);
  };

  /** Clients that get the same addresses shall not all begin with the first. */
  #shuffled(nodes: readonly Endpoint[]): readonly Endpoint[] {
    const { random } = this.#init;
    return nodes
      .map((node) => ({ node, place: random() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ node }) => node);
  }

  #wakeAt(dueMs: number, run: () => void): void {
    this.#sleep();
    this.#dueMs = dueMs;
    const { time } = this.#init;
    const wake = (): void => {
      this.#sleep();
      run();
    };
    // Calls that wait keep the process themselves.
    this.#stopTimer = time.every(Math.max(1, dueMs - time.now()), wake, false);
  }

  #sleep(): void {
    this.#dueMs = Infinity;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }
}
