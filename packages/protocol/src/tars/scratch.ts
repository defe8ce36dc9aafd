import type { ByteVector } from '../buffer/byte-vector.js';
import { TarsOutputStream } from './output-stream.js';

/** One block holds what is written in many calls; it is collected when the last of that is. */
const BLOCK_BYTES = 16_384;

/** A stream that is used again and again, whose blocks the results share: memory of its own for each costs more than all the rest. */
export class Scratch {
  #free: TarsOutputStream | undefined;

  /** An empty stream. Another one may begin before this one has ended. */
  begin(): TarsOutputStream {
    const os = this.#free ?? new TarsOutputStream(BLOCK_BYTES);
    this.#free = undefined;
    return os;
  }

  /** What was written was taken, or is dropped now. */
  end(os: TarsOutputStream): void {
    os.reset();
    // What had to grow for something large is let go, and what a value of a wrong type has left without an end.
    if (os.length === 0 && os.capacity <= BLOCK_BYTES) this.#free = os;
  }
}

const bodies = new Scratch();

/** The bytes written, as {@link TarsOutputStream.take} gives them. `write` gets `a` and `b`, so that it needs no closure. */
export function writtenBytes<A, B>(
  write: (os: TarsOutputStream, a: A, b: B) => void,
  a: A,
  b: B,
): Uint8Array<ArrayBuffer> {
  const os = bodies.begin();
  try {
    write(os, a, b);
    return os.take();
  } finally {
    bodies.end(os);
  }
}

/** The same without a view. */
export function writtenVector<A, B>(write: (os: TarsOutputStream, a: A, b: B) => void, a: A, b: B): ByteVector {
  const os = bodies.begin();
  try {
    write(os, a, b);
    return os.takeVector();
  } finally {
    bodies.end(os);
  }
}
