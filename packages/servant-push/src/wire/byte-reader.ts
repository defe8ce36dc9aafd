import { ByteVector, decodeUtf8, TarsDecodeException } from '@tarsier/protocol';

const HIGH = 0x1_0000_0000;

/** Reads the fields that `ByteWriter` writes. Every method throws a TarsDecodeException when the packet is too short for it. */
export class ByteReader {
  readonly #vector: ByteVector;
  #at: number;

  constructor(vector: ByteVector, offset = 0) {
    this.#vector = vector;
    this.#at = vector.start + offset;
  }

  #take(bytes: number): number {
    const at = this.#at;
    if (at + bytes > this.#vector.end) {
      const offset = at - this.#vector.start;
      throw new TarsDecodeException(
        `a field of ${bytes} bytes at offset ${offset} reaches beyond its packet of ${this.#vector.length}`,
        { where: { offset } },
      );
    }
    this.#at = at + bytes;
    return at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#vector.end;
  }

  uint8(): number {
    return this.#vector.buffer[this.#take(1)] as number;
  }

  uint16(): number {
    return this.uint8() * 256 + this.uint8();
  }

  uint32(): number {
    return this.uint16() * 65_536 + this.uint16();
  }

  uint48(): number {
    return this.uint16() * HIGH + this.uint32();
  }

  text(): string {
    const size = this.uint16();
    const at = this.#take(size);
    return decodeUtf8(this.#vector.buffer.subarray(at, at + size));
  }

  /** Bytes behind their length in 2 bytes, not copied; undefined where the packet ends before. */
  optionalBytes(): ByteVector | undefined {
    if (this.isAtEnd) return undefined;
    const size = this.uint16();
    const at = this.#take(size);
    return new ByteVector().assignRange(this.#vector.buffer, at, at + size);
  }

  /** A text; '' where the packet ends before. */
  optionalText(): string {
    return this.isAtEnd ? '' : this.text();
  }

  /** 0 where the packet ends before. */
  optionalUint8(): number {
    return this.isAtEnd ? 0 : this.uint8();
  }

  /** All that is left, not copied. */
  rest(): ByteVector {
    const { buffer, end } = this.#vector;
    return new ByteVector().assignRange(buffer, this.#at, end);
  }
}
