import type { Backplane } from '../backplane/backplane.js';
import { LocalBackplane } from '../backplane/local-backplane.js';
import { ClusterBackplane, type ClusterLimits } from '../cluster/cluster-backplane.js';
import { SocketEngine } from './socket-engine.js';

/** What {@link local} may be told. */
export interface LocalOptions extends ClusterLimits {
  /**
   * Path of a Unix socket at which the processes of one machine meet; whoever may open it belongs to the hub. Without it the hub is alone.
   */
  readonly path?: string;
}

/**
 * The embedded backplane: nothing has to be installed.
 *
 * Without a path it is one process. With a path the hubs of all processes of the machine that name it are one: one of the processes holds the
 * log and the sessions, the others have copies, and one of them takes its place when it ends. When the last one ends all is gone. Not on
 * Windows. Workers (key `workers`) need not be told: their hubs find each other.
 */
export function local({ path, ...options }: LocalOptions = {}): Backplane {
  return path === undefined
    ? new LocalBackplane(options.log)
    : new ClusterBackplane({ engine: new SocketEngine({ path }), ...options });
}
