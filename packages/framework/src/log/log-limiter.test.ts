import { describe, expect, it } from 'vitest';
import { LogLimiter } from './log-limiter.js';

describe('LogLimiter', () => {
  it('lets so many lines a second through and tells how many it held back', () => {
    const limiter = new LogLimiter(2);
    expect([0, 1, 2, 3, 999].map((ms) => limiter.admit(ms))).toEqual([0, 0, -1, -1, -1]);
    expect([1000, 1001, 1002].map((ms) => limiter.admit(ms))).toEqual([3, 0, -1]);
  });
});
