import { describe, expect, it } from 'vitest';
import { FlushList } from './flush-list.js';

/** A list whose end of tick is `endTick()`. */
function setUp(): { list: FlushList; deferred: (() => void)[]; endTick: () => void } {
  const deferred: (() => void)[] = [];
  const list = new FlushList((run) => deferred.push(run));
  return { list, deferred, endTick: () => deferred.shift()?.() };
}

describe('FlushList', () => {
  it('flushes each item once at the end of the tick, in order', () => {
    const { list, deferred, endTick } = setUp();
    const flushed: string[] = [];
    list.add({ flush: () => flushed.push('a') });
    list.add({ flush: () => flushed.push('b') });
    expect(deferred.length).toBe(1);
    expect(flushed).toEqual([]);
    endTick();
    expect(flushed).toEqual(['a', 'b']);
    expect(deferred.length).toBe(0);
  });

  it('leaves what is added by a flush for the next end of tick', () => {
    const { list, endTick } = setUp();
    const flushed: string[] = [];
    const item = {
      flush: () => {
        flushed.push('a');
        if (flushed.length < 3) list.add(item);
      },
    };
    list.add(item);
    endTick();
    expect(flushed.length).toBe(1);
    endTick();
    endTick();
    endTick();
    expect(flushed.length).toBe(3);
  });

  it('flushes the others when one throws, and lets the exception out', () => {
    const { list, endTick } = setUp();
    const flushed: string[] = [];
    list.add({ flush: () => flushed.push('a') });
    list.add({
      flush: () => {
        throw new Error('broken');
      },
    });
    list.add({ flush: () => flushed.push('b') });
    list.add({ flush: () => flushed.push('c') });
    expect(endTick).toThrow('broken');
    endTick();
    expect(flushed).toEqual(['a', 'b', 'c']);
  });
});
