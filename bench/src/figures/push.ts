import { Core, withChildren } from '../child-process.js';
import { atLeast, type Figure } from '../figure.js';
import type { OpenSockets, Pushes } from '../load/sockets.js';
import { ratios } from '../statistics.js';
import { accepted } from './accepted.js';
import { comparePushes, type Pair, roundsOf, valueOf } from './push-rounds.js';

/** The same bytes to every one of many connections. */
export const push10k: Figure = {
  name: 'push',
  about: 'deliveries per second of pushes of 40 bytes to 10,000 connections, until the last has arrived',
  run: (plan) =>
    withChildren(async (start) => {
      const connections = plan.isQuick ? 1000 : 10_000;
      const makePair = async (label: string, file: string): Promise<Pair> => {
        const server = await start(file, Core.SERVER);
        const holder = await start('load/sockets.js', Core.LOAD);
        plan.say(`opening ${connections} connections: ${label}`);
        const port = await server.ask<number>('port');
        await holder.ask('open', { port, count: connections } satisfies OpenSockets);
        await accepted(server, connections);
        return { label, server, holder };
      };
      const bare = await makePair('bare loop of socket.write', 'servers/push-bare.js');
      const tarsier = await makePair('Tarsier', 'servers/push-tarsier.js');
      const results = [];
      for (const count of [1, 8]) {
        const rounds = roundsOf(plan.rounds, count, plan.isQuick);
        const expected: Pushes = { count, bodyBytes: 32 };
        plan.say(`${rounds} rounds of ${count} pushes`);
        const sides = [
          { pair: tarsier, expected },
          { pair: bare, expected },
        ] as const;
        const [tarsierSeries, bareSeries] = await comparePushes(sides, connections, count, rounds);
        const each = connections.toLocaleString('en');
        results.push({
          id: `push-${count}`,
          name:
            count === 1
              ? `push to ${each} connections / bare loop of socket.write`
              : `the same with ${count} pushes queued in one tick`,
          goal: atLeast(count === 1 ? 0.95 : 3),
          ratios: ratios(tarsierSeries.rates, bareSeries.rates),
          cpuRatios: ratios(tarsierSeries.perCpu, bareSeries.perCpu),
          values: [valueOf(tarsier, tarsierSeries), valueOf(bare, bareSeries)],
        });
      }
      return results;
    }),
};
