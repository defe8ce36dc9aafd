import type { PushHub, PushHubOptions, Undelivered } from '@tarsier/servant-push';
import { ClusterBackplane, type ClusterLimits } from '@tarsier/servant-push';
import type { Lab } from '@tarsier/testing';
import { describe, expect, it } from 'vitest';
import { MemoryCluster, type MemoryEngine } from '../../packages/servant-push/src/cluster/memory-engine.testkit.js';
import { endLabs, newLab } from './lab.testkit.js';
import { endHubs, serveHub, subscriber } from './push-hub.testkit.js';

endLabs();
endHubs();

const A = 'tcp -h a -p 1';
const B = 'tcp -h b -p 1';

interface Node {
  readonly hub: PushHub;
  readonly engine: MemoryEngine;
  readonly told: string[];
}

async function node(
  here: Lab,
  cluster: MemoryCluster,
  at: string,
  options: PushHubOptions = {},
  limits: ClusterLimits = {},
  waits = true,
): Promise<Node> {
  const engine = cluster.engine();
  const hub = await serveHub(here, { backplane: new ClusterBackplane({ engine, ...limits }), ...options }, {}, {}, at);
  const told: string[] = [];
  hub.on('backplane', (state) => told.push(state));
  if (waits) await here.run(hub.ready());
  return { hub, engine, told };
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
const pushesOf = (log: readonly string[]): string[] => log.filter((line) => /^\d+$/.test(line));

describe('hubs on one engine', () => {
  it('push to the members of all nodes, in one order for reliable pushes', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 3);
    const a = await node(here, cluster, A);
    const b = await node(here, cluster, B);
    const one = subscriber(here, { groups: ['g'] }, A);
    const two = subscriber(here, { groups: ['g'] }, B);
    await here.run(Promise.all([one.session.open(), two.session.open()]));
    for (let i = 1; i <= 20; i++) (i % 2 === 0 ? a : b).hub.group('g').push(String(i));
    await here.time.advance(100);
    expect(pushesOf(one.log)).toHaveLength(20);
    expect(one.log).toEqual(two.log);
    const push = a.hub.group('g').push('latest', { delivery: 'latest' });
    b.hub.group('g').push('volatile', { delivery: 'volatile' });
    await here.time.advance(100);
    expect(push.remote).toBe('sent');
    for (const { log } of [one, two]) expect(log.slice(-2).toSorted()).toEqual(['latest', 'volatile']);
    a.hub.all().push('for all');
    await here.time.advance(100);
    for (const { log } of [one, two]) expect(log.at(-1)).toBe('for all');
  });

  it('count a reliable push when it has come back by the log, with its number', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 5);
    const a = await node(here, cluster, A);
    const one = subscriber(here, { groups: ['g'] }, A);
    await here.run(one.session.open());
    const push = a.hub.group('g').push('1');
    expect(push).toMatchObject({ sequence: 0, isDone: false, remote: 'waiting' });
    expect(await here.run(push.done)).toMatchObject({ sent: 1 });
    expect(push).toMatchObject({ sequence: 1, remote: 'sent' });
    const nobody = a.hub.group('nobody').push('2');
    expect(await here.run(nobody.done)).toMatchObject({ sent: 0 });
    expect(nobody.sequence).toBe(2);
  });

  it('throw what the encoder throws, and nothing is sent', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time);
    const a = await node(here, cluster, A);
    expect(() => a.hub.group('g').push('x', { topic: 'x'.repeat(70_000) })).toThrow(/does not fit/);
    await here.time.advance(100);
    expect(cluster.last).toBe(0);
  });

  it('let a session go on at another node, from where it was, when its node dies', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A);
    const b = await node(here, cluster, B);
    const one = subscriber(here, { groups: ['g'] }, `${A}:${B}`);
    await here.run(one.session.open());
    const [from, to] = a.hub.size === 1 ? [a, b] : [b, a];
    for (let i = 1; i <= 5; i++) to.hub.group('g').push(String(i));
    await here.time.advance(100);
    from.engine.die();
    for (const connection of here.network.connections()) connection.reset();
    here.network.on({ to: from === a ? A : B }).refuse();
    for (let i = 6; i <= 10; i++) to.hub.group('g').push(String(i));
    await here.run(() => one.session.state === 'open' && to.hub.size === 1, { limitMs: 60_000 });
    to.hub.group('g').push('11');
    await here.time.advance(100);
    expect(pushesOf(one.log)).toEqual(numbers(1, 11));
    expect(one.log).toContain('resumed');
    expect(to.hub.stats()).toMatchObject({ resumes: 1, gaps: 0 });
  });

  it('take a session from a node that still has it', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A);
    const b = await node(here, cluster, B);
    const one = subscriber(here, { groups: ['g'] }, `${A}:${B}`);
    await here.run(one.session.open());
    const [from, to] = a.hub.size === 1 ? [a, b] : [b, a];
    const reasons: string[] = [];
    from.hub.onLeave((_member, reason) => reasons.push(reason));
    const taken = await here.run(
      Promise.resolve(
        to.hub.sessions?.find({
          session: one.session.id,
          epoch: to.hub.backplane.epoch,
          sequence: 0,
          subscriptions: 1,
        }),
      ),
    );
    expect(taken?.addresses.has('g:g')).toBe(true);
    await here.time.advance(20);
    expect(reasons).toEqual(['replaced']);
    expect(from.hub.stats()).toMatchObject({ sessions: 0 });
    // A record that knows of fewer subscriptions than the client is none to go on with.
    const stale = { session: one.session.id, epoch: to.hub.backplane.epoch, sequence: 0, subscriptions: 2 };
    expect(await here.run(Promise.resolve(to.hub.sessions?.find(stale)))).toBeUndefined();
  });

  it('keep a session that nobody went on with for its window only', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A, { sessions: { windowMs: 5000 } });
    const b = await node(here, cluster, B, { sessions: { windowMs: 5000 } });
    // Something must be there, so that the hub sweeps.
    const other = subscriber(here, {}, B);
    const one = subscriber(here, { groups: ['g'] }, A);
    await here.run(Promise.all([one.session.open(), other.session.open()]));
    const point = { session: one.session.id, epoch: b.hub.backplane.epoch, sequence: 0 };
    one.session.close();
    // Two at a time are one.
    const [first, second] = await here.run(
      Promise.all([point, point].map((at) => Promise.resolve(b.hub.sessions?.find(at)))),
    );
    expect(first).toBe(second);
    expect(first?.version).toBe(3);
    await here.time.advance(10);
    expect([a.hub.stats().sessions, b.hub.stats().sessions]).toEqual([0, 2]);
    await here.time.advance(7000);
    expect(b.hub.stats()).toMatchObject({ sessions: 1, away: 0 });
    expect(cluster.values.has(`session/${point.session}`)).toBe(false);
  });

  it('hand their sessions over when a node ends in order', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A);
    const b = await node(here, cluster, B);
    const one = subscriber(here, { groups: ['g'] }, `${A}:${B}`);
    await here.run(one.session.open());
    const [from, to] = a.hub.size === 1 ? [a, b] : [b, a];
    for (const text of numbers(1, 3)) from.hub.group('g').push(text);
    await here.time.advance(20);
    const [member] = from.hub.members();
    await here.run(from.hub.close());
    member?.current.close();
    here.network.on({ to: from === a ? A : B }).refuse();
    for (const text of numbers(4, 6)) to.hub.group('g').push(text);
    await here.run(() => to.hub.size === 1, { limitMs: 30_000 });
    to.hub.group('g').push('7');
    await here.time.advance(50);
    expect(pushesOf(one.log)).toEqual(numbers(1, 7));
    expect(one.log.filter((line) => !/^\d+$/.test(line))).toEqual(['opened', 'lost', 'resumed']);
  });

  it('tell a session what is missing when the log does not reach back to it', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 1);
    const limits = { log: { pushesPerAddress: 3 } };
    const a = await node(here, cluster, A, {}, limits);
    const one = subscriber(here, { groups: ['g'] }, A);
    await here.run(one.session.open());
    a.hub.group('g').push('1');
    await here.time.advance(20);
    here.network.connections()[0]?.reset();
    await here.time.advance(1);
    for (const text of numbers(2, 9)) a.hub.group('g').push(text);
    await here.run(() => one.session.state === 'open');
    await here.time.advance(20);
    expect(one.log).toEqual(['opened', '1', 'lost', 'resumed', 'gap 2-6', '7', '8', '9']);
  });

  it('tell a quiet session how far the log is, so that it does not seem to have missed anything', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 1);
    const a = await node(here, cluster, A, { sessions: { windowMs: 10_000 } }, { log: { ageMs: 20_000 } });
    const quiet = subscriber(here, { groups: ['quiet'] }, A);
    await here.run(quiet.session.open());
    for (let i = 0; i < 60; i++) {
      a.hub.group('busy').push(String(i));
      await here.time.advance(1000);
    }
    expect(quiet.session.position).toBeGreaterThan(50);
    here.network.connections()[0]?.reset();
    await here.run(() => quiet.session.state === 'lost');
    await here.run(() => quiet.session.state === 'open');
    await here.time.advance(20);
    expect(quiet.log).toEqual(['opened', 'lost', 'resumed']);
    expect(a.hub.stats().gaps).toBe(0);
  });

  it('start with the end of the log, which sessions that come there can have', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A);
    const one = subscriber(here, { groups: ['g'] }, `${A}:${B}`);
    await here.run(one.session.open());
    for (const text of numbers(1, 5)) a.hub.group('g').push(text);
    await here.time.advance(50);
    here.network.on({ to: A }).refuse();
    for (const connection of here.network.connections()) connection.reset();
    await here.time.advance(1);
    for (const text of numbers(6, 9)) a.hub.group('g').push(text);
    await here.time.advance(50);
    a.engine.die();
    const b = await node(here, cluster, B);
    await here.run(() => b.hub.size === 1, { limitMs: 60_000 });
    b.hub.group('g').push('10');
    await here.time.advance(50);
    expect(pushesOf(one.log)).toEqual(numbers(1, 10));
    expect(one.log).not.toContain('expired');
  });
});

describe('presence over nodes', () => {
  it('answers for all nodes, and forgets a node that died within twice the lease', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A, {}, { leaseMs: 2000 });
    const b = await node(here, cluster, B, {}, { leaseMs: 2000 });
    const one = subscriber(here, { groups: ['g'] }, A);
    const two = subscriber(here, { groups: ['g', 'h'] }, B);
    await here.run(Promise.all([one.session.open(), two.session.open()]));
    await here.time.advance(1500);
    for (const { hub } of [a, b]) {
      expect(hub.presence()).toEqual({ nodes: 2, isPartial: false, waiting: 0 });
      expect([hub.count('g'), hub.count('h'), hub.localCount('g')]).toEqual([2, 1, 1]);
    }
    void two.session.unsubscribe('g');
    await here.time.advance(300);
    expect(a.hub.count('g')).toBe(1);
    b.engine.die();
    await here.time.advance(4000);
    expect(a.hub.presence()).toEqual({ nodes: 1, isPartial: false, waiting: 0 });
    expect([a.hub.count('g'), a.hub.count('h')]).toEqual([1, 0]);
  });

  it('is complete for a newcomer soon, and in an outage says that it is not', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A, {}, { leaseMs: 2000 });
    const one = subscriber(here, { groups: numbers(1, 1200) }, A);
    await here.run(one.session.open(), { limitMs: 60_000 });
    await here.time.advance(500);
    const b = await node(here, cluster, B, {}, { leaseMs: 2000 }, false);
    expect(b.hub.presence().isPartial).toBe(true);
    await here.run(() => !b.hub.presence().isPartial);
    expect(b.hub.count('1200')).toBe(1);
    cluster.stop();
    await here.time.advance(10);
    expect([a.hub.presence().isPartial, b.hub.presence().isPartial]).toEqual([true, true]);
    void one.session.unsubscribe('1200');
    await here.time.advance(500);
    expect(b.hub.count('1200')).toBe(1);
    cluster.start();
    await here.time.advance(3000);
    expect(b.hub.presence().isPartial).toBe(false);
    expect(b.hub.count('1200')).toBe(0);
    expect(b.hub.count('1199')).toBe(1);
  });

  it('is taken back at once by a node that ends in order', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A);
    const b = await node(here, cluster, B);
    await here.run(() => a.hub.presence().nodes === 2);
    await here.run(b.hub.close());
    await here.time.advance(20);
    expect(a.hub.presence().nodes).toBe(1);
  });
});

describe('an outage of the engine', () => {
  it('is told; members here get their pushes at once, the others afterwards, each once', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A);
    await node(here, cluster, B);
    const one = subscriber(here, { groups: ['g'] }, A);
    const two = subscriber(here, { groups: ['g'] }, B);
    await here.run(Promise.all([one.session.open(), two.session.open()]));
    a.hub.group('g').push('1');
    await here.time.advance(20);
    cluster.stop();
    const undelivered: Undelivered[] = [];
    a.hub.on('undelivered', (pushes) => undelivered.push(pushes));
    const waiting = a.hub.group('g').push('2');
    a.hub.group('g').push('3');
    const dropped = a.hub.group('g').push('now', { delivery: 'volatile' });
    await here.time.advance(20);
    expect(a.told).toEqual(['up', 'down']);
    expect(one.log).toEqual(['opened', '1', '2', '3', 'now']);
    expect(two.log).toEqual(['opened', '1']);
    expect(waiting).toMatchObject({ remote: 'waiting', sent: 1, isDone: true, sequence: 0 });
    expect(dropped.remote).toBe('dropped');
    await here.time.advance(1500);
    expect(undelivered).toMatchObject([{ delivery: 'volatile', pushes: 1, reason: 'memory is away' }]);
    expect(a.hub.stats().backplane).toEqual({ name: 'memory', state: 'down', outages: 1, undelivered: 1 });
    cluster.start();
    await here.time.advance(50);
    expect(a.told).toEqual(['up', 'down', 'up']);
    a.hub.group('g').push('4');
    await here.time.advance(20);
    expect(one.log).toEqual(['opened', '1', '2', '3', 'now', '4']);
    expect(two.log).toEqual(['opened', '1', '2', '3', '4']);
    expect(waiting.remote).toBe('sent');
    // What it had before it had numbers is not handed out again when it goes on elsewhere.
    here.network.connections()[0]?.reset();
    await here.run(() => one.session.state === 'open', { limitMs: 60_000 });
    await here.time.advance(20);
    expect(pushesOf(one.log)).toEqual(numbers(1, 4));
  });

  it('leaves what was under way in its place, whether it was stored already or not', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A);
    await node(here, cluster, B);
    const one = subscriber(here, { groups: ['g'] }, A);
    const two = subscriber(here, { groups: ['g'] }, B);
    await here.run(Promise.all([one.session.open(), two.session.open()]));
    const stored = a.hub.group('g').push('1');
    await here.time.advance(3);
    const underWay = a.hub.group('g').push('2');
    expect([cluster.last, stored.isDone, underWay.isDone]).toEqual([1, false, false]);
    cluster.stop();
    a.hub.group('g').push('3');
    await here.time.advance(20);
    expect(one.log).toEqual(['opened', ...numbers(1, 3)]);
    expect([stored, underWay]).toMatchObject([
      { isDone: true, sent: 1, sequence: 0, remote: 'waiting' },
      { isDone: true, sent: 1, sequence: 0, remote: 'waiting' },
    ]);
    cluster.start();
    await here.time.advance(50);
    a.hub.group('g').push('4');
    await here.time.advance(20);
    for (const { log } of [one, two]) expect(log).toEqual(['opened', ...numbers(1, 4)]);
    expect([stored, underWay]).toMatchObject([
      { sent: 1, sequence: 1, remote: 'sent' },
      { sent: 1, sequence: 2, remote: 'sent' },
    ]);
  });

  it('gives nothing twice to a session that has gone to another node meanwhile', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A);
    const b = await node(here, cluster, B);
    const one = subscriber(here, { groups: ['g'] }, `${A}:${B}`);
    await here.run(one.session.open());
    const [from, to] = a.hub.size === 1 ? [a, b] : [b, a];
    from.hub.group('g').push('1');
    await here.time.advance(3);
    from.hub.group('g').push('2');
    from.engine.partition(true);
    from.hub.group('g').push('3');
    await here.time.advance(20);
    expect(pushesOf(one.log)).toEqual(numbers(1, 3));
    here.network.on({ to: from === a ? A : B }).refuse();
    for (const connection of here.network.connections()) connection.reset();
    await here.run(() => to.hub.size === 1 && one.session.state === 'open', { limitMs: 60_000 });
    to.hub.group('g').push('4');
    await here.time.advance(20);
    from.engine.partition(false);
    await here.time.advance(500);
    expect(cluster.last).toBe(4);
    to.hub.group('g').push('5');
    await here.time.advance(20);
    expect(one.log.filter((line) => line !== 'lost')).toEqual(['opened', ...numbers(1, 3), 'resumed', '4', '5']);
  });

  it('does not make a push twice whose confirmation was lost', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A);
    const one = subscriber(here, { groups: ['g'] }, A);
    await here.run(one.session.open());
    a.engine.losesAnswer = true;
    a.hub.group('g').push('1');
    a.hub.group('g').push('2');
    await here.time.advance(3);
    a.engine.partition(true);
    a.hub.group('g').push('3');
    await here.time.advance(100);
    a.engine.partition(false);
    await here.time.advance(100);
    a.hub.group('g').push('4');
    await here.time.advance(100);
    expect(cluster.last).toBe(4);
    expect(pushesOf(one.log).toSorted()).toEqual(numbers(1, 4));
  });

  it('keeps so many pushes as it may, and tells of the others', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A, {}, { outboxPushes: 3 });
    await node(here, cluster, B);
    const one = subscriber(here, { groups: ['g'] }, A);
    const two = subscriber(here, { groups: ['g'] }, B);
    await here.run(Promise.all([one.session.open(), two.session.open()]));
    const undelivered: Undelivered[] = [];
    a.hub.on('undelivered', (pushes) => undelivered.push(pushes));
    cluster.stop();
    await here.time.advance(5);
    const pushes = numbers(1, 5).map((text) => a.hub.group('g').push(text));
    await here.time.advance(1500);
    expect(pushes.map(({ remote }) => remote)).toEqual(['waiting', 'waiting', 'waiting', 'dropped', 'dropped']);
    expect(undelivered).toMatchObject([{ delivery: 'reliable', pushes: 2 }]);
    expect(pushesOf(one.log)).toEqual(numbers(1, 5));
    cluster.start();
    await here.time.advance(100);
    expect(pushesOf(two.log)).toEqual(numbers(1, 3));
  });

  it('does not stop sessions from opening, subscribing and coming back to their node', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A);
    const early = subscriber(here, { groups: ['g'] }, A);
    await here.run(early.session.open());
    cluster.stop();
    await here.time.advance(5);
    const late = subscriber(here, { groups: ['g'] }, A);
    await here.run(late.session.open());
    for (const connection of here.network.connections()) connection.reset();
    await here.run(() => early.session.state === 'lost' && late.session.state === 'lost');
    a.hub.group('g').push('1');
    await here.run(() => early.session.state === 'open' && late.session.state === 'open', { limitMs: 30_000 });
    a.hub.group('g').push('2');
    await here.time.advance(20);
    // The first was made while they were away: it comes with its number.
    expect(pushesOf(early.log)).toEqual(['2']);
    cluster.start();
    await here.time.advance(100);
    for (const { log } of [early, late]) expect(pushesOf(log)).toEqual(['2', '1']);
    expect(cluster.values.size).toBe(2);
  });

  it('lasts from the start on: the hub works here, and comes in when the engine does', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    cluster.isUp = false;
    const a = await node(here, cluster, A, {}, {}, false);
    const one = subscriber(here, { groups: ['g'] }, A);
    await here.run(one.session.open());
    a.hub.group('g').push('1');
    await here.time.advance(20);
    expect(one.log).toEqual(['opened', '1']);
    expect(a.hub.presence()).toMatchObject({ nodes: 1, isPartial: true });
    cluster.start();
    await here.run(a.hub.ready());
    await here.run(() => one.session.state === 'open' && one.log.filter((line) => line === 'opened').length === 2);
    a.hub.group('g').push('2');
    await here.time.advance(50);
    expect(one.log.slice(2, 4)).toEqual(['expired', 'opened']);
    expect(pushesOf(one.log)).toEqual(['1', '2']);
  });

  it('closes a session that comes to a node that cannot look it up, until it can', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A);
    const b = await node(here, cluster, B);
    const one = subscriber(here, { groups: ['g'] }, `${A}:${B}`);
    await here.run(one.session.open());
    const [from, to] = a.hub.size === 1 ? [a, b] : [b, a];
    to.engine.partition(true);
    from.hub.group('g').push('1');
    await here.time.advance(20);
    from.engine.die();
    here.network.on({ to: from === a ? A : B }).refuse();
    for (const connection of here.network.connections()) connection.reset();
    await here.time.advance(4000);
    expect(to.hub.size).toBe(0);
    to.engine.partition(false);
    await here.run(() => to.hub.size === 1, { limitMs: 60_000 });
    to.hub.group('g').push('2');
    await here.time.advance(50);
    expect(one.log.filter((line) => line !== 'lost')).toEqual(['opened', '1', 'resumed', '2']);
  });

  it('that loses the log is told to every session, which begins anew', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A);
    const b = await node(here, cluster, B);
    const one = subscriber(here, { groups: ['g'] }, A);
    const two = subscriber(here, { groups: ['g'] }, B);
    await here.run(Promise.all([one.session.open(), two.session.open()]));
    for (const text of numbers(1, 5)) a.hub.group('g').push(text);
    await here.time.advance(20);
    cluster.stop();
    cluster.wipe();
    cluster.start();
    await here.time.advance(500);
    for (const text of numbers(6, 9)) b.hub.group('g').push(text);
    await here.time.advance(50);
    for (const { log } of [one, two])
      expect(log).toEqual(['opened', ...numbers(1, 5), 'expired', 'opened', ...numbers(6, 9)]);
  });

  it('after which the log is older than it was is noticed, though it has the same name', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A);
    const one = subscriber(here, { groups: ['g'] }, A);
    await here.run(one.session.open());
    for (const text of numbers(1, 5)) a.hub.group('g').push(text);
    await here.time.advance(20);
    cluster.stop();
    cluster.entries.splice(3);
    cluster.start();
    await here.time.advance(1000);
    a.hub.group('g').push('6');
    await here.time.advance(50);
    expect(one.log).toEqual(['opened', ...numbers(1, 5), 'expired', 'opened', '6']);
  });

  it('longer than the log reaches is a gap, said to sessions that were there all the time', async () => {
    const here = newLab();
    const cluster = new MemoryCluster(here.time, 2);
    const a = await node(here, cluster, A);
    const b = await node(here, cluster, B);
    const two = subscriber(here, { groups: ['g'] }, B);
    await here.run(two.session.open());
    a.hub.group('g').push('1');
    await here.time.advance(20);
    b.engine.partition(true);
    for (const text of numbers(2, 9)) a.hub.group('g').push(text);
    await here.time.advance(50);
    cluster.trim(3);
    b.engine.partition(false);
    await here.time.advance(50);
    expect(two.log).toEqual(['opened', '1', 'gap 2-6', '7', '8', '9']);
  });
});
