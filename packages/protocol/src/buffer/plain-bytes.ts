import { shownValue } from '../errors/shown-value.js';
import { TarsException } from '../errors/tars-exception.js';

const typedArray: object = Object.getPrototypeOf(Uint8Array.prototype) as object;

/** Whether it is an `ArrayBuffer`, of this realm or another: its getter throws for all else. */
function isArrayBuffer(value: unknown): value is ArrayBuffer {
  try {
    Reflect.get(ArrayBuffer.prototype, 'byteLength', value);
    return true;
  } catch {
    return false;
  }
}

/** A view of what is no `Uint8Array` of this realm: an `ArrayBuffer`, or a `Uint8Array` of another realm, whose constructor is another. */
function viewOf(value: unknown): Uint8Array | undefined {
  if (isArrayBuffer(value)) return new Uint8Array(value);
  if (!ArrayBuffer.isView(value) || Reflect.get(typedArray, Symbol.toStringTag, value) !== 'Uint8Array')
    return undefined;
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

/** Whether it is what nearly all is: a Proxy, or what only inherits, says that it is an instance too, and is no view. */
export function isPlainBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && ArrayBuffer.isView(value);
}

/** The bytes that a value is, not copied: a `Uint8Array`, an `ArrayBuffer`; undefined for all else. */
export function asPlainBytes(value: unknown): Uint8Array | undefined {
  return isPlainBytes(value) ? value : viewOf(value);
}

/** The exception for what is no bytes, for the function that was given it. */
export function notBytes(value: unknown, taker: string): TarsException {
  return new TarsException(`${taker} takes a Uint8Array, an ArrayBuffer or a ByteVector, found ${shownValue(value)}`, {
    code: 'TARSIER_INVALID_ARGUMENT',
  });
}

/**
 * As {@link asPlainBytes}.
 *
 * @param taker the function that was given the value, for the message.
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is no bytes.
 */
export function plainBytes(value: unknown, taker: string): Uint8Array {
  const bytes = asPlainBytes(value);
  if (bytes === undefined) throw notBytes(value, taker);
  return bytes;
}
