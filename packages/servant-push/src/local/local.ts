import type { Backplane } from '../backplane/backplane.js';
import { LocalBackplane } from '../backplane/local-backplane.js';
import { ClusterBackplane, type ClusterLimits } from '../cluster/cluster-backplane.js';
import { checkFolderOf } from './private-folder.js';
import { SocketEngine } from './socket-engine.js';

/** What {@link local} may be told. */
export interface LocalOptions extends ClusterLimits {
  /**
   * Path of a Unix socket at which the processes of one machine meet. Its folder, which is made with the mode 0700 unless it is there, must be one
   * that no other user may write to. Whoever may open the socket, and knows the secret if there is one, belongs to the hub. Without it the hub is alone.
   */
  readonly path?: string;
  /** Known to these processes only: then it does no harm when others can write to the folder of the socket. */
  readonly secret?: string;
}

/**
 * The embedded backplane: nothing has to be installed.
 *
 * Without a path it is one process. With a path the hubs of all processes of the machine that name it are one: one of the processes holds the
 * log and the sessions, the others have copies, and one of them takes its place when it ends. When the last one ends all is gone. Not on
 * Windows. Workers (key `workers`) need not be told: their hubs find each other.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` without a secret, when other users could put a socket of theirs at the path.
 */
export function local({ path, secret = '', ...options }: LocalOptions = {}): Backplane {
  if (path === undefined) return new LocalBackplane(options.log);
  if (secret === '') checkFolderOf(path);
  return new ClusterBackplane({ engine: new SocketEngine({ path, secret }), ...options });
}
