import { describe, expect, it } from 'vitest';
import { CloseType } from '../close-type.js';
import { endDueMs, isEndOver } from './end-time.js';

const end = { type: CloseType.EM_SERVER_CLOSE, sinceMs: 10_000, receivedMs: 9000, pendingBytes: 0 };

describe('the end of a connection', () => {
  it.each([
    ['a silent peer that has got everything', end, 750],
    ['a peer that still takes', { ...end, pendingBytes: 1 }, 3000],
    [
      'a peer that broke the protocol, though it takes',
      { ...end, type: CloseType.EM_PROTOCOL_ERROR_CLOSE, pendingBytes: 1 },
      750,
    ],
    ['a peer that has sent on, once', { ...end, receivedMs: 10_500 }, 1500],
  ])('is over for %s', (_who, state, expected) => {
    let nowMs = state.sinceMs;
    while (!isEndOver(state, nowMs)) nowMs = endDueMs(state.sinceMs, nowMs);
    expect(nowMs - state.sinceMs).toBe(expected);
  });

  it.each([
    ['is served to the end', CloseType.EM_SERVER_CLOSE, 3000],
    ['broke the protocol', CloseType.EM_PROTOCOL_ERROR_CLOSE, 750],
  ])('is over for a peer that sends on and %s', (_what, type, expected) => {
    let nowMs = end.sinceMs;
    while (!isEndOver({ ...end, type, receivedMs: nowMs }, nowMs)) nowMs = endDueMs(end.sinceMs, nowMs);
    expect(nowMs - end.sinceMs).toBe(expected);
  });
});
