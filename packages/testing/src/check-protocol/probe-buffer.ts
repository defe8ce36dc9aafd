import { type ByteVector, NetWorkBuffer } from '@tarsier/protocol';

/**
 * A buffer that counts what a parser does with it.
 *
 * Counted are the bytes that are looked at or asked for, whether the parser copies them or not, and those that the buffer has
 * to copy together for it: whoever asks for everything each time costs n² in the end.
 */
export class ProbeBuffer extends NetWorkBuffer {
  /** Bytes looked at, asked for, searched and copied. */
  work = 0;
  /** The last length below zero that a function was called with, since this was set to 0. */
  negative = 0;
  #searched: Uint8Array | undefined;
  #searchedTo = 0;

  constructor() {
    super((size) => {
      this.work += size;
      return new Uint8Array(size);
    });
  }

  override getHeader(length: number, output: ByteVector): boolean;
  override getHeader(length: number): Uint8Array;
  override getHeader(length: number, output?: ByteVector): boolean | Uint8Array {
    this.#check(length);
    // A length that is not there yet costs nothing.
    if (length >= 0 && length <= this.getBufferLength()) this.work += length;
    else this.work++;
    return output === undefined ? super.getHeader(length) : super.getHeader(length, output);
  }

  override moveHeader(length: number): boolean {
    this.#check(length);
    this.work++;
    if (length !== 0) this.#searched = undefined;
    return super.moveHeader(length);
  }

  // The wider ones, and all others, are made of this or of `getHeader`.
  override peekUint8(offset: number): number {
    this.work++;
    return super.peekUint8(offset);
  }

  override peekUint32(offset: number, littleEndian?: boolean): number {
    this.work += 4;
    return super.peekUint32(offset, littleEndian);
  }

  override find(pattern: Uint8Array): number {
    const from = this.#searched === pattern ? this.#searchedTo : 0;
    const at = super.find(pattern);
    const to = at < 0 ? this.getBufferLength() : at + pattern.length;
    this.work += Math.max(1, to - from);
    this.#searched = pattern;
    this.#searchedTo = at < 0 ? Math.max(from, to - pattern.length + 1) : at;
    return at;
  }

  override getBufferPointer(): Uint8Array {
    this.work++;
    return super.getBufferPointer();
  }

  #check(length: number): void {
    if (length < 0) this.negative = length;
  }
}
