import type { ServantProxy } from '@tarsier/framework';
import type { Lab } from '@tarsier/testing';
import { describe, expect, it } from 'vitest';
import { idProtocol } from '../../packages/proxy/src/call/id-protocol.testkit.js';
import { AT, endLabs, newLab, serve } from './lab.testkit.js';

endLabs();

const CLIENTS = 2000;
const WINDOW_MS = 100;

/** Connects within the busiest window that begins at or after a time. */
function peakOf(timesMs: readonly number[]): number {
  let peak = 0;
  let first = 0;
  for (const [i, at] of timesMs.entries()) {
    while (at - (timesMs[first] ?? 0) >= WINDOW_MS) first++;
    peak = Math.max(peak, i - first + 1);
  }
  return peak;
}

/** Proxies that stay connected, each with a connection of its own; all are connected. */
async function connected(here: Lab): Promise<ServantProxy[]> {
  const communicator = here.communicator();
  const proxies = Array.from({ length: CLIENTS }, (_, i) => {
    const proxy = communicator.stringToProxy(`T.S.Obj#${i}@${AT}`);
    proxy.setProtocol(idProtocol);
    proxy.setPushCallback({ onDispatch: () => 0 });
    return proxy;
  });
  await here.run(Promise.all(proxies.map((proxy) => proxy.connect())));
  await here.time.advance(2000);
  expect(here.network.connections()).toHaveLength(CLIENTS);
  return proxies;
}

async function restart(here: Lab, downMs: number): Promise<{ peak: number; outagePeak: number; allBackMs: number }> {
  const crashMs = here.time.now();
  here.network.crash(AT);
  await here.time.advance(downMs);
  const backMs = here.time.now();
  here.network.restart(AT);
  await here.run(() => here.network.connections().filter((link) => link.isOpen).length === CLIENTS);
  const allBackMs = here.time.now() - backMs;
  const connects = here.network.events.filter(({ what, atMs }) => what.startsWith('connect ') && atMs >= crashMs);
  const times = connects.map(({ atMs }) => atMs);
  return {
    outagePeak: peakOf(times.filter((at) => at < backMs)),
    peak: peakOf(times.filter((at) => at >= backMs)),
    allBackMs,
  };
}

describe('2,000 clients of a restarted server', () => {
  it.each([
    // The first wait is up to a second; then the waits double, up to 10 s.
    { downMs: 50, peak: 300, backMs: 3100 },
    { downMs: 1000, peak: 300, backMs: 10_100 },
    { downMs: 5000, peak: 150, backMs: 10_100 },
    { downMs: 30_000, peak: 150, backMs: 10_100 },
  ])('down for $downMs ms: all are back, and come spread over the backoff', async ({ downMs, peak, backMs }) => {
    const here = newLab({ seed: downMs, traceLimit: 1_000_000 });
    await serve(here);
    here.network.on().latency([0.2, 2]);
    await connected(here);
    const begin = performance.now();
    const found = await restart(here, downMs);
    process.stdout.write(
      `${CLIENTS} clients, server down for ${downMs} ms: peak ${found.peak} connects per ${WINDOW_MS} ms after it is back ` +
        `(${found.outagePeak} while it is down), all back after ${Math.round(found.allBackMs)} ms; ` +
        `played in ${Math.round(performance.now() - begin)} ms\n`,
    );
    expect(found.peak).toBeLessThanOrEqual(peak);
    expect(found.allBackMs).toBeLessThanOrEqual(backMs);
  });
});
