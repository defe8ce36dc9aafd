import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startServer, stopServers } from '../../packages/framework/src/test-server.testkit.js';

afterEach(stopServers);

const CONNECTIONS = 2000;
const ROUNDS = 10;

/** Opens so many connections at once and drops them all as soon as each is there; half of them in the middle of a packet. */
async function storm(port: number): Promise<void> {
  await Promise.all(
    Array.from(
      { length: CONNECTIONS },
      (_, i) =>
        new Promise<void>((resolve) => {
          const socket = connect(port, '127.0.0.1');
          socket.on('connect', () => {
            if (i % 2 === 0) socket.write('\0\0\0');
            if (i % 3 === 0) socket.resetAndDestroy();
            else socket.destroy();
          });
          socket.on('error', () => {});
          socket.on('close', () => {
            resolve();
          });
        }),
    ),
  );
}

function heapUsed(): number {
  for (let i = 0; i < 3; i++) global.gc?.();
  return process.memoryUsage().heapUsed;
}

describe('2,000 connections opened and dropped at once, ten times', () => {
  it('leave no connection, no timer and no memory behind, and doClose comes once for each', async () => {
    let closes = 0;
    const { app, port } = await startServer({ doClose: () => void closes++ });
    const adapter = app.getBindAdapter('Obj');
    const settled = () => vi.waitUntil(() => adapter?.getNowConnection() === 0, { timeout: 20_000 });
    expect(global.gc).toBeTypeOf('function');
    // The first rounds warm up what is kept for good: compiled code, pools of the runtime.
    for (let i = 0; i < 2; i++) await storm(port);
    await settled();
    const heapBefore = heapUsed();
    const resourcesBefore = process.getActiveResourcesInfo().length;
    for (let i = 2; i < ROUNDS; i++) {
      await storm(port);
      await settled();
    }
    const growth = heapUsed() - heapBefore;
    expect(closes).toBe(adapter?.counters.accepted);
    expect(closes).toBeGreaterThan(CONNECTIONS * ROUNDS * 0.5);
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(resourcesBefore + 2);
    // 16,000 more connections came and went: a leak of a mere 100 bytes each would show as 1.6 MB.
    expect(growth).toBeLessThan(1_600_000);
  });
});
