import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteVector } from '../buffer/byte-vector.js';
import { BlockPool } from './block-pool.js';
import { type ByteSink, SendQueue } from './send-queue.js';

/** Keeps the pieces, not copies: a block that is written twice would show in them. */
class KeepingSink implements ByteSink {
  readonly pieces: Uint8Array[] = [];
  takesMore = true;

  write(bytes: Uint8Array): boolean {
    this.pieces.push(bytes);
    return this.takesMore;
  }

  writeAll(parts: readonly Uint8Array[]): boolean {
    this.pieces.push(...parts);
    return this.takesMore;
  }
}

const size = fc.oneof(
  { weight: 5, arbitrary: fc.nat(120) },
  { weight: 2, arbitrary: fc.integer({ min: 900, max: 1100 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1100, max: 40_000 }) },
);
const step = fc.record({
  queue: fc.nat(2),
  kind: fc.oneof(
    { weight: 8, arbitrary: fc.constant('push' as const) },
    { weight: 4, arbitrary: fc.constant('adjoin' as const) },
    { weight: 2, arbitrary: fc.constantFrom('flush' as const, 'block' as const, 'drain' as const) },
  ),
  size,
});

it('delivers what was pushed, in order, whatever several queues with one pool do', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150, size: 'max' }), (steps) => {
      const pool = new BlockPool((size) => new Uint8Array(size).fill(0xee));
      const lanes = [0, 1, 2].map(() => {
        const sink = new KeepingSink();
        return { sink, queue: new SendQueue(sink, pool), pushed: [] as Uint8Array[], last: new ByteVector() };
      });
      const sources: [Uint8Array, Uint8Array][] = [];
      let next = 0;
      for (const { queue: index, kind, size } of steps) {
        const lane = lanes[index] as (typeof lanes)[number];
        if (kind === 'push' || (kind === 'adjoin' && lane.last.end + size > lane.last.buffer.length)) {
          // Each range lies in a larger block, as packets do.
          const block = Uint8Array.from({ length: size + 300 }, () => next++);
          sources.push([block, block.slice()]);
          lane.last = new ByteVector().assignRange(block, 100, 100 + size);
          lane.pushed.push(lane.last.data().slice());
          lane.queue.push(lane.last);
        } else if (kind === 'adjoin') {
          const { buffer, end } = lane.last;
          lane.last = new ByteVector().assignRange(buffer, end, end + size);
          lane.pushed.push(lane.last.data().slice());
          lane.queue.push(lane.last);
        } else if (kind === 'flush') {
          lane.queue.flush();
        } else if (kind === 'block') {
          lane.sink.takesMore = false;
          lane.queue.flush();
        } else {
          lane.sink.takesMore = true;
          lane.queue.drained();
        }
        const pushedBytes = lane.pushed.reduce((sum, part) => sum + part.length, 0);
        const sentBytes = lane.sink.pieces.reduce((sum, part) => sum + part.length, 0);
        expect(lane.queue.length).toBe(pushedBytes - sentBytes);
      }
      for (const { sink, queue, pushed } of lanes) {
        sink.takesMore = true;
        queue.drained();
        expect(Buffer.concat(sink.pieces).equals(Buffer.concat(pushed))).toBe(true);
        expect(sink.pieces.every((piece) => piece.length > 0)).toBe(true);
      }
      for (const [block, before] of sources) expect(Buffer.compare(block, before)).toBe(0);
    }),
    { numRuns: 300 },
  );
});
