import { NetWorkBufferException } from '../errors/exceptions.js';
import { type PacketType, PacketType as Type } from '../framing/packet-type.js';
import type { ByteVector } from './byte-vector.js';
import { plainBytes } from './plain-bytes.js';

/** Makes a block of `size` bytes; their content need not be zero. */
export type Allocate = (size: number) => Uint8Array;

/** Bytes of one received chunk, or of a block that this buffer made. */
interface Block {
  bytes: Uint8Array;
  start: number;
  end: number;
  /** This buffer made the block, so it may be filled beyond `end`. */
  own: boolean;
}

const EMPTY = new Uint8Array(0);
const allocateZeroed: Allocate = (size) => new Uint8Array(size);

/** Chunks shorter than this are gathered into blocks, so that a peer sending crumbs cannot pile up objects. */
const CRUMB_BYTES = 256;
const MIN_GATHER_BYTES = 1024;
const MAX_GATHER_BYTES = 65_536;

/**
 * The bytes received on one connection and not yet taken by the parser.
 *
 * A list of chunks. Appending is O(1); looking at bytes that lie in one chunk copies nothing; a packet that crosses
 * chunks is copied once, when it is asked for. What a parser sees does not depend on how the network cut the stream.
 * Bytes handed out stay valid for as long as they are kept: no block is written twice.
 *
 * Multi-byte integers are unsigned and big-endian.
 *
 * Source: TC_NetWorkBuffer (util/include/util/tc_network_buffer.h).
 */
export class NetWorkBuffer {
  // The first block lies in fields of its own: nearly every packet is read from it.
  #bytes: Uint8Array = EMPTY;
  #start = 0;
  #end = 0;
  #own = false;
  /** The blocks behind the first, from `#next` on. */
  #rest: Block[] | undefined;
  #next = 0;
  #length = 0;
  /** So many bytes at the start are known not to hold `#scanFor`. */
  #scanned = 0;
  #scanFor: Uint8Array | undefined;
  #allocate: Allocate;
  #context: unknown;
  #destroyContext: ((context: unknown) => void) | undefined;
  #connection: unknown;

  constructor(allocate: Allocate = allocateZeroed) {
    this.#allocate = allocate;
  }

  /** Number of bytes not yet taken. */
  getBufferLength(): number {
    return this.#length;
  }

  empty(): boolean {
    return this.#length === 0;
  }

  /**
   * Appends a chunk. It is not copied, unless it is a crumb: it must not be written afterwards.
   *
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is no bytes.
   */
  addBuffer(bytes: Uint8Array): void {
    const chunk = plainBytes(bytes, 'NetWorkBuffer.addBuffer');
    const size = chunk.length;
    if (size === 0) return;
    if (this.#length === 0) {
      this.#bytes = chunk;
      this.#start = 0;
      this.#end = size;
      this.#own = false;
    } else {
      this.#addBehind(chunk, size);
    }
    this.#length += size;
  }

  #addBehind(chunk: Uint8Array, size: number): void {
    const rest = this.#rest;
    const last = rest === undefined ? undefined : rest[rest.length - 1];
    if (last === undefined) {
      if (this.#own && this.#end + size <= this.#bytes.length) {
        this.#bytes.set(chunk, this.#end);
        this.#end += size;
        return;
      }
      if (size < CRUMB_BYTES && this.#end - this.#start < CRUMB_BYTES) {
        this.#gatherFirst(chunk);
        return;
      }
    } else if (last.own && last.end + size <= last.bytes.length) {
      last.bytes.set(chunk, last.end);
      last.end += size;
      return;
    }
    let block: Block;
    if (size < CRUMB_BYTES) {
      const bytes = this.#allocate(Math.min(MAX_GATHER_BYTES, Math.max(MIN_GATHER_BYTES, this.#length)));
      bytes.set(chunk);
      block = { bytes, start: 0, end: size, own: true };
    } else {
      block = { bytes: chunk, start: 0, end: size, own: false };
    }
    if (rest === undefined) this.#rest = [block];
    else rest.push(block);
  }

  /** Two crumbs: the first block is begun anew with room for more, so that headers, which parsers peek at, lie in it. */
  #gatherFirst(chunk: Uint8Array): void {
    const bytes = this.#allocate(MIN_GATHER_BYTES);
    bytes.set(this.#bytes.subarray(this.#start, this.#end));
    this.#end -= this.#start;
    this.#start = 0;
    bytes.set(chunk, this.#end);
    this.#end += chunk.length;
    this.#bytes = bytes;
    this.#own = true;
  }

  /**
   * Looks at the first `length` bytes without taking them.
   *
   * With `output`: false, and `output` untouched, when there are fewer. Without: the bytes themselves.
   *
   * @throws NetWorkBufferException without `output`, when there are fewer bytes.
   */
  getHeader(length: number, output: ByteVector): boolean;
  getHeader(length: number): Uint8Array;
  getHeader(length: number, output?: ByteVector): boolean | Uint8Array {
    const enough = length >= 0 && length <= this.#length;
    if (output === undefined) {
      if (!enough) throw new NetWorkBufferException(`${length} bytes asked of a buffer that has ${this.#length}`);
      if (length > this.#end - this.#start) this.#merge(length);
      return this.#bytes.subarray(this.#start, this.#start + length);
    }
    if (!enough) return false;
    if (length > this.#end - this.#start) this.#merge(length);
    output.buffer = this.#bytes;
    output.start = this.#start;
    output.end = this.#start + length;
    return true;
  }

  /** Takes the first `length` bytes away; false, and nothing taken, when there are fewer. */
  moveHeader(length: number): boolean {
    if (!(length >= 0 && length <= this.#length)) return false;
    this.#length -= length;
    this.#scanned = 0;
    const start = this.#start + length;
    if (start < this.#end) {
      this.#start = start;
      return true;
    }
    this.#moveBlocks(start - this.#end);
    return true;
  }

  /** Drops the first block and `length` bytes more. */
  #moveBlocks(length: number): void {
    let left = length;
    const rest = this.#rest;
    while (rest !== undefined && this.#next < rest.length) {
      const block = rest[this.#next++] as Block;
      const size = block.end - block.start;
      if (left < size) {
        this.#bytes = block.bytes;
        this.#start = block.start + left;
        this.#end = block.end;
        this.#own = block.own;
        if (this.#next === rest.length) {
          this.#rest = undefined;
          this.#next = 0;
        } else if (this.#next >= 64 && this.#next * 2 >= rest.length) {
          rest.splice(0, this.#next);
          this.#next = 0;
        }
        return;
      }
      left -= size;
    }
    this.#rest = undefined;
    this.#next = 0;
    // The block is let go: an idle connection must not hold the last chunk it got.
    this.#bytes = EMPTY;
    this.#start = 0;
    this.#end = 0;
    this.#own = false;
  }

  /** Makes at least the first `length` bytes lie in one block. The only place where received bytes are copied together. */
  #merge(length: number): void {
    // A parser that asks for more and more gets twice as much, or room for what comes, or it would cost O(n²).
    const fill = this.#own ? Math.min(this.#length, 2 * length) : length;
    const room = this.#own && fill === this.#length ? Math.max(MIN_GATHER_BYTES, 2 * length) : fill;
    const merged = this.#allocate(room);
    merged.set(this.#bytes.subarray(this.#start, this.#end));
    let filled = this.#end - this.#start;
    const rest = this.#rest as Block[];
    while (filled < fill) {
      const block = rest[this.#next] as Block;
      const size = Math.min(block.end - block.start, fill - filled);
      merged.set(block.bytes.subarray(block.start, block.start + size), filled);
      filled += size;
      block.start += size;
      if (block.start === block.end) this.#next++;
    }
    if (this.#next === rest.length) {
      this.#rest = undefined;
      this.#next = 0;
    }
    this.#bytes = merged;
    this.#start = 0;
    this.#end = fill;
    this.#own = true;
  }

  /** The first byte as an integer; 0 when there is none. */
  getValueOf1(): number {
    return this.#length < 1 ? 0 : this.peekUint8(0);
  }

  /** The first 2 bytes as an integer; 0 when there are fewer. */
  getValueOf2(): number {
    return this.#length < 2 ? 0 : this.peekUint16(0);
  }

  /** The first 4 bytes as an integer; 0 when there are fewer. */
  getValueOf4(): number {
    return this.#length < 4 ? 0 : this.peekUint32(0);
  }

  /**
   * The byte at an offset, not taken.
   *
   * @throws NetWorkBufferException past the end; so do the other `peek` functions.
   */
  peekUint8(offset: number): number {
    const index = this.#start + offset;
    if (offset >= 0 && index < this.#end) return this.#bytes[index] as number;
    return this.#peekFar(offset);
  }

  /** The 2 bytes at an offset as an integer, not taken. */
  peekUint16(offset: number, littleEndian = false): number {
    const a = this.peekUint8(offset);
    const b = this.peekUint8(offset + 1);
    return littleEndian ? (b << 8) | a : (a << 8) | b;
  }

  /** The 4 bytes at an offset as an integer, not taken. */
  peekUint32(offset: number, littleEndian = false): number {
    const index = this.#start + offset;
    if (offset >= 0 && index + 4 <= this.#end) {
      const bytes = this.#bytes;
      const a = bytes[index] as number;
      const b = bytes[index + 1] as number;
      const c = bytes[index + 2] as number;
      const d = bytes[index + 3] as number;
      return (littleEndian ? (d << 24) | (c << 16) | (b << 8) | a : (a << 24) | (b << 16) | (c << 8) | d) >>> 0;
    }
    const high = this.peekUint16(offset, littleEndian);
    const low = this.peekUint16(offset + 2, littleEndian);
    return littleEndian ? low * 0x1_0000 + high : high * 0x1_0000 + low;
  }

  #peekFar(offset: number): number {
    if (!(offset >= 0 && offset < this.#length)) {
      throw new NetWorkBufferException(`byte ${offset} asked of a buffer that has ${this.#length} bytes`);
    }
    const [index, base] = this.#locate(offset);
    const { bytes, start } = (this.#rest as Block[])[index] as Block;
    return bytes[start + offset - base] as number;
  }

  /** Index of the block in `#rest` that holds the byte at an offset, and the offset of its first byte. */
  #locate(offset: number): [index: number, base: number] {
    const rest = this.#rest as Block[];
    const sizeOf = (index: number): number => (rest[index] as Block).end - (rest[index] as Block).start;
    // From the nearer end: parsers look at a header that crosses blocks, or at what came last.
    if (offset < this.#length / 2) {
      let index = this.#next;
      let base = this.#end - this.#start;
      while (offset >= base + sizeOf(index)) base += sizeOf(index++);
      return [index, base];
    }
    let index = rest.length;
    let base = this.#length;
    while (base > offset) base -= sizeOf(--index);
    return [index, base];
  }

  /**
   * Where a pattern begins for the first time, or -1. Asked again for the same pattern object after more bytes came,
   * it goes on where it stopped, so that waiting for a delimiter costs O(bytes).
   */
  find(pattern: Uint8Array): number {
    if (pattern.length === 0) return 0;
    const from = this.#scanFor === pattern ? this.#scanned : 0;
    const at = this.#search(pattern, from);
    this.#scanFor = pattern;
    this.#scanned = at >= 0 ? at : Math.max(from, this.#length - pattern.length + 1);
    return at;
  }

  #search(pattern: Uint8Array, from: number): number {
    const rest = this.#rest;
    const firstSize = this.#end - this.#start;
    let base = 0;
    let i = this.#next;
    if (rest === undefined || from < firstSize) {
      const at = this.#searchBlock(this.#bytes, this.#start, this.#end, 0, pattern, from);
      if (at >= 0 || rest === undefined) return at;
      base = firstSize;
    } else {
      [i, base] = this.#locate(from);
    }
    for (; i < rest.length; i++) {
      const block = rest[i] as Block;
      const at = this.#searchBlock(block.bytes, block.start, block.end, base, pattern, from);
      if (at >= 0) return at;
      base += block.end - block.start;
    }
    return -1;
  }

  /** Looks for a pattern that begins in one block, whose first byte lies at the offset `base`; not before `from`. */
  #searchBlock(bytes: Uint8Array, start: number, end: number, base: number, pattern: Uint8Array, from: number): number {
    const first = pattern[0] as number;
    const last = this.#length - pattern.length;
    let at = start + Math.max(0, from - base);
    for (;;) {
      at = indexOf(bytes, first, at, end);
      if (at < 0) return -1;
      const offset = base + at - start;
      if (offset > last) return -1;
      if (at + pattern.length <= end ? matches(bytes, at, pattern) : this.#matchesFar(pattern, offset)) return offset;
      at++;
    }
  }

  #matchesFar(pattern: Uint8Array, offset: number): boolean {
    for (let i = 1; i < pattern.length; i++) {
      if (this.peekUint8(offset + i) !== pattern[i]) return false;
    }
    return true;
  }

  /** Everything up to the first separator, not taken; false when there is no separator. */
  getPrefixBuffer(separator: Uint8Array, output: ByteVector): boolean {
    const at = this.find(separator);
    return at >= 0 && this.getHeader(at, output);
  }

  /** Everything in one piece, not taken. */
  getBuffers(output: ByteVector): boolean {
    return this.getHeader(this.#length, output);
  }

  /** Makes everything lie in one block and returns it. */
  mergeBuffers(): Uint8Array {
    return this.getHeader(this.#length);
  }

  /** The first block only: as much as can be seen without a copy. Empty when the buffer is. */
  getBufferPointer(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Drops all bytes. */
  clearBuffers(): void {
    this.moveHeader(this.#length);
  }

  /** One packet whose first byte is its length, the byte itself included; `output` gets the body. */
  parseBufferOf1(output: ByteVector, min: number, max: number): PacketType {
    return this.#parseBufferOf(1, this.getValueOf1(), output, min, max);
  }

  /** One packet that begins with its length in 2 bytes, these included; `output` gets the body. */
  parseBufferOf2(output: ByteVector, min: number, max: number): PacketType {
    return this.#parseBufferOf(2, this.getValueOf2(), output, min, max);
  }

  /** One packet that begins with its length in 4 bytes, these included; `output` gets the body. */
  parseBufferOf4(output: ByteVector, min: number, max: number): PacketType {
    return this.#parseBufferOf(4, this.getValueOf4(), output, min, max);
  }

  #parseBufferOf(prefix: number, length: number, output: ByteVector, min: number, max: number): PacketType {
    if (this.#length < prefix) return Type.PACKET_LESS;
    if (length < Math.max(min, prefix) || length > max) return Type.PACKET_ERR;
    if (!this.getHeader(length, output)) return Type.PACKET_LESS;
    output.start += prefix;
    this.moveHeader(length);
    return Type.PACKET_FULL;
  }

  /** The owner: the server's connection or the client's transceiver. */
  getConnection(): unknown {
    return this.#connection;
  }

  setConnection(connection: unknown): void {
    this.#connection = connection;
  }

  /** State that a parser keeps for this connection. `destroy` runs when it is replaced or the connection ends. */
  setContextData<T>(context: T, destroy?: (context: T) => void): void {
    this.#destroyContext?.(this.#context);
    this.#context = context;
    this.#destroyContext = destroy as ((context: unknown) => void) | undefined;
  }

  getContextData(): unknown {
    return this.#context;
  }

  /** Lets go of all bytes and of the parser's state; called once when the connection ends. */
  destroy(): void {
    this.clearBuffers();
    this.setContextData(undefined);
  }
}

/** Whether a pattern whose first byte is known to match stands at an index of a block. */
function matches(bytes: Uint8Array, at: number, pattern: Uint8Array): boolean {
  for (let i = 1; i < pattern.length; i++) {
    if (bytes[at + i] !== pattern[i]) return false;
  }
  return true;
}

/** Index of a byte, from `at` up to, not including, `end`; -1 when it is not there. */
function indexOf(bytes: Uint8Array, byte: number, at: number, end: number): number {
  // `indexOf` of the array looks beyond `end`: in a block with much room that would cost more than what came.
  if (end - at > 64) {
    const found = end === bytes.length ? bytes.indexOf(byte, at) : bytes.subarray(at, end).indexOf(byte);
    return found < 0 || end === bytes.length ? found : found + at;
  }
  for (let i = at; i < end; i++) {
    if (bytes[i] === byte) return i;
  }
  return -1;
}
