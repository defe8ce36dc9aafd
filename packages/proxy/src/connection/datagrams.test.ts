import { ByteVector } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { idProtocol } from '../call/id-protocol.testkit.js';
import { countsAtBegin } from '../observe/proxy-notifier.js';
import type { TransportConnection } from '../transport/transport.js';
import { Datagrams } from './datagrams.js';

describe('Datagrams', () => {
  it('writes each packet by itself, and none while it is blocked', () => {
    const writes: string[] = [];
    let takes = true;
    const unused = (): never => {
      throw new Error('datagrams are never joined, and the queue closes nothing');
    };
    const connection: TransportConnection = {
      write(bytes) {
        writes.push(Buffer.from(bytes).toString());
        return takes;
      },
      writeAll: unused,
      close: unused,
      destroy: unused,
    };
    const queue = new Datagrams({
      connection,
      taker: { endpoint: 'udp -h a -p 1', isConnected: true, accept: unused, end: unused },
      protocol: idProtocol,
      allocate: (size) => Buffer.alloc(size),
      notifier: { counts: countsAtBegin(), drop: unused },
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
