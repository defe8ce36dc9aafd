import { ClusterBackplane, type Push, type PushHub } from '@tarsier/servant-push';
import { describe, expect, it } from 'vitest';
import { MemoryCluster, type MemoryEngine } from '../../packages/servant-push/src/cluster/memory-engine.testkit.js';
import { endLabs, newLab } from './lab.testkit.js';
import { endHubs, type Subscriber, serveHub, subscriber } from './push-hub.testkit.js';

endLabs();
endHubs();

const PLACES = ['a', 'b', 'c'].map((host) => `tcp -h ${host} -p 1`);
const GROUPS = ['g0', 'g1', 'g2'];
const SESSIONS = 9;
const STEPS = 250;

/** Numbers from a seed. */
function randomOf(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What each session was given, by group, and whether it was told that something is missing. */
interface Seen {
  readonly groups: readonly string[];
  readonly subscriber: Subscriber;
}

/** One push of the storm, and the node that made it. */
interface Pushed {
  readonly group: string;
  readonly text: string;
  readonly from: number;
  readonly push: Push;
}

async function storm(
  seed: number,
  withResets: boolean,
): Promise<{ pushed: readonly Pushed[]; seen: readonly Seen[]; hubs: readonly PushHub[] }> {
  const here = newLab({ seed });
  const random = randomOf(seed);
  const cluster = new MemoryCluster(here.time, 2);
  const nodes: { hub: PushHub; engine: MemoryEngine; isCut: boolean }[] = [];
  for (const place of PLACES) {
    const engine = cluster.engine();
    const hub = await serveHub(here, { backplane: new ClusterBackplane({ engine, leaseMs: 2000 }) }, {}, {}, place);
    await here.run(hub.ready());
    nodes.push({ hub, engine, isCut: false });
  }
  here.network.on().latency([1, 10]);
  const seen: Seen[] = Array.from({ length: SESSIONS }, (_, i) => {
    const groups = [GROUPS[i % 3] ?? '', GROUPS[(i + 1) % 3] ?? ''];
    return { groups, subscriber: subscriber(here, { groups }, PLACES.join(':')) };
  });
  await here.run(Promise.all(seen.map(({ subscriber: { session } }) => session.open())), { limitMs: 60_000 });
  await here.time.advance(100);
  const pushed: Pushed[] = [];
  for (let step = 0; step < STEPS; step++) {
    for (let i = random(4); i > 0; i--) {
      const group = GROUPS[random(3)] ?? '';
      const text = `${group} ${pushed.length}`;
      const from = random(3);
      pushed.push({ group, text, from, push: (nodes[from] as (typeof nodes)[0]).hub.group(group).push(text) });
    }
    const node = nodes[random(3)] as (typeof nodes)[0];
    const dice = random(100);
    if (dice < 8) {
      const connections = here.network.connections();
      if (withResets) connections[random(connections.length)]?.reset();
    } else if (dice < 10) {
      node.isCut = !node.isCut;
      node.engine.partition(node.isCut);
    } else if (dice < 12) {
      if (cluster.isUp) cluster.stop();
      else cluster.start();
    } else if (dice < 14) node.engine.losesAnswer = true;
    await here.time.advance(1 + random(60));
  }
  for (const { engine } of nodes) engine.partition(false);
  if (!cluster.isUp) cluster.start();
  // A lost answer is one for as long as the connection lives.
  await here.time.advance(100);
  for (const { engine } of nodes) {
    engine.losesAnswer = false;
    engine.partition(true);
    engine.partition(false);
  }
  await here.run(
    () =>
      nodes.every(({ hub }) => hub.backplane.state === 'up' && !hub.presence().isPartial) &&
      seen.every(({ subscriber: { session } }) => session.state === 'open'),
    { limitMs: 120_000 },
  );
  for (const group of GROUPS) {
    const text = `${group} last`;
    pushed.push({ group, text, from: 0, push: nodes[0]!.hub.group(group).push(text) });
  }
  await here.time.advance(2000);
  return { pushed, seen, hubs: nodes.map(({ hub }) => hub) };
}

const pushesOf = ({ subscriber: { log } }: Seen): string[] => log.filter((line) => /^g\d /.test(line));

describe('a storm over three nodes: connections reset, nodes cut off, the engine away, answers lost', () => {
  // With 80 the log confirms what was kept, and no answer does.
  it.each([...Array.from({ length: 12 }, (_, i) => i + 1), 80])(
    'loses nothing in silence, and gives nothing twice (seed %i)',
    async (seed) => {
      const { pushed, seen, hubs } = await storm(seed, true);
      expect(pushed.filter(({ push }) => push.remote !== 'sent' || !push.isDone)).toEqual([]);
      let complete = 0;
      for (const one of seen) {
        const { groups, subscriber } = one;
        const got = pushesOf(one);
        expect(got.length).toBe(new Set(got).size);
        if (subscriber.log.some((line) => line === 'expired' || line.startsWith('gap'))) continue;
        complete++;
        const wanted = pushed.filter(({ group }) => groups.includes(group)).map(({ text }) => text);
        expect(got.toSorted()).toEqual(wanted.toSorted());
      }
      // Only sessions that began in an outage may have been lost with it.
      expect(complete).toBeGreaterThan(0);
      for (const group of GROUPS) {
        const count = seen.filter(({ groups }) => groups.includes(group)).length;
        for (const hub of hubs) expect(hub.count(group)).toBe(count);
      }
    },
  );

  it.each(Array.from({ length: 12 }, (_, i) => i + 1))(
    'keeps the order of what each node pushes, wherever it is heard, while the connections live (seed %i)',
    async (seed) => {
      const { pushed, seen } = await storm(seed, false);
      for (const one of seen) {
        expect(one.subscriber.log.filter((line) => line === 'lost')).toEqual([]);
        const got = pushesOf(one);
        for (const from of PLACES.keys()) {
          const wanted = pushed.filter((push) => push.from === from && one.groups.includes(push.group));
          const texts = wanted.map(({ text }) => text);
          expect(got.filter((text) => texts.includes(text))).toEqual(texts);
        }
      }
    },
  );
});
