/** What a figure has to reach, and in which direction. */
export interface Goal {
  readonly at: 'least' | 'most';
  readonly value: number;
}

/** One ratio: what was measured of one thing, divided by the same of another. */
export interface FigureResult {
  /** Stable name, for programs that read the JSON. */
  readonly id: string;
  /** What is divided by what. */
  readonly name: string;
  /** Absent for figures that are told for information only. */
  readonly goal?: Goal;
  /** The ratio of each round. */
  readonly ratios: readonly number[];
  /** The same ratio per CPU second of the measured process, of each round: what it would be if nothing else limited it. */
  readonly cpuRatios?: readonly number[];
  /** The absolute medians of this machine. */
  readonly values: readonly FigureValue[];
}

/** One side of a ratio. */
export interface FigureValue {
  readonly label: string;
  readonly unit: string;
  readonly median: number;
  /** How busy the measured process was; 1 is one core. Well below it, something else was the limit. */
  readonly busy?: number;
}

/** How much is measured. */
export interface Plan {
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmMs: number;
  /** For a quick look: fewer connections too. */
  readonly isQuick: boolean;
  /** Tells the user what goes on. */
  readonly say: (text: string) => void;
}

/** A part of the benchmark that runs for itself. */
export interface Figure {
  readonly name: string;
  readonly about: string;
  /** Why it cannot be measured here; '' or absent when it can. */
  readonly missing?: string;
  run(plan: Plan): Promise<FigureResult[]>;
}

/** Whether the median reaches the goal. */
export function isMet(goal: Goal, measured: number): boolean {
  return goal.at === 'least' ? measured >= goal.value : measured <= goal.value;
}

export const atLeast = (value: number): Goal => ({ at: 'least', value });
export const atMost = (value: number): Goal => ({ at: 'most', value });
