import { setTimeout as sleep } from 'node:timers/promises';
import type { CpuSample } from '../child.js';
import { type Child, Core, withChildren } from '../child-process.js';
import { atLeast, type Figure, type FigureResult, type Goal } from '../figure.js';
import type { CountSample } from '../load/echo-load.js';
import type { TarsCalls } from '../load/tars-calls.js';
import type { TarsLoad } from '../load/tars-load.js';
import { median, ratios } from '../statistics.js';

/** One of two that are compared: the process that is measured, and the one that counts. */
interface Side {
  readonly label: string;
  readonly measured: Child;
  readonly counting: Child;
  readonly parameters: TarsLoad | TarsCalls;
  readonly rates: number[];
  readonly perCpu: number[];
  readonly busy: number[];
}

interface Comparison {
  readonly id: string;
  readonly name: string;
  readonly goal: Goal;
  /** The upper one first. */
  readonly sides: readonly [Side, Side];
}

const newSide = (side: Pick<Side, 'label' | 'measured' | 'counting' | 'parameters'>): Side => ({
  ...side,
  rates: [],
  perCpu: [],
  busy: [],
});

/** Counts what is done between two moments. */
async function round(
  { measured, counting, parameters, rates, perCpu, busy }: Side,
  warmMs: number,
  ms: number,
  isCounted: boolean,
): Promise<void> {
  await counting.ask('begin', parameters);
  await sleep(warmMs);
  const look = (): Promise<[CountSample, CpuSample]> =>
    Promise.all([counting.ask<CountSample>('count'), measured.cpu()]);
  const [countBefore, cpuBefore] = await look();
  await sleep(ms);
  const [countAfter, cpuAfter] = await look();
  await counting.ask('end');
  if (!isCounted) return;
  const rate = (1000 * (countAfter.count - countBefore.count)) / (countAfter.atMs - countBefore.atMs);
  const share = (cpuAfter.cpuMs - cpuBefore.cpuMs) / (cpuAfter.atMs - cpuBefore.atMs);
  rates.push(rate);
  busy.push(share);
  perCpu.push(rate / share);
}

function resultOf({ id, name, goal, sides: [above, below] }: Comparison, unit: string): FigureResult {
  const valueOf = ({ label, rates, busy }: Side) => ({ label, unit, median: median(rates), busy: median(busy) });
  return {
    id,
    name,
    goal,
    ratios: ratios(above.rates, below.rates),
    cpuRatios: ratios(above.perCpu, below.perCpu),
    values: [valueOf(above), valueOf(below)],
  };
}

/** TARS itself, against @tars/rpc with the code that tars2node made: a server under load, and a client. */
export const tarsRpc: Figure = {
  name: 'tars',
  about:
    'calls of `int getUsrName(string, out string, out string)` over TARS: servers under load, and one client with 256 in flight',
  run: (plan) =>
    withChildren(async (start) => {
      const ours = await start('servers/tars-server.js', Core.SERVER);
      const theirs = await start('servers/tars-rpc-tars-server.js', Core.SERVER, [], ['--no-warnings']);
      const load = await start('load/tars-load.js', Core.LOAD);
      const ourPort = await ours.ask<number>('port');
      const loadOf = (port: number): TarsLoad => ({ port, connections: 8, depth: 64 });
      const servers: Comparison = {
        id: 'tars-server',
        name: 'TARS server, 8 connections with 64 in flight: Tarsier / @tars/rpc',
        goal: atLeast(5),
        sides: [
          newSide({ label: 'Tarsier', measured: ours, counting: load, parameters: loadOf(ourPort) }),
          newSide({
            label: '@tars/rpc',
            measured: theirs,
            counting: load,
            parameters: loadOf(await theirs.ask<number>('port')),
          }),
        ],
      };
      const clientSide = async (label: string, form: string): Promise<Side> => {
        const client = await start('load/tars-calls.js', Core.LOAD, [form], ['--no-warnings']);
        return newSide({ label, measured: client, counting: client, parameters: { port: ourPort, inFlight: 256 } });
      };
      const clients: Comparison = {
        id: 'tars-client',
        name: 'TARS client, 256 in flight: Tarsier / @tars/rpc',
        goal: atLeast(4),
        sides: [await clientSide('Tarsier', 'tarsier'), await clientSide('@tars/rpc', 'tars-rpc')],
      };
      for (let i = -1; i <= plan.rounds; i++) {
        plan.say(i <= 0 ? 'warming up' : `round ${i} of ${plan.rounds}`);
        for (const side of [...servers.sides, ...clients.sides]) await round(side, plan.warmMs, plan.roundMs, i > 0);
      }
      return [resultOf(servers, 'answers/s'), resultOf(clients, 'calls/s')];
    }),
};
