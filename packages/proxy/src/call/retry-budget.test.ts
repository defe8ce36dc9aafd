import { describe, expect, it } from 'vitest';
import { RetryBudget } from './retry-budget.js';

/** How many retries it grants at one time. */
function take(budget: RetryBudget, calls: number, nowMs: number): number {
  let taken = 0;
  while (taken < 100_000 && budget.take(calls, nowMs)) taken++;
  return taken;
}

describe('RetryBudget', () => {
  it('earns a share of the calls', () => {
    const budget = new RetryBudget({ ratio: 0.1, perSecond: 0, nowMs: 0 });
    expect([take(budget, 9, 0), take(budget, 10, 0), take(budget, 1010, 0), take(budget, 1010, 1)]).toEqual([
      0, 1, 100, 0,
    ]);
  });

  it('earns with time too, and begins with ten seconds of it', () => {
    const budget = new RetryBudget({ ratio: 0, perSecond: 10, nowMs: 0 });
    expect([take(budget, 0, 0), take(budget, 0, 1000), take(budget, 0, 1050)]).toEqual([100, 10, 0]);
  });

  it('forgets what was earned long ago', () => {
    const budget = new RetryBudget({ ratio: 0.1, perSecond: 0, nowMs: 0 });
    expect(budget.take(10_000, 0)).toBe(true);
    // 999 are left; an hour later only what the calls of the last 10 s have earned.
    expect(take(budget, 10_000 + 3600, 3_600_000)).toBe(1);
  });

  it('can be nothing at all', () => {
    const budget = new RetryBudget({ ratio: 0, perSecond: 0, nowMs: 0 });
    expect(take(budget, 1_000_000, 1_000_000)).toBe(0);
  });
});
