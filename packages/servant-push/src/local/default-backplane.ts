import cluster from 'node:cluster';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workerPlace } from '@tarsier/framework';
import type { Backplane } from '../backplane/backplane.js';
import { LocalBackplane } from '../backplane/local-backplane.js';
import type { LogLimits } from '../backplane/push-log.js';
import { local } from './local.js';
import { SocketEngine } from './socket-engine.js';

/** Hubs that this process has made without a backplane of their own. */
let count = 0;
/** Those of them that workers would have too, until there are workers. */
const waiting: number[] = [];

/** Where the hubs meet that were made as the `number`-th by each of the workers of one supervisor. */
function meetingPlace(supervisor: number, number: number): string {
  return join(tmpdir(), `tarsier-${supervisor}-hub-${number}.sock`);
}

/**
 * What a hub gets that is not told: its process alone, unless that is a worker; then all workers of the same supervisor. They make their hubs in
 * the same order, because they run the same program.
 *
 * A supervisor that has made the hub too, because it stands outside of `initialize`, is the broker of its workers: it outlives them.
 */
export function defaultBackplane(log: Partial<LogLimits>, now: () => number): Backplane {
  const number = ++count;
  if (workerPlace() > 0) return local({ path: meetingPlace(process.ppid, number), log });
  if (cluster.isPrimary) {
    // One listener for all hubs: a process may have many.
    if (waiting.length === 0) cluster.once('fork', serveAll);
    waiting.push(number);
  }
  return new LocalBackplane(log, now);
}

function serveAll(): void {
  for (const number of waiting.splice(0)) {
    new SocketEngine({ path: meetingPlace(process.pid, number) }).serve().catch(() => {
      // The workers then have one of themselves for it.
    });
  }
}
