import { type Bytes, ByteVector } from '../buffer/byte-vector.js';
import { copyBytes } from '../buffer/copy-bytes.js';
import type { BlockPool } from './block-pool.js';

/** Where a queue writes to: a socket, or what stands for one in a test. */
export interface ByteSink {
  /** Takes the bytes; false when it has enough and the queue shall wait for `SendQueue.drained`. */
  write(bytes: Uint8Array): boolean;
  /** Takes several at once, in order. */
  writeAll(parts: readonly Uint8Array[]): boolean;
}

/** Bytes longer than this are sent as they are; shorter ones are copied together when they do not adjoin. */
const COPY_BYTES = 1024;
/** A region of gathered bytes is closed at this size and a new one begun. */
const REGION_BYTES = 32_768;

/**
 * The bytes that wait to be written to one connection, as few pieces as can be.
 *
 * What is pushed within a tick leaves in one write. Bytes that adjoin in memory (the packets of one received chunk,
 * echoed) become one piece without a copy; short ones that do not are copied together; long ones are pieces of their own.
 * Order is kept. The queue has no clock and no socket: its owner calls {@link SendQueue.flush} at the end of the tick and
 * {@link SendQueue.drained} when the sink takes bytes again.
 */
export class SendQueue {
  /** Sealed pieces, oldest first. */
  #parts: Uint8Array[] | undefined;
  // The piece that still grows: bytes[start..end). `limit` is how far it may be written; 0 when it is not ours.
  #bytes: Uint8Array | undefined;
  #start = 0;
  #end = 0;
  #limit = 0;
  #length = 0;
  #isBlocked = false;
  readonly #sink: ByteSink;
  readonly #pool: BlockPool;

  constructor(sink: ByteSink, pool: BlockPool) {
    this.#sink = sink;
    this.#pool = pool;
  }

  /** Bytes waiting here; what the sink has taken is not counted. */
  get length(): number {
    return this.#length;
  }

  /** Whether the sink has said that it has enough. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** Adds bytes behind all others. They are not copied unless short, and must not be changed afterwards. */
  push(bytes: Bytes): void {
    if (bytes instanceof ByteVector) this.pushRange(bytes.buffer, bytes.start, bytes.end);
    else this.pushRange(bytes, 0, bytes.length);
  }

  /** As {@link SendQueue.push}, for a part of a block. */
  pushRange(buffer: Uint8Array, start: number, end: number): void {
    const size = end - start;
    if (size <= 0) return;
    this.#length += size;
    const bytes = this.#bytes;
    if (bytes === undefined) {
      this.#bytes = buffer;
      this.#start = start;
      this.#end = end;
      this.#limit = 0;
    } else if (bytes === buffer && this.#end === start) {
      this.#end = end;
    } else {
      this.#gather(buffer, start, end, size);
    }
  }

  #gather(buffer: Uint8Array, start: number, end: number, size: number): void {
    let used = this.#end - this.#start;
    if (size > COPY_BYTES || used + size > REGION_BYTES || (this.#limit === 0 && used > COPY_BYTES)) {
      this.#seal();
      this.#bytes = buffer;
      this.#start = start;
      this.#end = end;
      this.#limit = 0;
      return;
    }
    if (this.#end + size > this.#limit) {
      // Room for as much again, so that growing step by step costs O(bytes).
      const wanted = Math.max(128, 2 * (used + size));
      if (this.#limit === 0 || !this.#pool.extend(this.#bytes as Uint8Array, this.#limit, this.#end + wanted - used)) {
        const from = this.#bytes as Uint8Array;
        const at = this.#pool.take(wanted);
        const block = this.#pool.block;
        copyBytes(from, this.#start, this.#end, block, at);
        this.#bytes = block;
        this.#start = at;
        this.#end = at + used;
        used = 0;
        this.#limit = at + wanted;
      } else {
        this.#limit = this.#end + wanted - used;
      }
    }
    copyBytes(buffer, start, end, this.#bytes as Uint8Array, this.#end);
    this.#end += size;
  }

  /** Ends the growing piece. */
  #seal(): void {
    const bytes = this.#bytes;
    if (bytes === undefined) return;
    this.#parts ??= [];
    this.#parts.push(this.#takePiece(bytes));
  }

  #takePiece(bytes: Uint8Array): Uint8Array {
    if (this.#limit > 0) this.#pool.giveBack(bytes, this.#limit, this.#end);
    this.#bytes = undefined;
    this.#limit = 0;
    const whole = this.#start === 0 && this.#end === bytes.length;
    return whole ? bytes : bytes.subarray(this.#start, this.#end);
  }

  /** Hands everything to the sink in one go, unless it is blocked. */
  flush(): void {
    if (this.#isBlocked || this.#length === 0) return;
    const parts = this.#parts;
    this.#length = 0;
    if (parts === undefined) {
      this.#isBlocked = !this.#sink.write(this.#takePiece(this.#bytes as Uint8Array));
      return;
    }
    this.#seal();
    this.#parts = undefined;
    this.#isBlocked = !this.#sink.writeAll(parts);
  }

  /** The sink was written to past the queue, which was empty, and has enough now. */
  block(): void {
    this.#isBlocked = true;
  }

  /** The sink takes bytes again: hands it what has come meanwhile. */
  drained(): void {
    this.#isBlocked = false;
    this.flush();
  }

  /** Drops everything. */
  clear(): void {
    this.#parts = undefined;
    this.#bytes = undefined;
    this.#limit = 0;
    this.#length = 0;
  }
}
