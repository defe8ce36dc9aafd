import type { Child } from '../child-process.js';
import type { FigureValue } from '../figure.js';
import type { Pushes } from '../load/sockets.js';
import { median } from '../statistics.js';

/** A server, and a process that holds the other ends of its connections. */
export interface Pair {
  readonly label: string;
  readonly server: Child;
  readonly holder: Child;
}

/** Deliveries per second, and per CPU second of the server, of each round. */
export interface Series {
  readonly rates: number[];
  readonly perCpu: number[];
  readonly busy: number[];
}

/** A pair, and what each of its connections is to get. */
export interface PushSide {
  readonly pair: Pair;
  readonly expected: Pushes;
}

export const newSeries = (): Series => ({ rates: [], perCpu: [], busy: [] });

/** One round: from the first push until the last byte has arrived. */
export async function pushRound(
  { server, holder }: Pair,
  connections: number,
  count: number,
  expected: Pushes,
  series: Series | undefined,
): Promise<void> {
  await holder.ask('expect', expected);
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

export function valueOf({ label }: Pair, { rates, busy }: Series): FigureValue {
  return { label, unit: 'deliveries/s', median: median(rates), busy: median(busy) };
}

/**
 * Rounds of two sides in turn, the first of a round changing, so that neither always runs behind the other.
 *
 * One push is over in a fifth of a second, and what else the machine does shows in it: a goal near 1 takes many rounds.
 */
export async function comparePushes(
  sides: readonly [PushSide, PushSide],
  connections: number,
  count: number,
  rounds: number,
): Promise<readonly [Series, Series]> {
  const series = [newSeries(), newSeries()] as const;
  for (let i = -2; i < rounds; i++) {
    for (const side of i % 2 === 0 ? [0, 1] : [1, 0]) {
      const { pair, expected } = sides[side as 0 | 1];
      await pushRound(pair, connections, count, expected, i < 0 ? undefined : series[side as 0 | 1]);
    }
  }
  return series;
}

/** How many rounds a comparison takes: more where the goal is near what is measured. */
export function roundsOf(planned: number, count: number, isQuick: boolean): number {
  return (count === 1 && !isQuick ? 12 : 3) * planned;
}
