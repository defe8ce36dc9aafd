import { describe, expect, it } from 'vitest';
import { LineLogger } from '../memory-client.testkit.js';
import { LimitedWarning } from './limited-warning.js';

describe('LimitedWarning', () => {
  it('logs once in 5 s and says how many it left out', () => {
    const logger = new LineLogger();
    let nowMs = 0;
    const warning = new LimitedWarning(logger, { now: () => nowMs });
    for (nowMs of [0, 1, 4999, 5000, 9999, 20_000]) warning.warn('drop', { nowMs });
    expect(logger.lines).toEqual([
      'warn drop {"nowMs":0}',
      'warn drop {"nowMs":5000,"omitted":2}',
      'warn drop {"nowMs":20000,"omitted":1}',
    ]);
  });
});
