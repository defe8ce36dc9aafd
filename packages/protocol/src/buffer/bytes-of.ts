import { type Bytes, ByteVector } from './byte-vector.js';
import { asPlainBytes, isPlainBytes, notBytes } from './plain-bytes.js';

/** The fields of a vector may be written by anyone. */
function isSound({ buffer, start, end }: ByteVector): boolean {
  return isPlainBytes(buffer) && start >= 0 && start <= end && end <= buffer.length;
}

/**
 * The bytes that a value is, not copied: a `Uint8Array` (of an `ArrayBuffer` a view) or a `ByteVector`. Undefined for all else, a vector
 * included whose range does not lie in its block.
 */
export function asBytes(value: unknown): Bytes | undefined {
  if (value instanceof ByteVector) return isSound(value) ? value : undefined;
  return asPlainBytes(value);
}

/**
 * What a program hands over where bytes are wanted: the one check at every door, so that what is no bytes fails at the call that was given it,
 * and not when it is written, where no handler stands.
 *
 * @param taker the function that was given the value, for the message.
 * @returns as `asBytes`.
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is no bytes.
 */
export function bytesOf(value: unknown, taker: string): Bytes {
  const bytes = asBytes(value);
  if (bytes === undefined) throw notBytes(value, taker);
  return bytes;
}
