import { spawnSync } from 'node:child_process';
import { type Child, Core, withChildren } from '../child-process.js';
import { atLeast, atMost, type Figure, type FigureResult, type Goal } from '../figure.js';
import type { OpenSockets, Pushes } from '../load/sockets.js';
import { packets } from '../protocol.js';
import type { MemorySample } from '../servers/memory.js';
import { median, ratios } from '../statistics.js';
import { accepted } from './accepted.js';
import { comparePushes, newSeries, type Pair, pushRound, roundsOf, valueOf } from './push-rounds.js';

const packet = packets(1, 32, 0);

/** An unmasked frame of a server: FIN and the opcode, the length, the payload. Source: RFC 6455, 5.2. */
function webSocketFrame(opcode: number, payload: Uint8Array): Buffer {
  const head = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...head]), payload]);
}

const repeated = (bytes: Uint8Array, count: number): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => bytes));

/** What socket.io sends for an event with one binary argument: a text packet, and the bytes behind it. */
const SOCKET_IO_PUSH = Buffer.concat([
  webSocketFrame(1, Buffer.from('451-["push",{"_placeholder":true,"num":0}]')),
  webSocketFrame(2, packet),
]);

/** Who pushes, and how its clients are opened and what they get of `count` pushes made in one tick. */
interface Way {
  readonly label: string;
  readonly file: string;
  readonly args?: readonly string[];
  readonly open?: Partial<OpenSockets>;
  readonly expected: (count: number) => Buffer;
}

const stream = (count: number): Buffer => repeated(packet, count);
const webSocket = { upgrade: '/' };

const bareTcp: Way = { label: 'bare loop of socket.write', file: 'push-bare', expected: stream };
const hubTcp: Way = { label: 'hub', file: 'hub-server', args: ['tcp'], expected: stream };
const hubWs: Way = {
  label: 'hub over WebSocket',
  file: 'hub-server',
  args: ['ws'],
  open: webSocket,
  // What is pushed within a tick is one message.
  expected: (count) => webSocketFrame(2, stream(count)),
};
const bareWs: Way = {
  label: 'loop over the clients of ws',
  file: 'ws-server',
  open: webSocket,
  expected: (count) => repeated(webSocketFrame(2, packet), count),
};
const socketIo: Way = {
  label: 'socket.io',
  file: 'socket-io-server',
  open: {
    upgrade: '/socket.io/?EIO=4&transport=websocket',
    // Connects to the namespace `/`: the text packet `40`, masked with zeros.
    greeting: '8182000000003430',
    // `0{"sid":…,"upgrades":[],"pingInterval":…}` and `40{"sid":…}`, whose lengths are fixed.
    preambleBytes: 2 + 109 + 2 + 32,
  },
  expected: (count) => repeated(SOCKET_IO_PUSH, count),
};

interface Comparison {
  readonly id: string;
  readonly name: string;
  readonly count: number;
  readonly above: Way;
  readonly below: Way;
  readonly goal?: Goal;
}

const COMPARISONS: readonly Comparison[] = [
  {
    id: 'hub-1',
    name: 'hub, one push / bare loop of socket.write',
    count: 1,
    above: hubTcp,
    below: bareTcp,
    goal: atLeast(0.95),
  },
  {
    id: 'hub-8',
    name: 'hub, 8 pushes per tick / the same bare loop',
    count: 8,
    above: hubTcp,
    below: bareTcp,
    goal: atLeast(3),
  },
  {
    id: 'hub-ws',
    name: 'hub over WebSocket, one push / bare ws loop',
    count: 1,
    above: hubWs,
    below: bareWs,
    goal: atLeast(0.95),
  },
  {
    id: 'hub-socket-io',
    name: 'hub over WebSocket, one push / socket.io',
    count: 1,
    above: hubWs,
    below: socketIo,
    goal: atLeast(3),
  },
];

/** The hub against a loop by hand, the loop over `ws`, and socket.io. */
export const hubPush: Figure = {
  name: 'hub',
  about: 'deliveries per second of pushes of 40 bytes through a hub to 10,000 connections, until the last has arrived',
  run: (plan) =>
    withChildren(async (start) => {
      const connections = plan.isQuick ? 500 : 10_000;
      const pairs = new Map<Way, Pair>();
      const pairOf = async (way: Way): Promise<Pair> => {
        const known = pairs.get(way);
        if (known !== undefined) return known;
        const server = await start(`servers/${way.file}.js`, Core.SERVER, way.args);
        const holder = await start('load/sockets.js', Core.LOAD);
        plan.say(`opening ${connections} connections: ${way.label}`);
        const port = await server.ask<number>('port');
        await holder.ask('open', { port, count: connections, ...way.open } satisfies OpenSockets, 120_000);
        await accepted(server, connections);
        const pair = { label: way.label, server, holder };
        pairs.set(way, pair);
        return pair;
      };
      const results: FigureResult[] = [];
      for (const { id, name, count, above, below, goal } of COMPARISONS) {
        const [upper, lower] = [await pairOf(above), await pairOf(below)];
        const rounds = roundsOf(plan.rounds, count, plan.isQuick);
        plan.say(`${rounds} rounds: ${name}`);
        const expected = (way: Way): Pushes => ({ hex: way.expected(count).toString('hex') });
        const sides = [
          { pair: upper, expected: expected(above) },
          { pair: lower, expected: expected(below) },
        ] as const;
        const [upperSeries, lowerSeries] = await comparePushes(sides, connections, count, rounds);
        results.push({
          id,
          name: `${name}, ${connections.toLocaleString('en')} connections`,
          ...(goal === undefined ? {} : { goal }),
          ratios: ratios(upperSeries.rates, lowerSeries.rates),
          cpuRatios: ratios(upperSeries.perCpu, lowerSeries.perCpu),
          values: [valueOf(upper, upperSeries), valueOf(lower, lowerSeries)],
        });
      }
      return results;
    }),
};

/** What a large push does to the rest of the process. */
export const hubLag: Figure = {
  name: 'hub-lag',
  about: 'lag of the event loop, and time of a call, while a hub pushes to 10,000 connections again and again',
  run: (plan) =>
    withChildren(async (start) => {
      const connections = plan.isQuick ? 500 : 10_000;
      const durationMs = plan.isQuick ? 500 : 4000;
      const server = await start('servers/hub-server.js', Core.SERVER, ['tcp']);
      const holder = await start('load/sockets.js', Core.LOAD);
      const port = await server.ask<number>('port');
      await holder.ask('open', { port, count: connections } satisfies OpenSockets, 120_000);
      await accepted(server, connections);
      const caller = await start('load/calls-meanwhile.js', Core.LOAD);
      const lags: number[] = [];
      const calls: number[] = [];
      for (let i = 0; i <= plan.rounds; i++) {
        plan.say(i === 0 ? 'warming up' : `round ${i} of ${plan.rounds}`);
        await holder.ask('ignore');
        const [{ lagMs }, callMs] = await Promise.all([
          server.ask<{ lagMs: number; pushes: number }>('pushOn', durationMs, durationMs + 20_000),
          caller.ask<number>('callOn', { port, durationMs }, durationMs + 20_000),
        ]);
        if (i === 0) continue;
        lags.push(lagMs);
        calls.push(callMs);
      }
      const of = (id: string, name: string, values: readonly number[], label: string): FigureResult => ({
        id,
        name,
        goal: atMost(10),
        ratios: values,
        values: [{ label, unit: 'ms', median: median(values) }],
      });
      return [
        of('hub-lag', 'lag of the event loop while pushing, 99th percentile in ms', lags, 'lag'),
        of('hub-call', 'a call answered meanwhile, 99th percentile in ms', calls, 'round trip'),
      ];
    }),
};

/** Bytes of JavaScript per connection, of a server of its own. */
async function liveBytes(start: typeof Child.start, groups: string, count: number): Promise<number> {
  const server = await start(
    'servers/hub-server.js',
    Core.SERVER,
    ['tcp', groups],
    ['--expose-gc', '--max-semi-space-size=1'],
  );
  const holder = await start('load/sockets.js', Core.LOAD);
  const port = await server.ask<number>('port');
  const openMore = async (more: number, all: number): Promise<MemorySample> => {
    await holder.ask('open', { port, count: more } satisfies OpenSockets, 120_000);
    await accepted(server, all);
    return server.ask<MemorySample>('memory');
  };
  const before = await openMore(count / 2, count / 2);
  const after = await openMore(count, count + count / 2);
  return (after.live - before.live) / count;
}

/** What a member costs beyond its connection. */
export const hubMemory: Figure = {
  name: 'hub-memory',
  about: 'memory of a member in three groups beyond that of its connection, idle, after a garbage collection',
  async run(plan) {
    const count = plan.isQuick ? 1000 : 6000;
    const costs: number[] = [];
    for (let i = 1; i <= (plan.isQuick ? 1 : 3); i++) {
      plan.say(`round ${i}`);
      const alone = await withChildren((start) => liveBytes(start, 'none', count));
      const joined = await withChildren((start) => liveBytes(start, '3', count));
      costs.push(joined - alone);
    }
    return [
      {
        id: 'hub-memory',
        name: 'bytes per member of the hub in 3 groups, beyond its connection',
        goal: atMost(1024),
        ratios: costs,
        values: [{ label: 'member', unit: 'bytes', median: median(costs) }],
      },
    ];
  },
};

const ROUNDS = 3;

/** As many connections as one process may have, up to 20,000: joined, pushed to, gone, and again. */
export const hubHeld: Figure = {
  name: 'hub-held',
  about:
    '20,000 connections (or what the limit of open files allows) in 3 groups each: held, pushed to, left, three times',
  run: (plan) =>
    withChildren(async (start) => {
      const connections = plan.isQuick ? 1000 : Math.min(20_000, openFiles() - 200);
      const server = await start('servers/hub-server.js', Core.SERVER, ['tcp', '3'], ['--expose-gc']);
      const holder = await start('load/sockets.js', Core.LOAD);
      const port = await server.ask<number>('port');
      const live: number[] = [];
      const rates: number[] = [];
      for (let i = 1; i <= ROUNDS; i++) {
        plan.say(`round ${i} of ${ROUNDS}, ${connections} connections`);
        await holder.ask('open', { port, count: connections, sources: 8 } satisfies OpenSockets, 300_000);
        await accepted(server, connections);
        const members = await server.ask<number[]>('members');
        if (members.some((count) => count !== connections))
          throw new Error(`members and groups: ${members.join(', ')}`);
        const series = newSeries();
        await pushRound({ label: 'hub', server, holder }, connections, 1, { hex: packet.toString('hex') }, series);
        rates.push(...series.rates);
        await holder.ask('close', undefined, 120_000);
        await accepted(server, 0);
        live.push((await server.ask<MemorySample>('memory')).live);
      }
      const [first = 0] = live;
      return [
        {
          id: 'hub-held',
          name: `${connections.toLocaleString('en')} connections held, pushed to and left ${ROUNDS} times: memory after each round / after the first`,
          goal: atMost(1.1),
          ratios: live.slice(1).map((bytes) => bytes / first),
          values: [
            { label: 'JavaScript after the last round', unit: 'bytes', median: live.at(-1) ?? 0 },
            { label: 'push', unit: 'deliveries/s', median: median(rates) },
          ],
        },
      ];
    }),
};

/** How many files a process may have open; children have the same limit. */
function openFiles(): number {
  const text = spawnSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }).stdout.trim();
  return text === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(text) || 1024;
}
