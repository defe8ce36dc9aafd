import cluster from 'node:cluster';
import { join } from 'node:path';
import { workerPlace } from '@tarsier/framework';
import { meetingPlace } from '@tarsier/framework/internal';
import type { Backplane } from '../backplane/backplane.js';
import { LocalBackplane } from '../backplane/local-backplane.js';
import type { LogLimits } from '../backplane/push-log.js';
import { ClusterBackplane } from '../cluster/cluster-backplane.js';
import { makePrivateFolder, sweepFoldersLike } from './private-folder.js';
import { SocketEngine } from './socket-engine.js';

/** Hubs that this process has made without a backplane of their own. */
let count = 0;
/** Those of them that workers would have too, until there are workers. */
const waiting: number[] = [];

/** Where the hubs meet that were made as the `number`-th by each of the workers of one supervisor. */
function engineOf(number: number): SocketEngine {
  const { folder, secret } = meetingPlace();
  makePrivateFolder(folder);
  return new SocketEngine({ path: join(folder, `hub-${number}`), secret });
}

/**
 * What a hub gets that is not told: its process alone, unless that is a worker; then all workers of the same supervisor. They make their hubs in
 * the same order, because they run the same program.
 *
 * A supervisor that has made the hub too, because it stands outside of `initialize`, is the broker of its workers: it outlives them.
 */
export function defaultBackplane(log: Partial<LogLimits>, now: () => number): Backplane {
  const number = ++count;
  if (workerPlace() > 0) return new ClusterBackplane({ engine: engineOf(number), log });
  if (cluster.isPrimary) {
    // One listener for all hubs: a process may have many.
    if (waiting.length === 0) cluster.once('fork', serveAll);
    waiting.push(number);
  }
  return new LocalBackplane(log, now);
}

function serveAll(): void {
  // The workers have one of themselves for what cannot be served here.
  for (const number of waiting.splice(0)) engineOf(number).serve().catch(ignore);
  sweepFoldersLike(meetingPlace().folder).catch(ignore);
}

function ignore(): void {}
