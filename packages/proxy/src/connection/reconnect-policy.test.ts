import { describe, expect, it } from 'vitest';
import { ReconnectPolicy } from './reconnect-policy.js';

describe('ReconnectPolicy', () => {
  it('doubles the bound with each failure up to the maximum, and draws from 0 up to it', () => {
    let chance = 1;
    const policy = new ReconnectPolicy({ minMs: 100, maxMs: 1000, random: () => chance });
    const bounds = Array.from({ length: 6 }, () => {
      const bound = policy.delayMs();
      policy.failures++;
      return bound;
    });
    expect(bounds).toEqual([100, 200, 400, 800, 1000, 1000]);
    chance = 0.5;
    expect(policy.delayMs()).toBe(500);
    chance = 0;
    expect(policy.delayMs()).toBe(0);
  });

  it('begins again after a success', () => {
    const policy = new ReconnectPolicy({ minMs: 100, maxMs: 1000, random: () => 1 });
    for (let i = 0; i < 2000; i++) policy.failures++;
    expect(policy.delayMs()).toBe(1000);
    policy.failures = 0;
    expect([policy.failures, policy.delayMs()]).toEqual([0, 100]);
  });
});
