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
   */
  use<T>(write: (os: TarsOutputStream) => void, take: (os: TarsOutputStream) => T): T {
    const os = this.#free ?? new TarsOutputStream(BLOCK_BYTES);
    this.#free = undefined;
    try {
      write(os);
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
export function writtenBytes(write: (os: TarsOutputStream) => void): Uint8Array<ArrayBuffer> {
  return bodies.use(write, takeBytes);
}

function takeBytes(os: TarsOutputStream): Uint8Array<ArrayBuffer> {
  return os.take();
}
