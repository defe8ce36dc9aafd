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
