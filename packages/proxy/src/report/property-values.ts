import { StatPropInfo } from './property-f.js';
import type { PropertyPolicy } from './stat-report.js';

/** Makes one figure of the values of an interval. */
interface Summary {
  readonly policy: string;
  add(value: number): void;
  /** The text of the figure. */
  text(): string;
}

function reduced(policy: string, initial: number, next: (before: number, value: number) => number): Summary {
  let figure = initial;
  return {
    policy,
    add: (value) => {
      figure = next(figure, value);
    },
    text: () => String(figure),
  };
}

function average(): Summary {
  let [sum, count] = [0, 0];
  return {
    policy: 'Avg',
    add: (value) => {
      sum += value;
      count++;
    },
    text: () => String(sum / count),
  };
}

/** `bound|count` for each bound, as `10|3,20|0`. */
function distribution(given: readonly number[]): Summary {
  const bounds = [...new Set(given)].toSorted((a, b) => a - b);
  const counts = bounds.map(() => 0);
  return {
    policy: 'Distr',
    add: (value) => {
      const at = bounds.findIndex((bound) => value < bound);
      if (at >= 0) counts[at] = (counts[at] ?? 0) + 1;
    },
    text: () => bounds.map((bound, at) => `${bound}|${counts[at]}`).join(','),
  };
}

const simple: Readonly<Record<Exclude<PropertyPolicy, object>, () => Summary>> = {
  Sum: () => reduced('Sum', 0, (before, value) => before + value),
  Avg: average,
  Count: () => reduced('Count', 0, (before) => before + 1),
  Max: () => reduced('Max', Number.NEGATIVE_INFINITY, Math.max),
  Min: () => reduced('Min', Number.POSITIVE_INFINITY, Math.min),
};

function summaryOf(policy: PropertyPolicy): Summary {
  return typeof policy === 'object' ? distribution(policy.Distr) : simple[policy]();
}

/** The values of one property within an interval. Source: PropertyReport (TarsCpp). */
export class PropertyValues {
  readonly #policies: readonly PropertyPolicy[];
  #summaries: readonly Summary[] | undefined;

  constructor(policies: readonly PropertyPolicy[]) {
    this.#policies = policies;
  }

  add(value: number): void {
    this.#summaries ??= this.#policies.map(summaryOf);
    for (const summary of this.#summaries) summary.add(value);
  }

  /** Whether there were none in the interval that runs. */
  get isEmpty(): boolean {
    return this.#summaries === undefined;
  }

  /** What the values amount to since this was called before; nothing when there were none. */
  take(): StatPropInfo[] {
    const summaries = this.#summaries ?? [];
    this.#summaries = undefined;
    return summaries.map((summary) => StatPropInfo.create({ policy: summary.policy, value: summary.text() }));
  }
}
