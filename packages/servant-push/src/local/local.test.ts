import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { testBackplaneContract } from '../cluster/backplane.contract.testkit.js';
import { ClusterBackplane } from '../cluster/cluster-backplane.js';
import { SocketEngine } from './socket-engine.js';

describe('the embedded backplane over several processes', () => {
  let folder = '';
  let broker: SocketEngine;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tarsier-local-'));
    broker = new SocketEngine({ path: join(folder, 'hub.sock') });
    await broker.serve();
    // It follows itself, so that it has what it needs to begin again.
    const port = {
      keepMs: 60_000,
      connected: () => broker.follow(0),
      disconnected() {},
      entry() {},
      received() {},
      failed() {},
    };
    await broker.open(port, 'the broker');
  });

  afterAll(async () => {
    await broker.close();
    rmSync(folder, { recursive: true, force: true });
  });

  testBackplaneContract(true, () => ({
    make: () =>
      new ClusterBackplane({
        engine: new SocketEngine({ path: join(folder, 'hub.sock'), mayServe: false }),
        leaseMs: 1000,
      }),
    engine: { stop: () => broker.rest(), start: () => broker.serve() },
  }));
});
