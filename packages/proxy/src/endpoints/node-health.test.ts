import { describe, expect, it } from 'vitest';
import { type CheckTimeoutInfo, checkTimeoutInfo, defaultCheckTimeoutInfo } from './check-timeout-info.js';
import { NodeHealth } from './node-health.js';

function healthOf(info: Partial<CheckTimeoutInfo> = {}): NodeHealth {
  return new NodeHealth(() => ({ ...defaultCheckTimeoutInfo, ...info }));
}

/** `s`: an answer, `t`: a timeout, `x`: a lost connection; one each 10 ms. Whether the node is healthy after each. */
function play(health: NodeHealth, outcomes: string, fromMs = 0): string {
  return Array.from(outcomes, (outcome, index) => {
    const nowMs = fromMs + index * 10;
    health.roll(nowMs);
    if (outcome === 's') health.succeeded();
    else health.failed(nowMs, outcome === 't' ? 'timeout' : 'transport');
    return health.isHealthy ? 'y' : 'n';
  }).join('');
}

describe('NodeHealth with the defaults of TARS', () => {
  it.each([
    ['the first failure of a node that never answered', 't', 'n'],
    ['one timeout among answers says nothing', 'ssst', 'yyyy'],
    ['nor does one that the answers come after', 'stss', 'yyyy'],
    ['two of a few are enough', 'sstst', 'yyyyn'],
    ['lost connections count like timeouts', 'ssxsx', 'yyyyn'],
    ['the share has to be reached', `${'s'.repeat(60)}tst`, 'y'.repeat(63)],
    ['an answer makes it healthy at once', 'tts', 'nny'],
  ])('%s', (_name, outcomes, expected) => {
    expect(play(healthOf(), outcomes)).toBe(expected);
  });

  it('counts within the interval only', () => {
    const health = healthOf();
    expect(play(health, 'sst')).toBe('yyy');
    // Both halves are over: the failure is no more, and this one is alone again.
    expect(play(health, 'sst', 6000)).toBe('yyy');
    expect(play(health, 's', 6100)).toBe('y');
    // Half an interval later it still counts.
    expect(play(health, 't', 8600)).toBe('n');
    expect(health.reason).toBe('2 of 5 calls failed within 5 s (radio 0.05)');
  });

  it('does not judge a failure by the begin of an interval alone', () => {
    const health = healthOf();
    for (let ms = 0; ms < 60_000; ms += 100) {
      health.roll(ms);
      health.succeeded();
    }
    // The first thing after the turn.
    health.failed(60_100, 'timeout');
    expect(health.isHealthy).toBe(true);
    // Also after a long time without a call.
    health.succeeded();
    health.failed(600_000, 'timeout');
    expect(health.isHealthy).toBe(true);
    health.failed(700_000, 'timeout');
    expect(health.isHealthy).toBe(false);
  });

  it('is tried once per tryTimeInterval while it is unhealthy', () => {
    const health = healthOf();
    health.failed(100, 'timeout');
    expect([health.mayTry(5099), health.mayTry(5100), health.retryAtMs]).toEqual([false, true, 5100]);
    health.tried(5100);
    expect([health.mayTry(5101), health.mayTry(10_099), health.mayTry(10_100)]).toEqual([false, false, true]);
    // Another call that fails meanwhile does not put the attempt off.
    health.failed(7000, 'timeout');
    expect(health.retryAtMs).toBe(10_100);
    expect(health.succeeded()).toBe(true);
    expect([health.isHealthy, health.reason, health.retryAtMs, health.succeeded()]).toEqual([true, '', 0, false]);
  });

  it('is mended by a new connection only if it lost one', () => {
    const timedOut = healthOf();
    timedOut.failed(0, 'timeout');
    expect([timedOut.connected(), timedOut.isHealthy]).toEqual([false, false]);
    const lost = healthOf();
    lost.failed(0, 'transport');
    expect([lost.connected(), lost.isHealthy, lost.connected()]).toEqual([true, true, false]);
  });
});

describe('NodeHealth, other rules', () => {
  const never = { minTimeoutInvoke: 1_000_000 };

  it('needs so many failures for the ratio', () => {
    expect(play(healthOf({ minTimeoutInvoke: 3 }), 'sttt')).toBe('yyyn');
    expect(play(healthOf({ minTimeoutInvoke: 3 }), 'ttt')).toBe('yyn');
  });

  it('counts failures in a row, over the time given', () => {
    const health = healthOf({ ...never, frequenceFailInvoke: 3, minFrequenceFailTime: 1 });
    expect(play(health, 'tttt')).toBe('yyyy');
    expect(play(health, 't', 999)).toBe('y');
    expect(play(health, 't', 1000)).toBe('n');
    expect(health.reason).toBe('6 calls in a row failed (frequenceFailInvoke 3)');
  });

  it('begins the row again after an answer', () => {
    const health = healthOf({ ...never, frequenceFailInvoke: 3, minFrequenceFailTime: 0 });
    expect(play(health, 'ttsttst')).toBe('yyyyyyy');
    expect(play(health, 'tt', 100)).toBe('yn');
  });
});

describe('checkTimeoutInfo', () => {
  it('completes what is given, and names what cannot be', () => {
    expect(checkTimeoutInfo({ radio: 0.5 }, 'A.B.C')).toEqual({ ...defaultCheckTimeoutInfo, radio: 0.5 });
    for (const bad of [{ radio: 2 }, { radio: Number.NaN }, { minTimeoutInvoke: 0 }, { tryTimeInterval: -1 }]) {
      const [name = ''] = Object.keys(bad);
      expect(() => checkTimeoutInfo(bad, 'A.B.C')).toThrow(`A.B.C: ${name} must be a number`);
    }
  });
});
