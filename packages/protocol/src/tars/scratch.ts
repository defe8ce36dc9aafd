import { TarsOutputStream } from './output-stream.js';

/** What the stream that is used again and again may grow to. */
const KEPT_BYTES = 65_536;
let free: TarsOutputStream | undefined;

/**
 * Writes with a stream that is used again and again, and gives a copy of what was written: one allocation of the right size.
 * May be called within itself.
 */
export function withScratch(write: (os: TarsOutputStream) => void): Uint8Array<ArrayBuffer> {
  const os = free ?? new TarsOutputStream(1024);
  free = undefined;
  try {
    write(os);
    return os.toBytes();
  } finally {
    if (os.length <= KEPT_BYTES) {
      os.reset();
      free = os;
    }
  }
}
