import { describe } from 'vitest';
import { testBackplaneContract } from './backplane.contract.testkit.js';
import { ClusterBackplane } from './cluster-backplane.js';
import { MemoryCluster } from './memory-engine.testkit.js';

describe('the backplane on an engine in memory', () => {
  const cluster = new MemoryCluster({ now: () => performance.now(), schedule: (ms, run) => setTimeout(run, ms) });
  testBackplaneContract(true, () => ({
    make: () => new ClusterBackplane({ engine: cluster.engine(), leaseMs: 1000 }),
    engine: {
      stop: async () => {
        cluster.stop();
      },
      start: async () => {
        cluster.start();
      },
    },
  }));
});
