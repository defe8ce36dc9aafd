import type { ByteVector } from '../buffer/byte-vector.js';
import { TarsOutputStream } from './output-stream.js';

/** One block holds what is written in many calls; it is collected when the last of that is. */
const BLOCK_BYTES = 16_384;

/** A stream that is used again and again, whose blocks the results share: memory of its own for each costs more than all the rest. */
export class Scratch {
  #free: TarsOutputStream | undefined;

  /**
   * Writes, and takes the bytes from the stream. May be called within itself.
   *
   * @param take what becomes of the bytes written.
   * @param a given to `write`, as `b` is: so it needs no closure.
   */
  use<T, A, B>(write: (os: TarsOutputStream, a: A, b: B) => void, take: (os: TarsOutputStream) => T, a: A, b: B): T {
    const os = this.#free ?? new TarsOutputStream(BLOCK_BYTES);
    this.#free = undefined;
    try {
      write(os, a, b);
      return take(os);
    } finally {
      os.reset();
      // What had to grow for something large is let go, and what a value of a wrong type has left without an end.
      if (os.length === 0 && os.capacity <= BLOCK_BYTES) this.#free = os;
    }
  }
}

const bodies = new Scratch();

/** The bytes written, as {@link TarsOutputStream.take} gives them. */
export function writtenBytes<A, B>(
  write: (os: TarsOutputStream, a: A, b: B) => void,
  a: A,
  b: B,
): Uint8Array<ArrayBuffer> {
  return bodies.use(write, takeBytes, a, b);
}

function takeBytes(os: TarsOutputStream): Uint8Array<ArrayBuffer> {
  return os.take();
}

/** The same without a view. */
export function writtenVector<A, B>(write: (os: TarsOutputStream, a: A, b: B) => void, a: A, b: B): ByteVector {
  return bodies.use(write, takeVector, a, b);
}

/** For {@link Scratch.use}. */
export function takeVector(os: TarsOutputStream): ByteVector {
  return os.takeVector();
}
