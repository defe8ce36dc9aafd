import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, Core, withChildren } from '../child-process.js';
import { atLeast, type Figure, type FigureResult, type FigureValue, type Goal } from '../figure.js';
import type { Calls } from '../load/calls.js';
import type { CountSample } from '../load/echo-load.js';
import { median, ratios } from '../statistics.js';

const IN_FLIGHT = 256;

interface Client {
  readonly label: string;
  readonly child: Child;
  readonly rates: number[];
  readonly perCpu: number[];
  readonly busy: number[];
}

/** Calls of one client against a bare server. */
export const rpcCall: Figure = {
  name: 'rpc-call',
  about: 'calls per second of one client with 256 in flight; 32-byte bodies',
  run: (plan) =>
    withChildren(async (start) => {
      const server = await start('servers/bare-server.js', Core.SERVER, ['chunk']);
      const calls: Calls = { port: await server.ask<number>('port'), inFlight: IN_FLIGHT, bodyBytes: 32 };
      const make = async (label: string, form: string): Promise<Client> => {
        return { label, child: await start('load/calls.js', Core.LOAD, [form]), rates: [], perCpu: [], busy: [] };
      };
      const tarsier = await make('Tarsier, rpcCall', 'tarsier');
      const cork = await make('bare client, one corked write per tick', 'cork');
      const block = await make('bare client, one block per tick', 'block');
      const each = await make('bare client, one write per call', 'each');
      // Two rounds are not counted: the compilers take that long to settle on a form of the promises.
      for (let i = -1; i <= plan.rounds; i++) {
        plan.say(i <= 0 ? 'warming up' : `round ${i} of ${plan.rounds}`);
        for (const client of [cork, tarsier, block, each]) {
          const { child } = client;
          await child.ask('begin', calls);
          await sleep(plan.warmMs);
          const look = () => Promise.all([child.ask<CountSample>('count'), child.cpu()]);
          const [countBefore, cpuBefore] = await look();
          await sleep(plan.roundMs);
          const [countAfter, cpuAfter] = await look();
          await child.ask('end');
          if (i <= 0) continue;
          const rate = (1000 * (countAfter.count - countBefore.count)) / (countAfter.atMs - countBefore.atMs);
          const busy = (cpuAfter.cpuMs - cpuBefore.cpuMs) / (cpuAfter.atMs - cpuBefore.atMs);
          client.rates.push(rate);
          client.busy.push(busy);
          client.perCpu.push(rate / busy);
        }
      }
      const compare = (id: string, name: string, bare: Client, goal?: Goal): FigureResult => ({
        id,
        name,
        ...(goal === undefined ? {} : { goal }),
        ratios: ratios(tarsier.rates, bare.rates),
        cpuRatios: ratios(tarsier.perCpu, bare.perCpu),
        values: [valueOf(tarsier), valueOf(bare)],
      });
      const name =
        'rpcCall from one client, 256 in flight / bare client with a Map of promises, one corked write per tick';
      return [
        compare('rpc-call', name, cork, atLeast(0.9)),
        compare('rpc-call-block', 'the same / bare client that writes all packets of a tick into one block', block),
        compare('rpc-call-each', 'the same / bare client with one write per call', each),
      ];
    }),
};

function valueOf({ label, rates, busy }: Client): FigureValue {
  return { label, unit: 'calls/s', median: median(rates), busy: median(busy) };
}
