import { encodeUtf8, TarsEncodeException } from '@tarsier/protocol';

/** Sequences are counted up to here: they take 6 bytes. */
const HIGH = 0x1_0000_0000;
const MAX_TEXT = 0xffff;

/** Bytes of the fields of one packet, one after the other; big-endian. */
export class ByteWriter {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  bytes(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return this;
  }

  uint8(value: number): this {
    return this.bytes(Uint8Array.of(value));
  }

  uint32(value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setUint32(0, value);
    return this.bytes(bytes);
  }

  uint48(value: number): this {
    const bytes = new Uint8Array(6);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, Math.floor(value / HIGH));
    view.setUint32(2, value % HIGH);
    return this.bytes(bytes);
  }

  /** UTF-8, behind its length in 2 bytes. */
  text(text: string): this {
    return this.sizedBytes(encodeUtf8(text), 'a name');
  }

  /**
   * Bytes, behind their length in 2 bytes.
   *
   * @param what they are, for the exception.
   * @throws TarsEncodeException for more than 65535.
   */
  sizedBytes(bytes: Uint8Array, what: string): this {
    if (bytes.length > MAX_TEXT) {
      throw new TarsEncodeException(`${what} of ${bytes.length} bytes does not fit its field; ${MAX_TEXT} are allowed`);
    }
    return this.bytes(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff)).bytes(bytes);
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}
