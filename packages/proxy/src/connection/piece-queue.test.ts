import { ByteVector } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import type { TransportConnection } from '../transport/transport.js';
import { PieceQueue } from './piece-queue.js';

describe('PieceQueue', () => {
  it('hands over together what came together, and nothing while it is blocked', () => {
    const writes: string[][] = [];
    let takes = true;
    const unused = (): never => {
      throw new Error('the queue writes nothing singly, and closes nothing');
    };
    const connection: TransportConnection = {
      write: unused,
      writeAll(parts) {
        writes.push(parts.map((part) => Buffer.from(part).toString()));
        return takes;
      },
      close: unused,
      destroy: unused,
    };
    const queue = new PieceQueue(connection);
    queue.flush();
    queue.push(Buffer.from('one'));
    queue.push(new ByteVector().assignRange(Buffer.from('-two-'), 1, 4));
    expect(writes).toEqual([]);
    takes = false;
    queue.flush();
    expect([writes, queue.isBlocked]).toEqual([[['one', 'two']], true]);
    queue.push(Buffer.from('three'));
    queue.flush();
    expect(writes).toHaveLength(1);
    takes = true;
    queue.drained();
    expect([writes.at(-1), queue.isBlocked]).toEqual([['three'], false]);
    queue.push(Buffer.from('four'));
    queue.clear();
    queue.flush();
    expect(writes).toHaveLength(2);
  });
});
