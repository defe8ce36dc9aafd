import type { TimeSource } from '@tarsier/framework';
import type { Backplane } from '../backplane/backplane.js';
import type { LogLimits } from '../backplane/push-log.js';
import type { SessionLimits } from '../session/session-limits.js';
import type { HubLimitOptions } from './delivery.js';
import type { HubProtocol } from './hub-protocol.js';
import type { Labels } from './labels.js';

/** What a hub may be told. */
export interface PushHubOptions {
  /** How pushes become packets; without it, what is pushed are whole packets. */
  readonly protocol?: HubProtocol;
  readonly limits?: HubLimitOptions;
  /** With a protocol that has sessions. */
  readonly sessions?: Partial<SessionLimits>;
  /** How much is kept for sessions that come back, of the backplane `local`. */
  readonly log?: Partial<LogLimits>;
  /** The log, and the way to other nodes; in this process unless told. */
  readonly backplane?: Backplane;
  /** How long one turn of a large push may take, in ms; 4 unless told. */
  readonly sliceMs?: number;
  /** Instead of the clock of the environment, for tests. */
  readonly time?: TimeSource;
}

/** What is known of a connection that joins. */
export interface JoinOptions {
  /** Name of its user, who may have several connections. */
  readonly user?: string;
  readonly labels?: Labels;
  readonly groups?: Iterable<string>;
}
