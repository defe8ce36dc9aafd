import { describe, expect, it } from 'vitest';
import { ByteVector } from '../buffer/byte-vector.js';
import { encodeUtf8 } from '../buffer/utf8.js';
import { BlockPool } from './block-pool.js';
import { type ByteSink, SendQueue } from './send-queue.js';

/** Keeps the pieces of each write; says no as long as it is told to. */
class MemorySink implements ByteSink {
  readonly writes: Uint8Array[][] = [];
  takesMore = true;

  write(bytes: Uint8Array): boolean {
    this.writes.push([bytes]);
    return this.takesMore;
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    this.writes.push([...parts]);
    return this.takesMore;
  }
}

function text(bytes: Uint8Array): string {
  return new ByteVector(bytes).toString();
}

function setUp(): { sink: MemorySink; queue: SendQueue } {
  const sink = new MemorySink();
  return { sink, queue: new SendQueue(sink, new BlockPool()) };
}

describe('SendQueue', () => {
  it('sends one piece as it is', () => {
    const { sink, queue } = setUp();
    const bytes = encodeUtf8('abc');
    queue.push(bytes);
    expect(queue.length).toBe(3);
    queue.flush();
    expect(sink.writes).toEqual([[bytes]]);
    expect(sink.writes[0]?.[0]).toBe(bytes);
    expect(queue.length).toBe(0);
    queue.flush();
    queue.push(new Uint8Array(0));
    queue.flush();
    expect(sink.writes.length).toBe(1);
  });

  it('makes one piece of ranges that adjoin, without a copy', () => {
    const { sink, queue } = setUp();
    const block = new Uint8Array(100_000);
    for (let at = 10; at < 90_010; at += 9000) queue.push(new ByteVector().assignRange(block, at, at + 9000));
    queue.flush();
    expect(sink.writes.length).toBe(1);
    expect(sink.writes[0]?.length).toBe(1);
    const piece = sink.writes[0]?.[0] as Uint8Array;
    expect([piece.buffer === block.buffer, piece.byteOffset, piece.length]).toEqual([true, 10, 90_000]);
  });

  it('copies short ranges together and lets long ones be', () => {
    const { sink, queue } = setUp();
    const long = new Uint8Array(5000).fill(1);
    for (const part of ['ab', 'cd', 'ef']) queue.push(encodeUtf8(part));
    queue.push(long);
    queue.push(encodeUtf8('gh'));
    queue.push(encodeUtf8('ij'));
    queue.flush();
    expect(sink.writes.length).toBe(1);
    expect(sink.writes[0]?.map((part) => (part === long ? 'long' : text(part)))).toEqual(['abcdef', 'long', 'ghij']);
  });

  it('waits while the sink has enough', () => {
    const { sink, queue } = setUp();
    sink.takesMore = false;
    queue.push(encodeUtf8('a'));
    queue.flush();
    expect(queue.isBlocked).toBe(true);
    queue.push(encodeUtf8('b'));
    queue.flush();
    queue.push(encodeUtf8('c'));
    expect(sink.writes.length).toBe(1);
    expect(queue.length).toBe(2);
    sink.takesMore = true;
    queue.drained();
    expect(sink.writes.map((parts) => parts.map(text).join('+'))).toEqual(['a', 'bc']);
    expect(queue.isBlocked).toBe(false);
  });

  it('forgets everything when it is cleared', () => {
    const { sink, queue } = setUp();
    queue.push(new Uint8Array(5000));
    queue.push(encodeUtf8('a'));
    queue.clear();
    expect(queue.length).toBe(0);
    queue.push(encodeUtf8('b'));
    queue.flush();
    expect(sink.writes.map((parts) => parts.map(text))).toEqual([['b']]);
  });
});

describe('BlockPool', () => {
  it('gives ranges that do not overlap, and gives back only the last', () => {
    const pool = new BlockPool();
    const first = pool.take(100);
    const block = pool.block;
    const second = pool.take(100);
    expect([pool.block === block, second - first]).toEqual([true, 100]);
    pool.giveBack(block, first + 100, first + 10);
    expect(pool.extend(block, first + 100, first + 150)).toBe(false);
    expect(pool.extend(block, second + 100, second + 150)).toBe(true);
    expect(pool.extend(block, second + 150, block.length + 1)).toBe(false);
    pool.giveBack(block, second + 150, second + 20);
    expect(pool.take(1)).toBe(second + 20);
  });

  it('makes blocks as large as is asked', () => {
    const pool = new BlockPool();
    pool.take(10);
    const block = pool.block;
    expect(pool.take(1_000_000)).toBe(0);
    expect(pool.block.length).toBe(1_000_000);
    pool.giveBack(block, 10, 0);
    pool.take(1);
    expect(pool.block).not.toBe(block);
  });
});
