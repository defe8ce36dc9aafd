import { describe, expect, it } from 'vitest';
import { runSoak } from './run-soak.js';

describe('a good client beside hostile connections of every transport', () => {
  it('loses no call, and leaves no descriptor open', async () => {
    const report = await runSoak(4000);
    expect(report.failed).toBe(0);
    expect(report.hostile).toBeGreaterThan(50);
    expect(report.calls).toBeGreaterThan(100);
    expect(report.descriptors[1]).toBeLessThanOrEqual(report.descriptors[0]);
  });
});
