import { describe, expect, it } from 'vitest';
import { AT, call, endLabs, newLab, proxyOf, serve } from './lab.testkit.js';

endLabs();

/** Times of what happened on the network. */
function timesOf(events: readonly { atMs: number; what: string }[], what: string): number[] {
  return events.filter((event) => event.what.startsWith(what)).map((event) => event.atMs);
}

describe('reconnecting', () => {
  it('waits from 0 to min · 2^failures, at most max, after each refusal, and stops when it is back', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const here = newLab({ seed });
      await serve(here);
      const proxy = proxyOf(here, { 'reconnect-min-interval': 100, 'reconnect-max-interval': 1600 });
      proxy.setPushCallback({ onDispatch: () => 0 });
      const told: number[] = [];
      proxy.on('reconnecting', ({ delayMs }) => told.push(delayMs));
      await here.run(proxy.connect());
      await here.time.advance(2000);
      const crashMs = here.time.now();
      here.network.crash(AT);
      await here.time.advance(20_000);
      const tries = timesOf(here.network.events, 'connect ').filter((at) => at >= crashMs);
      const starts = [crashMs, ...timesOf(here.network.events, 'refused')];
      expect(tries.length).toBeGreaterThan(12);
      // The connection that was lost had lived: the first wait is that without a failure.
      const bounds = tries.map((_, i) => Math.min(1600, 100 * 2 ** i));
      for (const [i, at] of tries.entries()) {
        const waitedMs = at - (starts[i] ?? Number.NaN);
        expect(waitedMs).toBeLessThanOrEqual((bounds[i] ?? 0) + 2);
        expect(waitedMs).toBeGreaterThanOrEqual((told[i] ?? 0) - 1);
        expect(waitedMs).toBeLessThanOrEqual((told[i] ?? 0) + 2);
      }
      here.network.restart(AT);
      const before = here.time.now();
      await here.run(() => here.network.connections().some((link) => link.isOpen));
      expect(here.time.now() - before).toBeLessThanOrEqual(1602);
      expect(await here.run(call(proxy, 'back'))).toBe('back');
      await here.end();
    }
  });

  it('is not done for a proxy without a push callback, until it is called', async () => {
    const here = newLab();
    await serve(here);
    const proxy = proxyOf(here);
    expect(await here.run(call(proxy, 'one'))).toBe('one');
    here.network.crash(AT);
    here.network.restart(AT);
    await here.time.advance(60_000);
    expect(here.network.connections()).toEqual([]);
    expect(await here.run(call(proxy, 'two'))).toBe('two');
  });
});

describe('the deadline of a call', () => {
  it.each([
    ['while it connects', true],
    ['while it waits for its answer', false],
  ])('is kept to the millisecond %s', async (_when, isConnecting) => {
    const here = newLab();
    await serve(here);
    const proxy = proxyOf(here, { 'connect-timeout': 10_000 });
    if (!isConnecting) expect(await here.run(call(proxy, 'first'))).toBe('first');
    here.network.on().blackhole();
    for (const timeoutMs of [7, 300, 2999]) {
      const begin = here.time.now();
      expect(await here.run(call(proxy, 'lost', timeoutMs))).toBe('TARSIER_CALL_TIMEOUT');
      expect(here.time.now() - begin).toBeGreaterThanOrEqual(timeoutMs);
      expect(here.time.now() - begin).toBeLessThanOrEqual(timeoutMs + 1);
    }
  });

  it('is met by an answer that comes just before it, and missed by one just after', async () => {
    const here = newLab();
    await serve(here);
    const proxy = proxyOf(here);
    await here.run(proxy.connect());
    here.network.on().latency(50);
    expect(await here.run(call(proxy, 'in time', 102))).toBe('in time');
    expect(await here.run(call(proxy, 'too late', 98))).toBe('TARSIER_CALL_TIMEOUT');
    await here.time.advance(100);
    expect(await here.run(call(proxy, 'next', 200))).toBe('next');
  });
});

describe('a half-open link', () => {
  it('without heartbeats: calls time out, each at its own deadline', async () => {
    const here = newLab();
    await serve(here);
    const proxy = proxyOf(here);
    expect(await here.run(call(proxy, 'fine'))).toBe('fine');
    here.network.crash(AT, { silent: true });
    const begin = here.time.now();
    const calls = [call(proxy, 'a', 500), call(proxy, 'b', 1000)];
    expect(await here.run(Promise.all(calls))).toEqual(['TARSIER_CALL_TIMEOUT', 'TARSIER_CALL_TIMEOUT']);
    expect(here.time.now() - begin).toBeLessThanOrEqual(1001);
    // The machine is back: what was sent to it is answered with a reset, and the next call connects anew.
    here.network.restart(AT);
    await here.time.advance(1000);
    expect(await here.run(call(proxy, 'back'))).toBe('back');
  });
});

describe('broken streams', () => {
  const answer = 'an answer of some bytes';
  const size = 8 + answer.length;

  it('a reset at any byte of an answer fails its call at once, and the next one connects anew', async () => {
    for (let n = 0; n < size; n++) {
      const here = newLab();
      await serve(here);
      const proxy = proxyOf(here);
      await here.run(proxy.connect());
      here.network.connections()[0]?.resetAtByte(n, 'toClient');
      const begin = here.time.now();
      expect(await here.run(call(proxy, answer))).toBe('TARSIER_CONNECTION_LOST');
      expect(here.time.now()).toBe(begin);
      expect(await here.run(call(proxy, answer))).toBe(answer);
      expect(here.network.connections()).toHaveLength(1);
      await here.end();
    }
  });

  it('a reset behind the answer harms nothing', async () => {
    const here = newLab();
    await serve(here);
    const proxy = proxyOf(here);
    await here.run(proxy.connect());
    here.network.connections()[0]?.resetAtByte(size, 'toClient');
    expect(await here.run(call(proxy, answer))).toBe(answer);
    expect(await here.run(call(proxy, answer))).toBe('TARSIER_CONNECTION_LOST');
  });

  it('cut into single bytes both ways carry the same calls', async () => {
    const here = newLab();
    await serve(here);
    here.network.on().cut(1).latency([0, 3]);
    const proxy = proxyOf(here);
    const bodies = Array.from({ length: 20 }, (_, i) => `call ${i} ${'x'.repeat(i)}`);
    expect(await here.run(Promise.all(bodies.map((body) => call(proxy, body))))).toEqual(bodies);
    const bytes = bodies.reduce((sum, body) => sum + 8 + body.length, 0);
    expect(timesOf(here.network.events, 'deliver')).toHaveLength(2 * bytes);
  });
});
