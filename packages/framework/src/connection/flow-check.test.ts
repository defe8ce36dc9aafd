import { describe, expect, it } from 'vitest';
import { FlowCheck } from './flow-check.js';

describe('FlowCheck', () => {
  it('finds a peer stuck after three samples of 5 s in which too little has left', () => {
    const check = new FlowCheck(0, 1000);
    expect(check.isStuck(4999, 1000, 1024)).toBe(false);
    expect(check.isStuck(5000, 1500, 1024)).toBe(false);
    expect(check.isStuck(10_000, 2524, 1024)).toBe(false);
    expect(check.isStuck(14_999, 2524, 1024)).toBe(false);
    expect(check.isStuck(15_000, 2524, 1024)).toBe(true);
  });

  it('begins anew when enough has left', () => {
    const check = new FlowCheck(0, 0);
    expect([5000, 10_000].map((ms) => check.isStuck(ms, 0, 1024))).toEqual([false, false]);
    expect(check.isStuck(15_000, 1025, 1024)).toBe(false);
    expect([20_000, 25_000, 30_000].map((ms) => check.isStuck(ms, 1025, 1024))).toEqual([false, false, true]);
  });
});
