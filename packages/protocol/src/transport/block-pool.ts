import type { Allocate } from '../buffer/network-buffer.js';

const BLOCK_BYTES = 65_536;

/**
 * Cuts short ranges from large blocks, one after the other. A block is never used twice: it is collected when the last
 * range of it is, so nobody has to give ranges back. One pool serves all connections of a process.
 */
export class BlockPool {
  /** The block that the last {@link BlockPool.take} came from. */
  block: Uint8Array;
  #position = 0;
  readonly #allocate: Allocate;

  constructor(allocate: Allocate = (size) => new Uint8Array(size)) {
    this.#allocate = allocate;
    this.block = new Uint8Array(0);
  }

  /** Where a range of `size` bytes begins in `block`. Sizes of 64 KiB and more get a block of their own. */
  take(size: number): number {
    if (this.#position + size > this.block.length) {
      this.block = this.#allocate(Math.max(BLOCK_BYTES, size));
      this.#position = 0;
    }
    const at = this.#position;
    this.#position = at + size;
    return at;
  }

  /** Makes the range that ends at `end` reach to `newEnd`, if nothing lies behind it. */
  extend(block: Uint8Array, end: number, newEnd: number): boolean {
    if (block !== this.block || end !== this.#position || newEnd > block.length) return false;
    this.#position = newEnd;
    return true;
  }

  /** Returns the unused end of the range that was taken last. */
  giveBack(block: Uint8Array, end: number, usedEnd: number): void {
    if (block === this.block && end === this.#position) this.#position = usedEnd;
  }
}
