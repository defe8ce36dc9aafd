import { afterAll, beforeAll, describe } from 'vitest';
import { EngineServer } from '../../../../test/support/engine-server.js';
import { needs } from '../../../../test/support/needs.js';
import { testBackplaneContract } from '../cluster/backplane.contract.testkit.js';
import { redis } from './index.js';

describe('the backplane on Redis', needs('redis-server'), () => {
  let server: EngineServer;

  beforeAll(async () => {
    server = await EngineServer.start('redis');
  });

  afterAll(async () => {
    await server.end();
  });

  testBackplaneContract(true, () => ({
    make: () => redis({ url: server.url, leaseMs: 1000 }),
    engine: { stop: () => server.kill(), start: () => server.start() },
  }));
});
