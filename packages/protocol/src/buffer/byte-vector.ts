import { isPlainBytes, notBytes, plainBytes } from './plain-bytes.js';
import { decodeUtf8, encodeUtf8 } from './utf8.js';

/**
 * Bytes as every function of the framework takes them. They are not copied, so they must not change afterwards. From JavaScript an
 * `ArrayBuffer` is taken too; all else is refused at the call that was given it, with `TARSIER_INVALID_ARGUMENT`.
 */
export type Bytes = Uint8Array | ByteVector;

const EMPTY = new Uint8Array(0);

/** A block of `append`, made by one vector: it may be written beyond what is filled; others may hold what lies before. */
interface OwnBlock {
  readonly bytes: Uint8Array;
  filled: number;
}

/**
 * A range of bytes: `buffer` from `start` up to, not including, `end`.
 *
 * The out-parameter of parsers and of `doRequest`. Assigning one vector to another copies three fields, so bytes pass
 * from the network buffer through a servant to the send queue without a copy and without a `Buffer` view, which
 * would cost more than all the rest of the way.
 *
 * Source: `vector<char>` in the signatures of TarsCpp.
 */
export class ByteVector {
  /** The block that the bytes lie in; do not write to it. */
  buffer: Uint8Array;
  /** First byte of the range. */
  start: number;
  /** One past the last byte of the range. */
  end: number;
  /** Of a vector that was appended to. One field, because most vectors are made per packet and never are. */
  #own: OwnBlock | undefined = undefined;

  constructor(bytes?: Bytes | string) {
    this.buffer = EMPTY;
    this.start = 0;
    this.end = 0;
    if (bytes !== undefined) this.assign(bytes);
  }

  /** Number of bytes. */
  get length(): number {
    return this.end - this.start;
  }

  /** Number of bytes, under its C++ name. */
  size(): number {
    return this.end - this.start;
  }

  empty(): boolean {
    return this.end === this.start;
  }

  /**
   * Makes this vector the given bytes (a string: its UTF-8 bytes), without copying them.
   *
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is no bytes, as a promise.
   */
  assign(bytes: Bytes | string): this {
    if (bytes instanceof ByteVector) {
      this.buffer = bytes.buffer;
      this.start = bytes.start;
      this.end = bytes.end;
    } else {
      const block = typeof bytes === 'string' ? encodeUtf8(bytes) : plainBytes(bytes, 'ByteVector.assign');
      this.buffer = block;
      this.start = 0;
      this.end = block.length;
    }
    return this;
  }

  /**
   * Makes this vector a part of a block, without a view.
   *
   * @throws RangeError when the range does not lie in the block.
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for a block that is no `Uint8Array`.
   */
  assignRange(buffer: Uint8Array, start: number, end: number): this {
    if (!isPlainBytes(buffer)) throw notBytes(buffer, 'ByteVector.assignRange');
    if (!(start >= 0 && start <= end && end <= buffer.length)) {
      throw new RangeError(`range ${start}..${end} is not inside a block of ${buffer.length} bytes`);
    }
    this.buffer = buffer;
    this.start = start;
    this.end = end;
    return this;
  }

  /**
   * Adds bytes at the end. Copies; growing one vector step by step costs time linear in its bytes.
   *
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is no bytes.
   */
  append(bytes: Bytes | string): this {
    const source =
      typeof bytes === 'string'
        ? encodeUtf8(bytes)
        : bytes instanceof ByteVector
          ? bytes.data()
          : plainBytes(bytes, 'ByteVector.append');
    const size = this.length;
    let own = this.#own;
    if (
      own === undefined ||
      own.bytes !== this.buffer ||
      own.filled !== this.end ||
      this.end + source.length > own.bytes.length
    ) {
      own = { bytes: new Uint8Array(Math.max(64, 2 * (size + source.length))), filled: size };
      own.bytes.set(this.data());
      this.#own = own;
      this.buffer = own.bytes;
      this.start = 0;
      this.end = size;
    }
    own.bytes.set(source, this.end);
    this.end += source.length;
    own.filled = this.end;
    return this;
  }

  clear(): void {
    this.buffer = EMPTY;
    this.start = 0;
    this.end = 0;
    this.#own = undefined;
  }

  /**
   * The byte at an index.
   *
   * @throws RangeError past the end.
   */
  at(index: number): number {
    const byte = index >= 0 && index < this.length ? this.buffer[this.start + index] : undefined;
    if (byte === undefined) throw new RangeError(`byte ${index} of a vector of ${this.length} bytes`);
    return byte;
  }

  /** The bytes as one `Uint8Array`, not copied; in Node a `Buffer` if they came from the network. Do not write to it. */
  data(): Uint8Array {
    const buffer = this.buffer;
    if (this.start === 0 && this.end === buffer.length) return buffer;
    return buffer.subarray(this.start, this.end);
  }

  /** The bytes as text in UTF-8. */
  toString(): string {
    return decodeUtf8(this.data());
  }
}
