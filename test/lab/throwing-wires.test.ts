import { CloseType, type Current, Endpoint } from '@tarsier/framework';
import { describe, expect, it, vi } from 'vitest';
import type { AdapterSection } from '../../packages/framework/src/config/application-config.js';
import { frame } from '../../packages/framework/src/raw-client.testkit.js';
import type { Behaviour } from '../../packages/framework/src/test-server.testkit.js';
import { endLabs } from './lab.testkit.js';
import { Bench, MEMBERS, ScriptedWire } from './scripted-wires.testkit.js';

endLabs();

interface Way {
  readonly section?: Partial<AdapterSection>;
  readonly behaviour?: (bench: Bench) => Behaviour;
  /** Before the wire begins to throw. */
  readonly before?: (bench: Bench, wire: ScriptedWire) => Promise<void>;
  readonly go: (bench: Bench, wire: ScriptedWire) => Promise<void>;
}

const last = (bench: Bench): Current => bench.currents.at(-1) as Current;
const large = Buffer.alloc(600_000);

/** Every way on which something is sent, or done with a wire. */
const ways: Record<string, Way> = {
  'an answer': { go: (bench, wire) => bench.askAll(wire, 'x') },
  'answers of a chunk': { go: (bench, wire) => bench.askAll(wire, 'x', 'large', 'y', 'large', 'z') },
  'an answer of an async handler': {
    before: (bench, wire) => bench.askAll(wire, 'async', 'async'),
    go: async (bench) => {
      for (const finish of bench.finish) finish();
      await bench.settle();
    },
  },
  'answers in order': {
    section: { ordered: true },
    before: (bench, wire) => bench.askAll(wire, 'async', 'async', 'x', 'late', 'y'),
    go: async (bench) => {
      for (let i = 0; i < 4; i++) {
        for (const finish of bench.finish) finish();
        await bench.settle();
      }
      last(bench).sendResponse(frame(1, 'late'));
      await bench.settle();
    },
  },
  'a late answer': {
    before: (bench, wire) => bench.askAll(wire, 'late'),
    go: async (bench) => {
      last(bench).sendResponse(frame(1, 'late'));
      await bench.settle();
    },
  },
  'a push': {
    before: (bench, wire) => bench.askAll(wire, 'nothing'),
    go: async (bench) => {
      const push = last(bench).forPush();
      push.sendResponse(frame(0, 'pushed'));
      push.sendPushResponse(0, '', frame(0, 'pushed'));
      push.trySend(large);
      push.trySend(large);
      await bench.settle();
    },
  },
  sendNow: {
    before: (bench, wire) => bench.askAll(wire, 'nothing'),
    go: async (bench) => {
      last(bench).sendNow(frame(0, 'now'));
      last(bench).sendResponse(frame(0, 'first'));
      last(bench).sendNow(large);
      await bench.settle();
    },
  },
  'a refusal by onOverload': {
    section: { queuecap: 1, queuecapperconn: 0 },
    behaviour: () => ({ onOverload: (_current, response) => void response.assign(frame(9, 'busy')) }),
    before: (bench, wire) => bench.askAll(wire, 'async'),
    go: async (bench, wire) => {
      await bench.askAll(wire, 'x', 'y');
      for (const finish of bench.finish) finish();
      await bench.settle();
    },
  },
  'a goodbye': {
    behaviour: () => ({ goaway: (current) => void current.sendResponse(frame(0, 'goodbye')) }),
    go: async (bench) => {
      await bench.here.run(bench.app.terminate(), { limitMs: 60_000 });
    },
  },
  close: {
    before: (bench, wire) => bench.askAll(wire, 'nothing'),
    go: async (bench) => {
      last(bench).sendResponse(frame(0, 'the last word'));
      last(bench).close();
      await bench.settle(10_000);
    },
  },
  'the end of the peer': {
    go: async (bench, wire) => {
      wire.handlers?.peerEnded();
      await bench.settle(10_000);
    },
  },
  'bytes of no protocol': {
    go: async (bench, wire) => {
      wire.handlers?.receive(Buffer.concat([frame(1, 'x'), Buffer.from('ffffffff', 'hex')]));
      await bench.settle(10_000);
    },
  },
  'a failure of the network': {
    go: async (bench, wire) => {
      wire.handlers?.wireFailed(new Error('on purpose'));
      wire.handlers?.wireClosed();
      await bench.settle();
    },
  },
  silence: { go: (bench) => bench.settle(60_000) },
  'a packet that drips': {
    section: { packettimeout: 2000 },
    go: async (bench, wire) => {
      wire.handlers?.receive(Buffer.from([0]));
      await bench.settle(10_000);
    },
  },
  'a peer that stops reading, and reads again': {
    before: async (_bench, wire) => {
      wire.isStuck = true;
    },
    go: async (bench, wire) => {
      await bench.askAll(wire, 'large', 'x');
      for (let i = 0; i < 40; i++) await bench.askAll(wire, 'large');
      wire.isStuck = false;
      wire.handlers?.drained();
      await bench.settle(1000);
    },
  },
  'a peer that does not read (close)': {
    section: { backpacketlimit: 100_000, backpacketage: 1000 },
    before: async (_bench, wire) => {
      wire.isStuck = true;
    },
    go: async (bench, wire) => {
      await bench.askAll(wire, 'large', 'x');
      for (let i = 0; i < 4; i++) await bench.askAll(wire, 'large');
      await bench.settle(30_000);
    },
  },
  'a peer that does not read (drop-oldest)': {
    section: { backpacketlimit: 100_000, backpacketage: 1000, sendpolicy: 'drop-oldest' },
    before: async (_bench, wire) => {
      wire.isStuck = true;
    },
    go: async (bench, wire) => {
      await bench.askAll(wire, 'large', 'x');
      for (let i = 0; i < 4; i++) await bench.askAll(wire, 'large');
      await bench.settle(60_000);
    },
  },
  'a peer that does not read (wait)': {
    section: { backpacketlimit: 100_000, sendpolicy: 'wait' },
    before: async (_bench, wire) => {
      wire.isStuck = true;
    },
    go: async (bench, wire) => {
      for (let i = 0; i < 4; i++) await bench.askAll(wire, 'large', 'large');
      last(bench).trySend(large);
      await bench.settle(60_000);
    },
  },
  'too many requests in progress': {
    section: { queuecapperconn: 2 },
    go: async (bench, wire) => {
      await bench.askAll(wire, 'async', 'async', 'x', 'async', 'y');
      for (let i = 0; i < 3; i++) {
        for (const finish of bench.finish) finish();
        await bench.settle();
      }
    },
  },
  'too many packets': {
    section: { maxpacketrate: 2 },
    go: async (bench, wire) => {
      await bench.askAll(wire, 'x', 'x', 'x', 'x', 'x');
      await bench.settle(5000);
    },
  },
  'the figures': {
    before: (bench, wire) => bench.askAll(wire, 'nothing'),
    go: async (bench) => {
      expect(() => bench.app.stats()).not.toThrow();
      expect(last(bench).getSendQueueLength()).toBeGreaterThanOrEqual(0);
      await bench.settle();
    },
  },
};

describe.each(Object.entries(ways))('a wire that throws at %s', (_name, { section, behaviour, before, go }) => {
  it.each([...MEMBERS, 'all', 'no'] as const)('in %s costs its peer alone', async (member) => {
    const bench = new Bench();
    await bench.start(section, behaviour?.(bench));
    const bad = bench.connect(new ScriptedWire());
    const good = bench.connect(new ScriptedWire(), '10.0.0.2');
    await before?.(bench, bad);
    const members = member === 'all' ? MEMBERS : MEMBERS.filter((one) => one === member);
    for (const one of members) bad.throwsAt.add(one);
    await go(bench, bad);
    const { counters } = bench.adapter;
    // It is told of, unless nothing of the kind was asked of it.
    expect(counters.faults > 0).toBe(bad.thrown > 0);
    expect(counters.handlerErrors).toBe(0);
    if (!bench.app.isTerminate()) {
      for (const finish of bench.finish) finish();
      await bench.settle();
      expect(bench.adapter.getRequestsInProgress()).toBe(0);
      // The other one may have been silent for long.
      const next = bench.connect(new ScriptedWire(), '10.0.0.3');
      next.handlers?.receive(frame(7, 'still served'));
      await bench.settle();
      expect(Buffer.concat(next.written)).toEqual(frame(7, 'still served'));
    }
    await bench.here.run(bench.app.terminate(), { limitMs: 60_000 });
    expect(bench.adapter.getNowConnection()).toBe(0);
    expect(bench.adapter.getRequestsInProgress()).toBe(0);
    expect(bench.ends).toHaveLength(counters.accepted);
    expect(counters.closed).toBe(counters.accepted);
    expect(good.thrown).toBe(0);
  });
});

describe('a wire that does not say that it is closed', () => {
  it('does not keep the server from its end', async () => {
    const bench = await new Bench().start();
    const mute = bench.connect(new ScriptedWire());
    mute.isMute = true;
    await bench.askAll(mute, 'x');
    await bench.here.run(bench.app.terminate(), { limitMs: 60_000 });
    expect(bench.ends).toEqual([CloseType.EM_SHUTDOWN_CLOSE]);
    expect(bench.adapter.counters).toMatchObject({ faults: 1, closed: 1 });
    // What it says afterwards is about nothing.
    mute.handlers?.receive(frame(1, 'x'));
    mute.handlers?.wireClosed();
    expect(bench.ends).toHaveLength(1);
  });
});

describe('an application', () => {
  it('tells of faults by its event error, and logs them as its own', async () => {
    const bench = await new Bench().start();
    const told = vi.fn();
    bench.app.on('error', told);
    const bad = bench.connect(new ScriptedWire());
    bad.throwsAt.add('write');
    await bench.askAll(bad, 'x');
    expect(told.mock.calls.map(([error]) => (error as Error).message)).toEqual(['write throws on purpose']);
    expect(bench.ends).toEqual([CloseType.EM_SERVER_CLOSE]);
  });
});

describe('a reply to a datagram that throws', () => {
  const throws = (): boolean => {
    throw new RangeError('send throws on purpose');
  };

  it.each(['x', 'async', 'late', 'large', 'nothing'])('costs its answer alone: %s', async (what) => {
    const bench = await new Bench().start();
    bench.datagram(frame(1, what), throws);
    for (const finish of bench.finish) finish();
    await bench.settle();
    last(bench).sendResponse(frame(1, 'answer or push'));
    last(bench).sendNow(frame(1, 'push'));
    const { counters } = bench.adapter;
    expect(counters.faults).toBeGreaterThan(0);
    expect(counters).toMatchObject({ handlerErrors: 0, requests: 1 });
    expect(bench.adapter.getRequestsInProgress()).toBe(0);
    const heard: Uint8Array[] = [];
    bench.datagram(frame(2, 'hi'), (bytes) => heard.push(Buffer.from(bytes)) > 0);
    expect(heard).toEqual([frame(2, 'hi')]);
    const beganMs = bench.here.time.now();
    await bench.here.run(bench.app.terminate(), { limitMs: 60_000 });
    // Nothing was waited for.
    expect(bench.here.time.now() - beganMs).toBeLessThan(1000);
  });

  it('does not come to it where the sender cannot be answered', async () => {
    const bench = await new Bench().start();
    bench.datagram(frame(1, 'x'), throws, 0);
    expect(bench.adapter.counters).toMatchObject({ datagramsDropped: 1, requests: 0, faults: 0 });
  });
});

describe('a datagram of many packets', () => {
  it.each([
    [{}, 64],
    [{ packetsperdatagram: 3 }, 3],
    [{ packetsperdatagram: 0 }, 1000],
  ])('is served as far as %j lets it', async (section, served) => {
    const bench = await new Bench().start(section);
    const heard = vi.fn(() => true);
    bench.datagram(Buffer.concat(Array.from({ length: 1000 }, (_, i) => frame(i, ''))), heard);
    expect(heard).toHaveBeenCalledTimes(served);
    const isCut = served < 1000;
    expect(bench.adapter.counters).toMatchObject({ requests: served, datagramsDropped: isCut ? 1 : 0 });
  });
});

describe('an endpoint of a transport of your own', () => {
  it('may be called with whatever a peer is, and throws nothing', async () => {
    const bench = await new Bench().start();
    const throws = (): never => {
      throw new Error('on purpose');
    };
    bench.app.on('reject', throws);
    bench.app.on('error', throws);
    bench.app.addAcceptCallback(throws);
    expect(bench.connect(new ScriptedWire()).handlers).toBeDefined();
    expect(bench.connect(new ScriptedWire(), '').handlers).toBeUndefined();
    expect(bench.adapter.counters).toMatchObject({ accepted: 1, denied: 1, handlerErrors: 1 });
    expect(bench.adapter.getEndpoint()).toEqual(Endpoint.parse('tcp -h 127.0.0.1 -p 1 -t 20000'));
  });
});
