import { describe, expect, it } from 'vitest';
import { sendQueueSize } from './udp-send-queue.js';

describe('sendQueueSize', () => {
  it('asks the platform, and counts what is not confirmed where the platform does not tell', () => {
    expect(sendQueueSize({ getSendQueueSize: () => 7 }, 100)).toBe(7);
    expect(sendQueueSize({}, 100)).toBe(100);
  });
});
