import { type Bytes, ByteVector } from '../buffer/byte-vector.js';
import { TarsEncodeException } from '../errors/exceptions.js';
import { WireType } from './wire-type.js';

declare class TextEncoder {
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
}

const encoder = new TextEncoder();
/** Texts up to this length are tried as ASCII first: calling the encoder costs more than the loop. */
const SHORT_TEXT = 48;
/** What one string may have. Source: TARS_MAX_STRING_LENGTH (TarsCpp). */
const MAX_STRING_BYTES = 104_857_600;
const INITIAL_BYTES = 256;
const MIN_INT32 = -2_147_483_648n;
const MAX_INT32 = 2_147_483_647n;

/** The half of a `TarsStructType` that writing needs. */
export interface StructWriter<T> {
  /** Writes the fields alone, in ascending order of their tags. */
  write(os: TarsOutputStream, value: T): void;
}

/**
 * Writes values in the TARS encoding, each behind a head of tag and type: integers in as few bytes as hold them, a zero in none.
 *
 * What may be left out of a struct is decided by the caller: a value that is written here is written. Tags are 0 to 255 and have to ascend
 * within a struct, which is not checked.
 *
 * Source: TarsOutputStream (Tars.h, TarsCpp).
 */
export class TarsOutputStream {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #end = 0;

  /** @param capacity bytes to begin with; it grows as needed. */
  constructor(capacity: number = INITIAL_BYTES) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written. */
  get length(): number {
    return this.#end;
  }

  /** What was written, not copied: it changes with the next write after {@link TarsOutputStream.reset}, and only then. */
  getByteBuffer(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#end);
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#end);
  }

  /** Begins anew in the same memory. */
  reset(): void {
    this.#end = 0;
  }

  /** Leaves room for what {@link TarsOutputStream.patchUInt32} fills in later. */
  skip(size: number): void {
    this.#reserve(size);
    this.#end += size;
  }

  /** Writes 4 bytes, big-endian, over those at an offset. */
  patchUInt32(offset: number, value: number): void {
    this.#view.setUint32(offset, value);
  }

  #reserve(size: number): void {
    const needed = this.#end + size;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }

  /** Room for it has been reserved. */
  #head(tag: number, type: number): void {
    const bytes = this.#bytes;
    if (tag < 15) bytes[this.#end++] = (tag << 4) | type;
    else {
      bytes[this.#end++] = 0xf0 | type;
      bytes[this.#end++] = tag;
    }
  }

  writeBoolean(tag: number, value: boolean): void {
    this.#reserve(3);
    if (value) {
      this.#head(tag, WireType.INT1);
      this.#bytes[this.#end++] = 1;
    } else this.#head(tag, WireType.ZERO);
  }

  /** IDL type `byte`: -128 to 127. @throws TarsEncodeException */
  writeInt8(tag: number, value: number): void {
    if ((value << 24) >> 24 !== value) throw outOfRange(tag, value, 'byte');
    this.#integer(tag, value);
  }

  /** IDL type `short`. @throws TarsEncodeException */
  writeInt16(tag: number, value: number): void {
    if ((value << 16) >> 16 !== value) throw outOfRange(tag, value, 'short');
    this.#integer(tag, value);
  }

  /** IDL type `int`. @throws TarsEncodeException */
  writeInt32(tag: number, value: number): void {
    if ((value | 0) !== value) throw outOfRange(tag, value, 'int');
    this.#integer(tag, value);
  }

  /** IDL type `unsigned byte`. @throws TarsEncodeException */
  writeUInt8(tag: number, value: number): void {
    if ((value & 0xff) !== value) throw outOfRange(tag, value, 'unsigned byte');
    this.#integer(tag, value);
  }

  /** IDL type `unsigned short`. @throws TarsEncodeException */
  writeUInt16(tag: number, value: number): void {
    if ((value & 0xffff) !== value) throw outOfRange(tag, value, 'unsigned short');
    this.#integer(tag, value);
  }

  /** IDL type `unsigned int`. @throws TarsEncodeException */
  writeUInt32(tag: number, value: number): void {
    if (value >>> 0 !== value) throw outOfRange(tag, value, 'unsigned int');
    if (value <= 0x7fff_ffff) this.#integer(tag, value);
    else this.#int8(tag, 0, value);
  }

  /** IDL type `long`. @throws TarsEncodeException beyond 64 bits, signed. */
  writeInt64(tag: number, value: bigint): void {
    if (value >= MIN_INT32 && value <= MAX_INT32) {
      this.#integer(tag, Number(value));
      return;
    }
    if (BigInt.asIntN(64, value) !== value) throw outOfRange(tag, value, 'long');
    this.#reserve(10);
    this.#head(tag, WireType.INT8);
    this.#view.setBigInt64(this.#end, value);
    this.#end += 8;
  }

  /** IDL type `long`, of a number. @throws TarsEncodeException unless it is a safe integer. */
  writeLong(tag: number, value: number): void {
    if ((value | 0) === value) this.#integer(tag, value);
    else {
      if (!Number.isSafeInteger(value)) throw outOfRange(tag, value, 'long that a number can hold');
      this.#int8(tag, Math.floor(value / 0x1_0000_0000), value >>> 0);
    }
  }

  /** A value that fits into 32 bits, signed. */
  #integer(tag: number, value: number): void {
    this.#reserve(6);
    if (value === 0) this.#head(tag, WireType.ZERO);
    else if (value >= -128 && value <= 127) {
      this.#head(tag, WireType.INT1);
      this.#bytes[this.#end++] = value;
    } else if (value >= -32_768 && value <= 32_767) {
      this.#head(tag, WireType.INT2);
      const bytes = this.#bytes;
      bytes[this.#end++] = value >> 8;
      bytes[this.#end++] = value;
    } else {
      this.#head(tag, WireType.INT4);
      this.#int4(value);
    }
  }

  #int4(value: number): void {
    const bytes = this.#bytes;
    bytes[this.#end++] = value >> 24;
    bytes[this.#end++] = value >> 16;
    bytes[this.#end++] = value >> 8;
    bytes[this.#end++] = value;
  }

  #int8(tag: number, high: number, low: number): void {
    this.#reserve(10);
    this.#head(tag, WireType.INT8);
    this.#int4(high);
    this.#int4(low);
  }

  writeFloat(tag: number, value: number): void {
    this.#reserve(6);
    this.#head(tag, WireType.FLOAT);
    this.#view.setFloat32(this.#end, value);
    this.#end += 4;
  }

  writeDouble(tag: number, value: number): void {
    this.#reserve(10);
    this.#head(tag, WireType.DOUBLE);
    this.#view.setFloat64(this.#end, value);
    this.#end += 8;
  }

  /** In UTF-8. @throws TarsEncodeException above 100 MiB. */
  writeString(tag: number, text: string): void {
    const { length } = text;
    this.#reserve(6 + 3 * length);
    const begin = this.#end;
    if (length > 255) {
      this.#head(tag, WireType.STRING4);
      const at = this.#end;
      this.#end += 4;
      const size = encoder.encodeInto(text, this.#bytes.subarray(this.#end)).written;
      if (size > MAX_STRING_BYTES) {
        this.#end = begin;
        throw tooLong(tag, size);
      }
      this.#view.setUint32(at, size);
      this.#end += size;
      return;
    }
    this.#head(tag, WireType.STRING1);
    const at = this.#end++;
    const size = this.#text(text, length);
    if (size <= 255) this.#bytes[at] = size;
    else {
      // Short as text and long as bytes: the length takes three bytes more.
      const from = this.#end - size;
      this.#reserve(3);
      this.#bytes.copyWithin(from + 3, from, this.#end);
      this.#end += 3;
      this.#bytes[begin] = ((this.#bytes[begin] as number) & 0xf0) | WireType.STRING4;
      this.#view.setUint32(at, size);
    }
  }

  /** @returns how many bytes it has. */
  #text(text: string, length: number): number {
    const bytes = this.#bytes;
    const begin = this.#end;
    if (length <= SHORT_TEXT) {
      let at = begin;
      for (let i = 0; i < length; i++) {
        const unit = text.charCodeAt(i);
        if (unit > 127) {
          at = -1;
          break;
        }
        bytes[at++] = unit;
      }
      if (at >= 0) {
        this.#end = at;
        return length;
      }
    }
    const { written } = encoder.encodeInto(text, bytes.subarray(begin));
    this.#end = begin + written;
    return written;
  }

  /** IDL type `vector<byte>`: a simple list. */
  writeBytes(tag: number, value: Bytes): void {
    const size = value.length;
    this.#reserve(8 + size);
    this.#head(tag, WireType.SIMPLE_LIST);
    this.#head(0, WireType.INT1);
    this.#integer(0, size);
    this.writeRaw(value);
  }

  /** Bytes that are encoded already. */
  writeRaw(value: Bytes): void {
    const size = value.length;
    this.#reserve(size);
    if (value instanceof ByteVector) this.#bytes.set(value.data(), this.#end);
    else this.#bytes.set(value, this.#end);
    this.#end += size;
  }

  /** Begins a list: its elements follow, each with tag 0. */
  writeListHead(tag: number, size: number): void {
    this.#reserve(2);
    this.#head(tag, WireType.LIST);
    this.#integer(0, size);
  }

  /** Begins a map: its entries follow, each a key with tag 0 and a value with tag 1. */
  writeMapHead(tag: number, size: number): void {
    this.#reserve(2);
    this.#head(tag, WireType.MAP);
    this.#integer(0, size);
  }

  writeStruct<T>(tag: number, value: T, type: StructWriter<T>): void {
    this.#reserve(2);
    this.#head(tag, WireType.STRUCT_BEGIN);
    type.write(this, value);
    this.#reserve(1);
    this.#head(0, WireType.STRUCT_END);
  }
}

function outOfRange(tag: number, value: number | bigint, type: string): TarsEncodeException {
  return new TarsEncodeException(`the field with tag ${tag} is ${value}, which is no ${type}`);
}

function tooLong(tag: number, size: number): TarsEncodeException {
  return new TarsEncodeException(
    `the string with tag ${tag} has ${size} bytes, more than the ${MAX_STRING_BYTES} that TARS allows`,
  );
}
