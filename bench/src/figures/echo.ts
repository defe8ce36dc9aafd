import { setTimeout as sleep } from 'node:timers/promises';
import type { CpuSample } from '../child.js';
import { type Child, Core, withChildren } from '../child-process.js';
import { atLeast, type Figure, type FigureResult, type FigureValue, type Goal, type Plan } from '../figure.js';
import type { CountSample, EchoLoad } from '../load/echo-load.js';
import { median, ratios } from '../statistics.js';

/** What one server did in each round. */
interface Series {
  readonly label: string;
  /** Packets per second. */
  readonly rates: number[];
  /** Packets per CPU second of the server. */
  readonly perCpu: number[];
  readonly busy: number[];
}

const BARE_CHUNK = 'bare node:net, one write per chunk';
const BARE_FRAME = 'bare node:net, one corked write per frame';
const PASS = 'Tarsier, bytes passed through';
const DOCUMENT = 'Tarsier, as the document writes it';
const TARS_RPC = '@tars/rpc';

const SERVERS = {
  [BARE_CHUNK]: ['servers/bare-server.js', 'chunk'],
  [BARE_FRAME]: ['servers/bare-server.js', 'frame'],
  [PASS]: ['servers/tarsier-server.js', 'pass'],
  [DOCUMENT]: ['servers/tarsier-server.js', 'document'],
  [TARS_RPC]: ['servers/tars-rpc-server.js', ''],
} as const;

type Label = keyof typeof SERVERS;

const LIVE_HEAP = new URL('../servers/live-heap.js', import.meta.url).href;
const STARTS = 3;
const CONNECTIONS = 8;
const DEPTH = 64;

/** One round: a load of its own, counted between two moments while it runs. */
async function round(server: Child, load: Child, echo: EchoLoad, plan: Plan, series: Series): Promise<void> {
  await load.ask('begin', echo);
  await sleep(plan.warmMs);
  const look = () => Promise.all([load.ask<CountSample>('count'), server.cpu()]);
  const [countBefore, cpuBefore]: [CountSample, CpuSample] = await look();
  await sleep(plan.roundMs);
  const [countAfter, cpuAfter]: [CountSample, CpuSample] = await look();
  await load.ask('end');
  const packets = countAfter.count - countBefore.count;
  const busy = (cpuAfter.cpuMs - cpuBefore.cpuMs) / (cpuAfter.atMs - cpuBefore.atMs);
  const rate = (1000 * packets) / (countAfter.atMs - countBefore.atMs);
  series.rates.push(rate);
  series.busy.push(busy);
  series.perCpu.push(rate / busy);
}

/**
 * Measures servers in turn: A B C A B C …, so that what the machine does otherwise falls on all of them. They are started anew now and
 * then: what the engine makes of a program differs from start to start, and stays with it.
 */
async function measure(
  labels: readonly Label[],
  bodyBytes: number,
  plan: Plan,
  nodeOptions: readonly string[] = [],
): Promise<Map<Label, Series>> {
  const all = new Map(labels.map((label): [Label, Series] => [label, newSeries(label)]));
  const starts = Math.min(STARTS, plan.rounds);
  for (let start = 1; start <= starts; start++) {
    const say = (text: string) => plan.say(`start ${start} of ${starts}, ${text}`);
    const rounds = Math.ceil(plan.rounds / starts);
    await measureOnce(all, bodyBytes, { ...plan, rounds, say }, nodeOptions);
  }
  return all;
}

async function measureOnce(
  all: ReadonlyMap<Label, Series>,
  bodyBytes: number,
  plan: Plan,
  nodeOptions: readonly string[],
): Promise<void> {
  await withChildren(async (start) => {
    const load = await start('load/echo-load.js', Core.LOAD);
    const servers: { server: Child; port: number; series: Series }[] = [];
    for (const [label, series] of all) {
      const [file, form] = SERVERS[label];
      const server = await start(file, Core.SERVER, form === '' ? [] : [form], ['--no-warnings', ...nodeOptions]);
      servers.push({ server, port: await server.ask<number>('port'), series });
    }
    // The first round is not counted: the compilers of all processes are still at work.
    for (let i = 0; i <= plan.rounds; i++) {
      plan.say(i === 0 ? 'warming up' : `round ${i} of ${plan.rounds}`);
      for (const { server, port, series } of servers) {
        const into = i === 0 ? newSeries('') : series;
        await round(server, load, { port, connections: CONNECTIONS, depth: DEPTH, bodyBytes }, plan, into);
      }
    }
  });
}

function newSeries(label: string): Series {
  return { label, rates: [], perCpu: [], busy: [] };
}

function compare(all: Map<Label, Series>, id: string, a: Label, b: Label, what: string, goal?: Goal): FigureResult {
  const [above, below] = [all.get(a) as Series, all.get(b) as Series];
  return {
    id,
    name: `server echo, ${what}`,
    ...(goal === undefined ? {} : { goal }),
    ratios: ratios(above.rates, below.rates),
    cpuRatios: ratios(above.perCpu, below.perCpu),
    values: [valueOf(above), valueOf(below)],
  };
}

function valueOf({ label, rates, busy }: Series): FigureValue {
  return { label, unit: 'packets/s', median: median(rates), busy: median(busy) };
}

/** Echo servers under full load, small packets and large ones. */
export const echo: Figure = {
  name: 'echo',
  about: 'packets per second of an echo server; 32-byte bodies, 8 connections, 64 in flight each',
  async run(plan) {
    const all = await measure([BARE_CHUNK, PASS, BARE_FRAME, DOCUMENT, TARS_RPC], 32, plan);
    return [
      compare(all, 'echo-pass', PASS, BARE_CHUNK, 'bytes passed through / bare, one write per chunk', atLeast(0.65)),
      compare(
        all,
        'echo-document',
        DOCUMENT,
        BARE_CHUNK,
        'as the document writes it / bare, one write per chunk',
        atLeast(0.4),
      ),
      compare(
        all,
        'echo-document-frame',
        DOCUMENT,
        BARE_FRAME,
        'the same / bare, one corked write per frame',
        atLeast(1.2),
      ),
      compare(all, 'echo-document-tars-rpc', DOCUMENT, TARS_RPC, 'the same / @tars/rpc', atLeast(6)),
    ];
  },
};

/** The same with bodies of 64 KiB, where copying is what costs. */
export const echoLarge: Figure = {
  name: 'echo-64k',
  about: 'the same with bodies of 64 KiB',
  async run(plan) {
    const all = await measure([BARE_CHUNK, PASS, DOCUMENT], 65_536, plan);
    const loaded = await measure([BARE_CHUNK, DOCUMENT], 65_536, plan, ['--import', LIVE_HEAP]);
    return [
      compare(all, 'echo-64k', DOCUMENT, BARE_CHUNK, '64 KiB bodies, as the document writes it / bare', atLeast(0.9)),
      compare(all, 'echo-64k-pass', PASS, BARE_CHUNK, '64 KiB bodies, bytes passed through / bare'),
      compare(loaded, 'echo-64k-heap', DOCUMENT, BARE_CHUNK, '64 KiB bodies, both with 32 MB of other live heap'),
    ];
  },
};
