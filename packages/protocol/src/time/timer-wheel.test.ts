import { describe, expect, it } from 'vitest';
import { TimerNode, TimerWheel } from './timer-wheel.js';

function fired(wheel: TimerWheel, nowMs: number): TimerNode[] {
  const nodes: TimerNode[] = [];
  wheel.advance(nowMs, (node) => nodes.push(node));
  return nodes;
}

describe('TimerWheel', () => {
  it('fires at the first step at or after the due time, never before', () => {
    const wheel = new TimerWheel(10, 1000);
    const node = new TimerNode();
    wheel.add(node, 1015);
    expect(fired(wheel, 1014)).toEqual([]);
    expect(fired(wheel, 1019)).toEqual([]);
    expect(fired(wheel, 1020)).toEqual([node]);
    expect(wheel.size).toBe(0);
    expect(fired(wheel, 9000)).toEqual([]);
  });

  it('fires what is due already with the next step', () => {
    const wheel = new TimerWheel(10, 1000);
    const node = new TimerNode();
    wheel.add(node, 3);
    expect(fired(wheel, 1009)).toEqual([]);
    expect(fired(wheel, 1010)).toEqual([node]);
  });

  it('passes over entries of later turns', () => {
    const wheel = new TimerWheel(10, 0);
    const near = new TimerNode();
    const far = new TimerNode();
    wheel.add(near, 50);
    wheel.add(far, 50 + 3 * 5120);
    expect(fired(wheel, 50)).toEqual([near]);
    for (let now = 60; now < 50 + 3 * 5120; now += 10) expect(fired(wheel, now)).toEqual([]);
    expect(fired(wheel, 50 + 3 * 5120)).toEqual([far]);
  });

  it('moves and removes entries, and takes a removal of none', () => {
    const wheel = new TimerWheel(10, 0);
    const [a, b, c] = [new TimerNode(), new TimerNode(), new TimerNode()];
    for (const node of [a, b, c]) wheel.add(node, 100);
    wheel.remove(b);
    wheel.remove(b);
    wheel.add(a, 200);
    expect(wheel.size).toBe(2);
    expect(fired(wheel, 100)).toEqual([c]);
    expect(fired(wheel, 200)).toEqual([a]);
  });

  it('lets a callback add, move and remove entries, itself included', () => {
    const wheel = new TimerWheel(10, 0);
    const [a, b, c] = [new TimerNode(), new TimerNode(), new TimerNode()];
    for (const node of [c, b, a]) wheel.add(node, 100);
    const seen: TimerNode[] = [];
    wheel.advance(100, (node) => {
      seen.push(node);
      wheel.remove(b);
      wheel.add(c, 150);
      wheel.add(node, 0);
    });
    expect(seen).toEqual([a]);
    expect(fired(wheel, 110)).toEqual([a]);
    expect(fired(wheel, 150)).toEqual([c]);
    expect(wheel.size).toBe(0);
  });

  it('fires everything after a pause longer than a turn, once', () => {
    const wheel = new TimerWheel(10, 0);
    const nodes = Array.from({ length: 2000 }, () => new TimerNode());
    for (const [i, node] of nodes.entries()) wheel.add(node, 7 * i);
    const seen = fired(wheel, 1_000_000);
    expect(new Set(seen)).toEqual(new Set(nodes));
    expect(seen.length).toBe(2000);
  });

  it('does not go back', () => {
    const wheel = new TimerWheel(10, 1000);
    const node = new TimerNode();
    wheel.add(node, 1010);
    expect(fired(wheel, 10)).toEqual([]);
    expect(fired(wheel, 1010)).toEqual([node]);
  });
});
