import { setTimeout as sleep } from 'node:timers/promises';
import type { CpuSample } from '../child.js';
import type { Child } from '../child-process.js';
import type { FigureResult, Goal, Plan } from '../figure.js';
import type { CountSample } from '../load/echo-load.js';
import { median, ratios } from '../statistics.js';

/** One of two that are compared: the process that is measured, and the one that counts. */
export interface Side {
  readonly label: string;
  readonly measured: Child;
  readonly counting: Child;
  /** Of `begin`. */
  readonly parameters: unknown;
  readonly rates: number[];
  readonly perCpu: number[];
  readonly busy: number[];
}

export interface Comparison {
  readonly id: string;
  readonly name: string;
  readonly goal?: Goal;
  /** Of what is counted. */
  readonly unit: string;
  /** The upper one first. */
  readonly sides: readonly [Side, Side];
}

export const newSide = (side: Pick<Side, 'label' | 'measured' | 'counting' | 'parameters'>): Side => ({
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

function resultOf({ id, name, goal, unit, sides: [above, below] }: Comparison): FigureResult {
  const valueOf = ({ label, rates, busy }: Side) => ({ label, unit, median: median(rates), busy: median(busy) });
  return {
    id,
    name,
    ...(goal !== undefined && { goal }),
    ratios: ratios(above.rates, below.rates),
    cpuRatios: ratios(above.perCpu, below.perCpu),
    values: [valueOf(above), valueOf(below)],
  };
}

/** Measures all sides in turns, so many rounds; the first two warm up. */
export async function alternate(comparisons: readonly Comparison[], plan: Plan): Promise<FigureResult[]> {
  for (let i = -1; i <= plan.rounds; i++) {
    plan.say(i <= 0 ? 'warming up' : `round ${i} of ${plan.rounds}`);
    for (const { sides } of comparisons) {
      for (const side of sides) await round(side, plan.warmMs, plan.roundMs, i > 0);
    }
  }
  return comparisons.map(resultOf);
}
