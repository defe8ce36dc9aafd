import { ByteVector } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { DatagramQueue } from './datagram-queue.js';

describe('DatagramQueue', () => {
  it('writes each packet by itself, and none while it is blocked', () => {
    const writes: string[] = [];
    let takes = true;
    const queue = new DatagramQueue({
      write(bytes) {
        writes.push(Buffer.from(bytes).toString());
        return takes;
      },
      writeAll() {
        throw new Error('datagrams are never joined');
      },
    });
    queue.push(Buffer.from('one'));
    queue.push(new ByteVector(Buffer.from('two')));
    queue.push(Buffer.alloc(0));
    expect(writes).toEqual([]);
    takes = false;
    queue.flush();
    expect([writes, queue.isBlocked]).toEqual([['one', 'two', ''], true]);
    queue.push(Buffer.from('three'));
    queue.flush();
    expect(writes).toHaveLength(3);
    takes = true;
    queue.drained();
    expect([writes.at(-1), queue.isBlocked]).toEqual(['three', false]);
    queue.push(Buffer.from('four'));
    queue.clear();
    queue.flush();
    expect(writes).toHaveLength(4);
  });
});
