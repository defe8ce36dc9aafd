import { CloseType, type Current } from '@tarsier/framework';
import { fakeClient, type Lab } from '@tarsier/testing';
import { describe, expect, it } from 'vitest';
import { frame } from '../../packages/framework/src/raw-client.testkit.js';
import { AT, call, endLabs, newLab, proxyOf, serve } from './lab.testkit.js';

endLabs();

/** The step of the clock of connections. */
const STEP_MS = 50;

/** When and why each connection ended. */
function closes(here: Lab): { ends: { atMs: number; type: number }[]; doClose: (current: Current) => void } {
  const ends: { atMs: number; type: number }[] = [];
  return {
    ends,
    doClose: (current) => {
      ends.push({ atMs: here.time.now(), type: current.getCloseType() });
    },
  };
}

describe('limits of time', () => {
  it('idle: counted from the last byte that was received, whatever was sent', async () => {
    const here = newLab();
    const { ends, doClose } = closes(here);
    const peers: Current[] = [];
    const app = await serve(here, { doClose }, { endpoint: `${AT} -t 5000` });
    app.addAcceptCallback((current) => peers.push(current));
    const client = await here.run(
      fakeClient(AT, (s) => s.stall(4000).send(frame(1, 'hello')).stall(2000).send(frame(2, 'last')), {
        network: here.network,
        timeoutMs: 10_000,
      }),
    );
    await here.run(client.done());
    const lastMs = here.time.now();
    for (let i = 0; i < 4; i++) {
      await here.time.advance(1000);
      peers[0]?.sendResponse(Buffer.from('a push does not count'));
    }
    await here.run(() => ends.length > 0, { limitMs: 10_000 });
    expect(ends[0]?.type).toBe(CloseType.EM_SERVER_TIMEOUT_CLOSE);
    expect((ends[0]?.atMs ?? 0) - lastMs).toBeGreaterThanOrEqual(5000);
    expect((ends[0]?.atMs ?? 0) - lastMs).toBeLessThanOrEqual(5000 + STEP_MS);
    client.close();
  });

  it('emptyconntimeout: a packet that drips does not count until it is whole', async () => {
    const here = newLab();
    const { ends, doClose } = closes(here);
    await serve(here, { doClose }, { emptyconntimeout: 2000 });
    const begin = here.time.now();
    const drip = frame(1, 'never whole').subarray(0, 4);
    const slow = await here.run(fakeClient(AT, (s) => s.sendSlowly(drip, { every: 500 }).expectEnd().end(), here));
    const whole = await here.run(fakeClient(AT, (s) => s.send(frame(1, 'x')).expect(frame(1, 'x')), here));
    await here.run(whole.done());
    await here.run(() => ends.length > 0, { limitMs: 10_000 });
    expect(ends[0]?.type).toBe(CloseType.EM_SERVER_TIMEOUT_CLOSE);
    expect((ends[0]?.atMs ?? 0) - begin).toBeGreaterThanOrEqual(2000);
    expect((ends[0]?.atMs ?? 0) - begin).toBeLessThanOrEqual(2000 + STEP_MS);
    await here.time.advance(60_000);
    expect(ends).toHaveLength(1);
    slow.close();
    whole.close();
  });
});

describe('a slow reader', () => {
  const LIMIT = 200_000;
  const PIECE = Buffer.alloc(10_000);

  it('gets what fits into backpacketlimit; beyond it the connection is closed', async () => {
    const here = newLab();
    const { ends, doClose } = closes(here);
    const peers: Current[] = [];
    const app = await serve(here, { doClose }, { backpacketlimit: LIMIT, sendpolicy: 'close' });
    app.addAcceptCallback((current) => peers.push(current));
    const client = await here.run(fakeClient(AT, (s) => s, here));
    await here.time.advance(0);
    here.network.on().slowReader(1000);
    let accepted = 0;
    let peak = 0;
    while (ends.length === 0 && accepted < 10_000_000) {
      if (peers[0]?.sendResponse(PIECE)) accepted += PIECE.length;
      await here.time.advance(10);
      const link = here.network.connections()[0];
      peak = Math.max(peak, link?.server.writableLength ?? 0);
    }
    expect(ends[0]?.type).toBe(CloseType.EM_FLOW_CONTROL_CLOSE);
    // The limit, and what the two kernels hold.
    expect(accepted).toBeGreaterThan(LIMIT);
    expect(accepted).toBeLessThanOrEqual(LIMIT + 2 * 65_536 + 2 * PIECE.length);
    expect(peak).toBeLessThanOrEqual(LIMIT);
    client.close();
  });

  it('that sends on is not read any more, so that the answers to it stay bounded', async () => {
    const here = newLab();
    let taken = 0;
    const app = await serve(here, {
      doRequest: (current, response) => {
        taken += current.getRequestVector().length;
        response.assign(current.getRequestVector());
        return 0;
      },
    });
    const packet = frame(1, Buffer.alloc(50_000));
    const flood = Buffer.concat(Array.from({ length: 400 }, () => packet));
    const client = await here.run(fakeClient(AT, (s) => s.stopReading().send(flood), here));
    await here.time.advance(60_000);
    expect(app.getBindAdapter('Obj')?.getNowConnection()).toBe(1);
    expect(taken).toBeGreaterThan(100_000);
    // 20 MB were sent.
    expect(taken).toBeLessThan(1_500_000);
    client.close();
  });
});

describe('a graceful shutdown', () => {
  it('answers the calls in flight, refuses connections, and ends as soon as the last answer has left', async () => {
    const here = newLab();
    const { ends, doClose } = closes(here);
    here.network.on().latency(5);
    const app = await serve(here, {
      doClose,
      doRequest: async (current, response) => {
        await here.time.delay(200);
        response.assign(current.getRequestVector());
        return 0;
      },
    });
    const proxy = proxyOf(here);
    await here.run(proxy.connect());
    const calls = Array.from({ length: 10 }, (_, i) => call(proxy, `call ${i}`));
    await here.time.advance(50);
    const begin = here.time.now();
    const ended = app.terminate();
    await here.time.advance(0);
    const late = proxyOf(here);
    expect(await here.run(call(late, 'too late'))).toBe('TARSIER_CONNECT_FAILED');
    expect(await here.run(Promise.all(calls))).toEqual(Array.from({ length: 10 }, (_, i) => `call ${i}`));
    await here.run(ended);
    expect(ends.map(({ type }) => type)).toEqual([CloseType.EM_SHUTDOWN_CLOSE]);
    // 155 ms of the handlers were left, then the answer and the ends of both sides cross the line.
    expect(here.time.now() - begin).toBeLessThanOrEqual(155 + 4 * 5 + STEP_MS);
  });
});
