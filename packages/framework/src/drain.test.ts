import { afterEach, describe, expect, it } from 'vitest';
import { CloseType } from './close-type.js';
import { client, destroyClients, frame } from './raw-client.testkit.js';
import { calls, framing, startServer, stopServers } from './test-server.testkit.js';

afterEach(async () => {
  destroyClients();
  await stopServers();
});

describe('the end of an application', () => {
  it('says goodbye on every connection in the words of the protocol', async () => {
    const { app, port } = await startServer({
      goaway: (current) => {
        current.sendResponse(framing.encode('goodbye', 0));
      },
    });
    const clients = await Promise.all([client(port), client(port)]);
    for (const [i, each] of clients.entries()) {
      each.send(frame(i + 1, 'x'));
      await each.take(9);
    }
    const ended = app.terminate();
    for (const each of clients) {
      expect(await each.take(15)).toEqual(frame(0, 'goodbye'));
      await each.closed();
    }
    await ended;
  });

  it('goes on when goaway throws', async () => {
    const closes = calls<number>(1);
    const { app, port } = await startServer({
      goaway: () => {
        throw new Error('on purpose');
      },
      doClose: (current) => {
        closes.call(current.getCloseType());
      },
    });
    await client(port);
    await expect.poll(() => app.getBindAdapter('Obj')?.getNowConnection()).toBe(1);
    await app.terminate();
    expect(await closes.all).toEqual([CloseType.EM_SHUTDOWN_CLOSE]);
    expect(app.getBindAdapter('Obj')?.counters.handlerErrors).toBe(1);
  });

  it('spreads the closes over drainwindow, and serves those whose turn has not come', async () => {
    const { app, port } = await startServer({}, {}, { drainwindow: 600 });
    const clients = [];
    for (let i = 0; i < 6; i++) {
      const each = await client(port);
      each.send(frame(1, 'x'));
      await each.take(9);
      clients.push(each);
    }
    const beganMs = performance.now();
    const ended = app.terminate();
    const times = clients.map((each) => each.closed().then(() => performance.now() - beganMs));
    // Accepted in this order, and closed in it: the last has half a second left.
    await times[0];
    clients[5]?.send(frame(9, 'still served'));
    expect(await clients[5]?.take(20)).toEqual(frame(9, 'still served'));
    const closedMs = await Promise.all(times);
    await ended;
    expect(closedMs[0]).toBeLessThan(250);
    expect(closedMs[5]).toBeGreaterThanOrEqual(490);
    for (let i = 1; i < 6; i++) expect(closedMs[i]).toBeGreaterThan(closedMs[i - 1] ?? 0);
  });
});
