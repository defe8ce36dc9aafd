import { TarsOutputStream } from './output-stream.js';

/** One block holds what is written in many calls; it is collected when the last of that is. */
const BLOCK_BYTES = 16_384;
let free: TarsOutputStream | undefined;

/**
 * Writes with a stream that is used again and again, whose blocks the results share: memory of its own for each costs more than all the
 * rest. May be called within itself.
 *
 * @param take what becomes of the bytes written: takes them from the stream.
 */
export function withScratch<T>(write: (os: TarsOutputStream) => void, take: (os: TarsOutputStream) => T): T {
  const os = free ?? new TarsOutputStream(BLOCK_BYTES);
  free = undefined;
  try {
    write(os);
    return take(os);
  } finally {
    os.reset();
    // What had to grow for something large is let go.
    if (os.capacity <= BLOCK_BYTES) free = os;
  }
}

/** The bytes written, as {@link TarsOutputStream.take} gives them. */
export function writtenBytes(write: (os: TarsOutputStream) => void): Uint8Array<ArrayBuffer> {
  return withScratch(write, takeBytes);
}

function takeBytes(os: TarsOutputStream): Uint8Array<ArrayBuffer> {
  return os.take();
}
