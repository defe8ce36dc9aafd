import { CloseType, type Wire } from '@tarsier/framework';
import { describe, expect, it } from 'vitest';
import { frame } from '../../packages/framework/src/raw-client.testkit.js';
import { endLabs } from './lab.testkit.js';
import { Bench, ScriptedWire } from './scripted-wires.testkit.js';

endLabs();

/** What an adapter takes with the defaults. */
const MAX_CONNS = 128;
const ATTACKER = '10.6.6.6';
/** As the table of docs/guides/limits.md has it. */
const FREE_AFTER_MS = 30_000;

/** Peers that take all places, and then do one thing every second. */
async function holdAll(bench: Bench, everySecond: (wire: ScriptedWire) => void): Promise<number> {
  const held = Array.from({ length: MAX_CONNS }, () => bench.connect(new ScriptedWire(), ATTACKER));
  expect(bench.connect(new ScriptedWire(), '10.0.0.1').handlers).toBeUndefined();
  const beganMs = bench.here.time.now();
  let isServed = false;
  while (!isServed && bench.here.time.now() - beganMs < 120_000) {
    for (const wire of held) everySecond(wire);
    await bench.settle(1000);
    const good = bench.connect(new ScriptedWire(), '10.0.0.1');
    if (good.handlers === undefined) continue;
    await bench.askAll(good, 'x');
    isServed = Buffer.concat(good.written).equals(frame(1, 'x'));
  }
  expect(isServed).toBe(true);
  return bench.here.time.now() - beganMs;
}

describe('with the defaults, one peer that holds every connection', () => {
  const drip = (wire: ScriptedWire): void => wire.handlers?.receive(Buffer.from([0]));

  it.each(['3000', '60000', '0'])('and drips a first packet has to let go, with -t %s', async (idle) => {
    const bench = await new Bench().start({ endpoint: `tcp -h 127.0.0.1 -p 1 -t ${idle}`, recvbufferlimit: '16M' });
    // The begin of a packet that is longer than all that comes.
    const begun = new Set<ScriptedWire>();
    const freeMs = await holdAll(bench, (wire) => {
      if (begun.has(wire)) drip(wire);
      else wire.handlers?.receive(Buffer.from([0, 0, 1]));
      begun.add(wire);
    });
    expect(freeMs).toBeLessThanOrEqual(FREE_AFTER_MS + 1100);
    expect(bench.ends).toContain(CloseType.EM_SERVER_TIMEOUT_CLOSE);
  });

  it('and drips a second packet has to let go', async () => {
    const bench = await new Bench().start({ endpoint: 'tcp -h 127.0.0.1 -p 1 -t 0' });
    const begun = new Set<ScriptedWire>();
    const freeMs = await holdAll(bench, (wire) => {
      if (begun.has(wire)) drip(wire);
      else wire.handlers?.receive(Buffer.concat([frame(1, 'whole'), Buffer.from([0, 0, 1])]));
      begun.add(wire);
    });
    expect(freeMs).toBeLessThanOrEqual(FREE_AFTER_MS + 1100);
    expect(bench.adapter.counters.packetTimeouts).toBe(MAX_CONNS);
  });

  it('and says nothing has to let go, though the adapter has no idle time', async () => {
    const bench = await new Bench().start({ endpoint: 'tcp -h 127.0.0.1 -p 1 -t 0' });
    expect(await holdAll(bench, () => {})).toBeLessThanOrEqual(FREE_AFTER_MS + 1100);
    expect(bench.adapter.counters.emptyConnTimeouts).toBe(MAX_CONNS);
  });
});

describe('with the defaults and without an idle time, a peer that is no attacker stays', () => {
  const endpoint = 'tcp -h 127.0.0.1 -p 1 -t 0';
  const HOUR_MS = 3_600_000;

  it('when it has asked once, and is pushed to', async () => {
    const bench = await new Bench().start({ endpoint });
    const subscriber = bench.connect(new ScriptedWire());
    await bench.askAll(subscriber, 'x');
    await bench.here.time.advance(HOUR_MS);
    expect(bench.adapter.getNowConnection()).toBe(1);
  });

  it('when the server has spoken first, and it has nothing to say', async () => {
    const bench = new Bench();
    bench.app.addAcceptCallback((current) => {
      current.sendResponse(frame(0, '220 welcome'));
    });
    await bench.start({ endpoint });
    const listener = bench.connect(new ScriptedWire());
    await bench.here.time.advance(HOUR_MS);
    expect(Buffer.concat(listener.written)).toEqual(frame(0, '220 welcome'));
    expect(bench.adapter.getNowConnection()).toBe(1);
    // What it begins then has to complete all the same.
    listener.handlers?.receive(Buffer.from([0, 0]));
    await bench.here.time.advance(FREE_AFTER_MS + 100);
    expect(bench.ends).toEqual([CloseType.EM_SERVER_TIMEOUT_CLOSE]);
  });
});

/** A wire that delivers no more while it is paused, as TCP. */
class PausingWire extends ScriptedWire implements Wire {
  isPaused = false;
  readonly #waiting: Buffer[] = [];

  override pause(): void {
    this.isPaused = true;
  }

  override resume(): void {
    this.isPaused = false;
    queueMicrotask(() => {
      this.deliver();
    });
  }

  flood(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; at += 65_536) this.#waiting.push(bytes.subarray(at, at + 65_536));
    this.deliver();
  }

  deliver(): void {
    while (!this.isPaused && this.#waiting.length > 0) this.handlers?.receive(this.#waiting.shift() ?? Buffer.alloc(0));
  }
}

describe('one connection that floods with requests', () => {
  it.each([
    ['with the defaults', {}, 1024],
    ['in order', { ordered: true }, 1024],
    ['with a small queuecap', { queuecap: 100 }, 40],
    ['with a limit of its own', { queuecapperconn: 7 }, 7],
  ])('leaves room for others: %s', async (_what, section, most) => {
    const bench = await new Bench().start(section);
    const hostile = bench.connect(new PausingWire());
    const count = 8200;
    hostile.flood(Buffer.concat(Array.from({ length: count }, (_, i) => frame(i, 'async'))));
    await bench.settle();
    expect(bench.adapter.getRequestsInProgress()).toBe(most);
    expect(hostile.isPaused).toBe(true);
    const good = bench.connect(new ScriptedWire(), '10.0.0.2');
    for (let i = 0; i < 20; i++) await bench.askAll(good, 'x');
    expect(good.written).toHaveLength(20);
    // Nothing of it is lost: it goes on as fast as it is served, and is not taken for silent meanwhile.
    let rounds = 0;
    while (bench.adapter.counters.requests < count + 20 && rounds++ < 20_000) {
      for (const finish of bench.finish.splice(0)) finish();
      await bench.settle();
      expect(bench.adapter.getRequestsInProgress()).toBeLessThanOrEqual(most);
    }
    for (const finish of bench.finish.splice(0)) finish();
    await bench.settle();
    expect(Buffer.concat(hostile.written)).toHaveLength(count * 13);
    expect(bench.adapter.counters).toMatchObject({ overloaded: 0, faults: 0, closed: 0, protocolErrors: 0 });
    expect(bench.adapter.counters.requestsHeld).toBeGreaterThan(0);
    expect(hostile.isPaused).toBe(false);
  });

  it('is answered to its end when it has ended its side meanwhile', async () => {
    const bench = await new Bench().start({ queuecapperconn: 4 });
    const peer = bench.connect(new ScriptedWire());
    await bench.askAll(peer, ...Array.from({ length: 10 }, () => 'async'));
    peer.handlers?.peerEnded();
    expect(bench.adapter.getRequestsInProgress()).toBe(4);
    for (let i = 0; i < 10; i++) {
      for (const finish of bench.finish.splice(0)) finish();
      await bench.settle();
    }
    expect(Buffer.concat(peer.written)).toHaveLength(130);
    expect(bench.ends).toEqual([CloseType.EM_CLIENT_CLOSE]);
  });

  it('is not held for what its handlers finish at once', async () => {
    const bench = await new Bench().start({ queuecapperconn: 1 });
    const peer = bench.connect(new ScriptedWire());
    await bench.askAll(peer, ...Array.from({ length: 5000 }, () => 'x'));
    expect(bench.adapter.counters).toMatchObject({ requests: 5000, requestsHeld: 0 });
  });
});
