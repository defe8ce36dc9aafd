import { lostLogLines } from '../log/lost-lines.js';
import type { ApplicationStats } from './application-stats.js';

/** What the system knows of this process. */
export function processStats(): Pick<ApplicationStats, 'pid' | 'memory' | 'cpuMs' | 'lostLogLines'> {
  const { rss: rssBytes, heapUsed: heapUsedBytes, external: externalBytes } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    pid: process.pid,
    memory: { rssBytes, heapUsedBytes, externalBytes },
    cpuMs: (user + system) / 1000,
    lostLogLines: lostLogLines(),
  };
}
