import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type CallFate, StatCounts } from './stat-counts.js';
import { StatMicMsgHead } from './stat-f.js';

const head = (interfaceName: string) => () =>
  StatMicMsgHead.create({ masterName: 'A.B@1', slaveName: 'C.D', interfaceName });

function counted(...samples: [fate: CallFate, ms: number][]) {
  const counts = new StatCounts(10, () => undefined);
  for (const [fate, ms] of samples) counts.add('f', head('f'), { fate, ms });
  const [body] = counts.take().values();
  return body;
}

describe('StatCounts', () => {
  it('counts answers, timeouts and failures, and times of answers only', () => {
    const body = counted(['answered', 7.4], ['answered', 30], ['timeout', 3000], ['failed', 1]);
    expect(body).toMatchObject({
      count: 2,
      timeoutCount: 1,
      execCount: 1,
      totalRspTime: 37,
      maxRspTime: 30,
      minRspTime: 7,
    });
  });

  it.each([
    [0, 5],
    [4, 5],
    [5, 10],
    [49, 50],
    [50, 100],
    [199, 200],
    [500, 1000],
    [1999, 2000],
    [2999, 3000],
  ])('puts %i ms below the bound %i', (ms, bound) => {
    const intervals = counted(['answered', ms])?.intervalCount;
    expect([...(intervals?.keys() ?? [])]).toEqual([5, 10, 50, 100, 200, 500, 1000, 2000, 3000]);
    expect([...(intervals ?? [])].filter(([, count]) => count > 0)).toEqual([[bound, 1]]);
  });

  it('counts what took 3 s or longer in no interval', () => {
    const body = counted(['answered', 3000]);
    expect([body?.count, ...(body?.intervalCount.values() ?? [])]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('takes 0 ms for no smallest time, as in C++', () => {
    expect(counted(['answered', 0], ['answered', 9], ['answered', 0])?.minRspTime).toBe(9);
  });

  it('counts what comes above the number of heads under one, and tells it', () => {
    let told = 0;
    const counts = new StatCounts(3, () => told++);
    for (let i = 0; i < 100; i++) counts.add(`f${i}`, head(`f${i}`), { fate: 'answered', ms: 1 });
    counts.add('f1', head('f1'), { fate: 'answered', ms: 1 });
    expect([counts.size, told]).toEqual([4, 97]);
    const all = Array.from(counts.take(), ([{ masterName, slaveName, interfaceName }, { count }]) =>
      [masterName, slaveName, interfaceName, count].join(' '),
    );
    expect(all).toEqual(['A.B@1 C.D f0 1', 'A.B@1 C.D f1 2', 'A.B@1 C.D f2 1', 'A.B@1 other other 97']);
    expect(counts.take().size).toBe(0);
  });
});

it('keeps little of names that are made up, however long they are', () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const counts = new StatCounts(10_000, () => undefined);
  gc();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 200; n++) {
    const name = String(n).padEnd(500_000, 'n');
    counts.add(name, head('f'), { fate: 'answered', ms: 1 });
    counts.add(name, head('f'), { fate: 'answered', ms: 1 });
  }
  gc();
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
  expect([...counts.take().values()].map(({ count }) => count)).toEqual(new Array(200).fill(2));
});
