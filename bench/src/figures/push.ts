import { type Child, Core, withChildren } from '../child-process.js';
import { atLeast, type Figure, type FigureValue } from '../figure.js';
import type { OpenSockets, Pushes } from '../load/sockets.js';
import { median, ratios } from '../statistics.js';
import { accepted } from './accepted.js';

/** A server, and a process that holds the other ends of its connections. */
interface Pair {
  readonly label: string;
  readonly server: Child;
  readonly holder: Child;
}

/** Deliveries per second, and per CPU second of the server, of each round. */
interface Series {
  readonly rates: number[];
  readonly perCpu: number[];
  readonly busy: number[];
}

/** One round: from the first push until the last byte has arrived. */
async function push({ server, holder }: Pair, connections: number, count: number, series: Series | undefined) {
  await holder.ask('expect', { count, bodyBytes: 32 } satisfies Pushes);
  const cpuBefore = await server.cpu();
  const arrived = holder.ask<number>('arrived');
  const [beganMs, endedMs] = await Promise.all([server.ask<number>('push', count), arrived]);
  const cpuAfter = await server.cpu();
  if (series === undefined) return;
  const cpuMs = cpuAfter.cpuMs - cpuBefore.cpuMs;
  const tookMs = endedMs - beganMs;
  series.rates.push((1000 * connections * count) / tookMs);
  series.perCpu.push((1000 * connections * count) / cpuMs);
  series.busy.push(cpuMs / tookMs);
}

const newSeries = (): Series => ({ rates: [], perCpu: [], busy: [] });

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
        const [bareSeries, tarsierSeries] = [newSeries(), newSeries()];
        const rounds = 3 * plan.rounds;
        plan.say(`${rounds} rounds of ${count} pushes`);
        for (let i = -2; i < rounds; i++) {
          await push(bare, connections, count, i < 0 ? undefined : bareSeries);
          await push(tarsier, connections, count, i < 0 ? undefined : tarsierSeries);
        }
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

function valueOf({ label }: Pair, { rates, busy }: Series): FigureValue {
  return { label, unit: 'deliveries/s', median: median(rates), busy: median(busy) };
}
