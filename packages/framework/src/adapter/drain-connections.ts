import { callBack } from '@tarsier/protocol/internal';
import { CloseType } from '../close-type.js';
import type { Connection } from '../connection/connection.js';
import type { ConnectionHost } from '../connection/connection-host.js';
import type { Current } from '../current.js';
import { Servant } from '../servant.js';
import { waitMs, withLimit } from '../wait.js';

/** Closes that are spread over a window come in steps of so many ms. */
const DRAIN_STEP_MS = 10;

/** Times of the end, in ms. */
export interface DrainTimes {
  /** Key `drainwindow`. */
  readonly windowMs?: number;
  /** Key `goawaytime`. */
  readonly goawayMs?: number;
}

/** An adapter whose connections are ended. */
export interface Draining extends ConnectionHost {
  readonly connections: ReadonlySet<Connection>;
  readonly servant: Servant | undefined;
  currentOf(connection: Connection): Current;
  /** Resolves when no connection is open. */
  allClosed(): Promise<void>;
}

/**
 * Says goodbye on every connection, gives the peers `goawayMs` to leave by themselves if the protocol knows how to say it, lets
 * connections answer what runs and then closes them; the closes are spread over `windowMs`, and connections whose turn has not come are
 * served. Resolves when all are closed; after `limitMs` they are destroyed.
 */
export async function drainConnections(
  host: Draining,
  limitMs: number,
  { windowMs = 0, goawayMs = 0 }: DrainTimes,
): Promise<void> {
  const { time } = host.services;
  for (const connection of host.connections) sayGoodbye(host, connection);
  if (goawayMs > 0 && saysGoodbye(host)) await withLimit(time, host.allClosed(), goawayMs);
  await leaveAll(host, windowMs);
  await withLimit(time, host.allClosed(), limitMs);
  for (const connection of host.connections) connection.destroy(CloseType.EM_SHUTDOWN_CLOSE);
  await host.allClosed();
}

/** Whether the servant has words of its own for it. */
function saysGoodbye({ servant }: Draining): boolean {
  return servant !== undefined && servant.goaway !== Servant.prototype.goaway;
}

function sayGoodbye(host: Draining, connection: Connection): void {
  callBack(
    () => host.servant?.goaway(host.currentOf(connection)),
    (fault) => {
      host.onHandlerError(connection, fault);
    },
  );
}

async function leaveAll(host: Draining, windowMs: number): Promise<void> {
  const open = [...host.connections];
  const { time } = host.services;
  const beganMs = time.now();
  for (const [index, connection] of open.entries()) {
    const dueMs = beganMs + (windowMs * index) / open.length;
    // In steps: a timer for each of thousands of connections would do no better.
    if (dueMs > time.now()) await waitMs(time, Math.max(DRAIN_STEP_MS, dueMs - time.now()));
    connection.leave(CloseType.EM_SHUTDOWN_CLOSE);
  }
}
