import { type Logger, TarsServerUnknownException, type TimeSource } from '@tarsier/protocol';
import { causeText } from '../connection/connection-end.js';
import type { ResolveSession, ResolveTarget, ResolveWatcher } from '../resolve/resolver.js';
import type { EndpointCache } from './endpoint-cache.node.js';
import { type KnownNodes, knownNodes, textOfNodes } from './known-nodes.js';
import type { FoundNodes } from './query-f.js';
import type { RegistryLink } from './registry-link.js';
import type { RegistrySettings } from './registry-settings.js';

/** Between two looks, however often nodes refuse. TarsCpp refreshes no more often than that. */
const MIN_MS = 5000;
/** After an answer without nodes that may be called. */
const EMPTY_MS = 10_000;
/** After a failure; and after more than so many in a row. */
const FAILED_MS = 2000;
const MAX_QUICK_FAILURES = 3;
const AWAY_MS = 30_000;
/** So long the first nodes are waited for before those of the cache are called. */
const GRACE_MS = 1000;

/** What a {@link RegistrySession} works with. */
export interface RegistrySessionInit {
  readonly link: RegistryLink;
  readonly settings: RegistrySettings;
  readonly cache: EndpointCache;
  readonly logger: Logger;
  readonly time: TimeSource;
}

/**
 * One object being looked up at the registry again and again. A registry that is away, or knows no active node any more, takes nobody's
 * nodes away.
 */
export class RegistrySession implements ResolveSession {
  readonly #target: ResolveTarget;
  readonly #watcher: ResolveWatcher;
  readonly #init: RegistrySessionInit;
  readonly #stopped = new AbortController();
  /** What was told last; empty when nothing was. */
  #told = '';
  #isCacheRead = false;
  #isAsking = false;
  #askedMs = 0;
  #failures = 0;
  #dueMs = Infinity;
  #stopTimer: (() => void) | undefined;

  constructor(target: ResolveTarget, watcher: ResolveWatcher, init: RegistrySessionInit) {
    this.#target = target;
    this.#watcher = watcher;
    this.#init = init;
    this.#ask();
  }

  refresh(): void {
    // A look that runs will do, and a registry that fails is left alone.
    if (this.#isAsking || this.#failures > 0 || this.#isStopped) return;
    const dueMs = Math.max(this.#init.time.now(), this.#askedMs + MIN_MS);
    if (dueMs < this.#dueMs) this.#wakeAt(dueMs, this.#ask);
  }

  stop(): void {
    this.#stopped.abort();
    this.#sleep();
  }

  get #isStopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  readonly #ask = (): void => {
    const { link, settings, time } = this.#init;
    this.#isAsking = true;
    this.#askedMs = time.now();
    if (this.#told === '') this.#wakeAt(this.#askedMs + GRACE_MS, () => void this.#useCache('has not answered yet'));
    link.find(this.#target, settings.nodeName, this.#stopped.signal).then(
      (found) => {
        if (!this.#isStopped) this.#answered(found);
      },
      (cause: unknown) => {
        if (!this.#isStopped) void this.#failed(causeText(cause), cause);
      },
    );
  };

  #answered(found: FoundNodes): void {
    if (found._ret !== 0) {
      void this.#failed(`it answered with result ${found._ret}`);
      return;
    }
    this.#failures = 0;
    const nodes = knownNodes(found);
    const { refreshMs } = this.#init.settings;
    this.#rest(nodes.active.length === 0 ? EMPTY_MS : refreshMs);
    if (nodes.active.length > 0) {
      this.#tell(nodes, true);
      if (nodes.problem !== '' && !this.#isStopped) this.#watcher.failed(this.#error(nodes.problem));
      return;
    }
    const inactive = nodes.inactive.length;
    this.#watcher.failed(this.#error(nodes.problem || `it knows no active node of it, and ${inactive} inactive`));
    if (this.#told === '' && !this.#isStopped) this.#watcher.update([], nodes.inactive);
  }

  async #failed(why: string, cause?: unknown): Promise<void> {
    this.#failures++;
    const isAway = this.#failures > MAX_QUICK_FAILURES;
    this.#rest(isAway ? AWAY_MS : FAILED_MS);
    await this.#useCache(`could not be asked: ${why}`);
    if (this.#isStopped) return;
    this.#watcher.failed(this.#error(why, cause));
    // Calls have waited long enough.
    if (isAway && this.#told === '' && !this.#isStopped) this.#watcher.update([]);
  }

  /** Takes the nodes of the cache when none are known. */
  async #useCache(why: string): Promise<void> {
    if (this.#told !== '' || this.#isCacheRead) return;
    this.#isCacheRead = true;
    const { cache, logger, settings } = this.#init;
    const nodes = await cache.load(this.#target);
    // The registry may have answered meanwhile.
    if (nodes === undefined || this.#told !== '' || this.#isStopped) return;
    const { locator, cacheFile: file } = settings;
    logger.warn(`${this.#target.name}: its nodes are those of ${file}, because the registry ${locator} ${why}`, {
      file,
    });
    this.#tell(nodes, false);
  }

  #tell(nodes: KnownNodes, isNews: boolean): void {
    const text = textOfNodes(nodes);
    if (text === this.#told) return;
    this.#told = text;
    if (isNews) void this.#init.cache.store(this.#target, nodes);
    this.#watcher.update(nodes.active, nodes.inactive);
  }

  #error(why: string, cause?: unknown): Error {
    const { name, setName } = this.#target;
    const object = setName === undefined ? name : `${name} in the set ${setName}`;
    return new TarsServerUnknownException(`asking the registry ${this.#init.settings.locator} for ${object}: ${why}`, {
      code: 'TARSIER_NO_ENDPOINT',
      cause,
      where: { object: name },
    });
  }

  /** Asks again after a while. */
  #rest(ms: number): void {
    this.#isAsking = false;
    this.#wakeAt(this.#init.time.now() + ms, this.#ask);
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
