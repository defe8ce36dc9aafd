/**
 * NATS with JetStream as the engine of a push hub over many processes and machines. Needs `@nats-io/transport-node`, `@nats-io/jetstream` and
 * `@nats-io/kv` beside this package.
 *
 * @module @tarsier/servant-push/nats
 */

import { checkDurationMs, TarsException } from '@tarsier/framework';
import type { Backplane } from '../backplane/backplane.js';
import { ClusterBackplane, type ClusterLimits } from '../cluster/cluster-backplane.js';
import { NatsEngine } from './nats-engine.js';

export type { ClusterLimits } from '../cluster/cluster-backplane.js';

/** How NATS is reached, and what is kept there. */
export interface NatsOptions extends ClusterLimits {
  /** As `nats://host:4222`, or several of one NATS cluster. */
  readonly servers?: string | string[];
  /** More for `connect` of `@nats-io/transport-node`: credentials, TLS. */
  readonly connection?: Readonly<Record<string, unknown>>;
  /** Hubs with the same name belong together; it begins all subjects, streams and buckets. `tarsier` unless told. */
  readonly name?: string;
  /** How many bytes the stream keeps for nodes that come or come back; 256 MiB unless told … */
  readonly maxBytes?: number;
  /** … and for how long, in ms; twice the window of sessions unless told, a minute at least. */
  readonly ageMs?: number;
  /** On how many servers of a NATS cluster everything is stored; 1 unless told. */
  readonly replicas?: number;
}

/**
 * A backplane on a NATS server with JetStream, 2.9 or later.
 *
 * ```ts
 * const hub = new PushHub({ backplane: nats({ servers: 'nats://localhost:4222' }) });
 * ```
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` for a name with other characters than letters, digits, `-` and `_`.
 */
export function nats(options: NatsOptions = {}): Backplane {
  const { servers, connection, name = 'tarsier', maxBytes = 268_435_456, ageMs, replicas = 1, ...limits } = options;
  if (!/^[\w-]{1,64}$/.test(name)) {
    throw new TarsException(`nats: the name "${name}" must be 1 to 64 letters, digits, - or _`, {
      code: 'TARSIER_INVALID_ARGUMENT',
      where: { key: 'name' },
    });
  }
  if (ageMs !== undefined) checkDurationMs('ageMs', ageMs, { min: 0 });
  const engine = new NatsEngine({
    connection: { ...connection, ...(servers !== undefined && { servers }) },
    name,
    maxBytes,
    ageMs,
    replicas,
  });
  return new ClusterBackplane({ engine, ...limits });
}
