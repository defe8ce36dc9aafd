import { setTimeout as delay } from 'node:timers/promises';
import { Communicator } from '@tarsier/framework';
import { pushFrames } from '@tarsier/servant-push';
import { PushSession } from '@tarsier/servant-push/client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { EngineServer } from '../support/engine-server.js';
import { needs } from '../support/needs.js';
import { type PushServerOptions, PushServerProcess } from '../support/push-server.js';

const SUBSCRIBERS = 500;
const PER_SECOND = 200;
const GROUPS = 20;
const frames = pushFrames();

const endings: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

/** All that is safe: for each group the sequence of each `run number`. */
class Ledger {
  readonly groups = Array.from({ length: GROUPS }, () => new Map<number, number>());
  pushed = 0;

  readonly safe = (run: number, group: number, number: number, sequence: number): void => {
    this.groups[group]?.set(idOf(run, number), sequence);
    this.pushed++;
  };
}

function idOf(run: number, number: number): number {
  return run * 1_000_000 + number;
}

/** One client, and what it has been given. */
class Subscriber {
  readonly session: PushSession;
  readonly groups: readonly number[];
  readonly got = new Map<number, Set<number>>();
  /** Sequences that it was told are missing. */
  readonly gaps: { readonly from: number; readonly to: number }[] = [];
  expired = 0;
  resumed = 0;
  delivered = 0;
  duplicates = 0;
  disordered = 0;
  readonly #last = new Map<number, number>();

  constructor(communicator: Communicator, index: number, endpoints: string) {
    this.groups = [index % GROUPS, (index * 7 + 3) % GROUPS];
    const prx = communicator.stringToProxy(`T.S.PushObj#${index}@${endpoints}`);
    this.session = new PushSession(prx, { protocol: frames.session, groups: this.groups.map((group) => `g${group}`) });
    for (const group of this.groups) this.got.set(group, new Set());
    this.session.on('push', ({ payload }) => this.#take(payload.toString()));
    this.session.on('gap', (gap) => this.gaps.push(gap));
    this.session.on('sessionExpired', () => this.expired++);
    this.session.on('open', ({ isResumed }) => {
      if (isResumed) this.resumed++;
    });
  }

  #take(text: string): void {
    const [group = 0, run = 0, number = 0] = text.split(' ').map(Number);
    const id = idOf(run, number);
    this.delivered++;
    const got = this.got.get(group);
    if (got === undefined || got.has(id)) this.duplicates++;
    got?.add(id);
    if (id <= (this.#last.get(group) ?? 0)) this.disordered++;
    this.#last.set(group, id);
  }

  /** Pushes that are safe and were neither given nor reported as missing. */
  missing(ledger: Ledger): number {
    let missing = 0;
    for (const [group, got] of this.got) {
      for (const [id, sequence] of ledger.groups[group] ?? []) {
        if (!got.has(id) && !this.gaps.some(({ from, to }) => sequence >= from && sequence <= to)) missing++;
      }
    }
    return missing;
  }
}

async function subscribe(endpoints: string): Promise<Subscriber[]> {
  const communicator = new Communicator({ 'reconnect-min-interval': 50, 'reconnect-max-interval': 500 });
  const subscribers = Array.from({ length: SUBSCRIBERS }, (_, i) => new Subscriber(communicator, i, endpoints));
  endings.push(async () => {
    for (const { session } of subscribers) session.close();
    await communicator.terminate();
  });
  await Promise.all(subscribers.map(({ session }) => session.open()));
  return subscribers;
}

function sum(subscribers: readonly Subscriber[], count: (subscriber: Subscriber) => number): number {
  return subscribers.reduce((all, one) => all + count(one), 0);
}

interface Outcome {
  readonly pushed: number;
  readonly delivered: number;
  readonly resumed: number;
  readonly gaps: number;
  readonly expired: number;
  readonly duplicates: number;
  readonly disordered: number;
  readonly missing: number;
}

function outcomeOf(subscribers: readonly Subscriber[], ledger: Ledger): Outcome {
  return {
    pushed: ledger.pushed,
    delivered: sum(subscribers, ({ delivered }) => delivered),
    resumed: sum(subscribers, ({ resumed }) => resumed),
    gaps: sum(subscribers, ({ gaps }) => gaps.length),
    expired: sum(subscribers, ({ expired }) => expired),
    duplicates: sum(subscribers, ({ duplicates }) => duplicates),
    disordered: sum(subscribers, ({ disordered }) => disordered),
    missing: sum(subscribers, (one) => one.missing(ledger)),
  };
}

function print(name: string, outcome: object, more: object = {}): void {
  const figures = Object.entries({ ...outcome, ...more }).map(([key, value]) => `${key} ${String(value)}`);
  console.info(`push-resume, ${name}: ${figures.join(', ')}`);
}

/** Everything has come that is to come. */
async function settled(subscribers: readonly Subscriber[], ledger: Ledger): Promise<void> {
  await vi
    .waitFor(
      () => {
        if (subscribers.some(({ session }) => session.state !== 'open')) throw new Error('not all are connected');
        if (sum(subscribers, (one) => one.missing(ledger)) > 0) throw new Error('not all has come');
      },
      { timeout: 30_000, interval: 250 },
    )
    .catch(() => undefined);
}

/** Pushes for a time, with connections cut at random and the server killed at certain times. */
async function storm(
  name: string,
  options: Pick<PushServerOptions, 'engine' | 'url'>,
  seconds: number,
  killsAt: readonly number[],
): Promise<{ outcome: Outcome; subscribers: Subscriber[]; proxy: CuttingProxy; server: PushServerProcess }> {
  const ledger = new Ledger();
  let runs = 0;
  const start = async (): Promise<PushServerProcess> => {
    const server = await PushServerProcess.start({ ...options, run: ++runs, groups: GROUPS, perSecond: PER_SECOND });
    endings.push(() => server.kill());
    server.onSafe = ledger.safe;
    proxy.target = server.port;
    return server;
  };
  const proxy = await CuttingProxy.start();
  endings.push(() => proxy.close());
  let server = await start();
  const subscribers = await subscribe(`tcp -h 127.0.0.1 -p ${proxy.port} -t 60000`);
  server.push();
  const beginMs = performance.now();
  const cutting = setInterval(() => proxy.cutOne(Math.random), 80);
  endings.push(() => clearInterval(cutting));
  for (const atSeconds of killsAt) {
    await delay(beginMs + atSeconds * 1000 - performance.now());
    await server.kill();
    server = await start();
    server.push();
  }
  await delay(beginMs + seconds * 1000 - performance.now());
  clearInterval(cutting);
  await server.stop();
  await settled(subscribers, ledger);
  const outcome = outcomeOf(subscribers, ledger);
  print(name, outcome, { cut: proxy.cuts, killed: killsAt.length });
  return { outcome, subscribers, proxy, server };
}

describe('500 subscribers, 200 pushes a second, connections cut at random', () => {
  it('with the log in memory: complete while the process lives; killed, every session is told that it is over', async () => {
    const { outcome, subscribers, proxy, server } = await storm('local', { engine: 'local' }, 20, []);
    expect(outcome).toMatchObject({ gaps: 0, expired: 0, duplicates: 0, disordered: 0, missing: 0 });
    expect(outcome.pushed).toBeGreaterThan(3800);
    expect(outcome.resumed).toBeGreaterThan(100);
    await server.kill();
    const next = await PushServerProcess.start({ engine: 'local', run: 2, groups: GROUPS, perSecond: PER_SECOND });
    endings.push(() => next.kill());
    proxy.target = next.port;
    await vi.waitFor(
      () => {
        for (const { session } of subscribers) expect(session.state).toBe('open');
      },
      { timeout: 30_000, interval: 200 },
    );
    expect(subscribers.filter(({ expired }) => expired !== 1)).toHaveLength(0);
    print('local, killed', { expired: sum(subscribers, ({ expired }) => expired) });
  });

  it('on Redis, the server killed three times in a minute: complete, in order, without doubles', {
    ...needs('redis-server'),
    timeout: 180_000,
  }, async () => {
    const engine = await EngineServer.start('redis');
    endings.push(() => engine.end());
    const { outcome } = await storm('redis', { engine: 'redis', url: engine.url }, 60, [15, 30, 45]);
    expect(outcome).toMatchObject({ gaps: 0, expired: 0, duplicates: 0, disordered: 0, missing: 0 });
    expect(outcome.pushed).toBeGreaterThan(6000);
    expect(outcome.resumed).toBeGreaterThan(2 * SUBSCRIBERS);
  });

  it('on NATS, the server killed: complete, in order, without doubles', needs('nats-server'), async () => {
    const engine = await EngineServer.start('nats');
    endings.push(() => engine.end());
    const { outcome } = await storm('nats', { engine: 'nats', url: engine.url }, 20, [5, 10, 15]);
    expect(outcome).toMatchObject({ gaps: 0, expired: 0, duplicates: 0, disordered: 0, missing: 0 });
    expect(outcome.pushed).toBeGreaterThan(1000);
    expect(outcome.resumed).toBeGreaterThan(SUBSCRIBERS);
  });
});

describe.each(['redis', 'nats'] as const)('two nodes on %s', (kind) => {
  it(
    'one is killed: its sessions go on at the other, which soon counts it no more',
    needs(`${kind}-server`),
    async () => {
      const engine = await EngineServer.start(kind);
      endings.push(() => engine.end());
      const ledger = new Ledger();
      const leaseMs = 2000;
      const options = { engine: kind, url: engine.url, groups: GROUPS, perSecond: PER_SECOND, leaseMs };
      const [a, b] = [
        await PushServerProcess.start({ ...options, run: 1 }),
        await PushServerProcess.start({ ...options, run: 2 }),
      ];
      for (const server of [a, b]) {
        endings.push(() => server.kill());
        server.onSafe = ledger.safe;
      }
      const at = (port: number): string => `tcp -h 127.0.0.1 -p ${port} -t 60000`;
      const subscribers = await subscribe(`${at(a.port)}:${at(b.port)}`);
      b.push();
      await vi.waitFor(
        async () => {
          const { presence, count = 0, size = 0 } = await b.stats();
          expect(presence).toEqual({ nodes: 2, isPartial: false, waiting: 0 });
          expect(count).toBe(50);
          expect(size).toBeLessThan(SUBSCRIBERS);
        },
        { timeout: 20_000, interval: 200 },
      );
      const there = SUBSCRIBERS - ((await b.stats()).size ?? 0);
      await a.kill();
      const killedMs = performance.now();
      await vi.waitFor(async () => expect((await b.stats()).presence?.nodes).toBe(1), {
        timeout: 20_000,
        interval: 50,
      });
      const goneMs = performance.now() - killedMs;
      expect(goneMs).toBeLessThan(2 * leaseMs + 500);
      await vi.waitFor(async () => expect(await b.stats()).toMatchObject({ size: SUBSCRIBERS, count: 50 }), {
        timeout: 30_000,
        interval: 100,
      });
      await b.stop();
      await settled(subscribers, ledger);
      const outcome = outcomeOf(subscribers, ledger);
      print(`two nodes, ${kind}`, outcome, {
        movedSessions: there,
        goneFromPresenceAfterMs: Math.round(goneMs),
        leaseMs,
      });
      expect(outcome).toMatchObject({ gaps: 0, expired: 0, duplicates: 0, disordered: 0, missing: 0 });
      expect(outcome.resumed).toBeGreaterThanOrEqual(there);
    },
  );
});
