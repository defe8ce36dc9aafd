import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EngineServer } from '../../../../test/support/engine-server.js';
import { needs } from '../../../../test/support/needs.js';
import { testBackplaneContract } from '../cluster/backplane.contract.testkit.js';
import { nats } from './index.js';

describe('the backplane on NATS', needs('nats-server'), () => {
  let server: EngineServer;

  beforeAll(async () => {
    server = await EngineServer.start('nats');
  });

  afterAll(async () => {
    await server.end();
  });

  testBackplaneContract(true, () => ({
    make: () => nats({ servers: server.url, leaseMs: 1000 }),
    engine: { stop: () => server.kill(), start: () => server.start() },
  }));
});

describe('the options of nats', () => {
  it('have a name that can begin a subject', () => {
    expect(() => nats({ name: 'a.b' })).toThrow(expect.objectContaining({ code: 'TARSIER_INVALID_ARGUMENT' }));
  });
});
