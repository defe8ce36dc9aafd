/**
 * Redis as the engine of a push hub over many processes and machines. Needs `@redis/client` beside this package.
 *
 * @module @tarsier/servant-push/redis
 */
import type { RedisClientOptions } from '@redis/client';
import { checkDurationMs } from '@tarsier/framework';
import type { Backplane } from '../backplane/backplane.js';
import { ClusterBackplane, type ClusterLimits } from '../cluster/cluster-backplane.js';
import { RedisEngine } from './redis-engine.js';

export type { ClusterLimits } from '../cluster/cluster-backplane.js';

/** How Redis is reached, and what is kept there. */
export interface RedisOptions extends ClusterLimits {
  /** As `redis://user:password@host:6379/0`, or `rediss:` for TLS. */
  readonly url?: string;
  /** More for `createClient` of `@redis/client`. */
  readonly client?: RedisClientOptions;
  /** Hubs with the same name belong together; it begins all keys, within braces. `tarsier` unless told. */
  readonly name?: string;
  /** How many reliable pushes Redis keeps for nodes that come or come back, roughly; 100000 unless told … */
  readonly maxEntries?: number;
  /** … and for how long, in ms; twice the window of sessions unless told, a minute at least. */
  readonly ageMs?: number;
}

/**
 * A backplane on a Redis server, 7.0 or later.
 *
 * ```ts
 * const hub = new PushHub({ backplane: redis({ url: 'redis://localhost:6379' }) });
 * ```
 */
export function redis(options: RedisOptions = {}): Backplane {
  const { url, client, name = 'tarsier', maxEntries = 100_000, ageMs, ...limits } = options;
  if (ageMs !== undefined) checkDurationMs('ageMs', ageMs, { min: 0 });
  const engine = new RedisEngine({ client: { ...(url !== undefined && { url }), ...client }, name, maxEntries, ageMs });
  return new ClusterBackplane({ engine, ...limits });
}
