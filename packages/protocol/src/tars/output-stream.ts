import { type Bytes, ByteVector } from '../buffer/byte-vector.js';
import { bytesOf } from '../buffer/bytes-of.js';
import { copyBytes } from '../buffer/copy-bytes.js';
import { asPlainBytes } from '../buffer/plain-bytes.js';
import { unfilledBytes } from '../buffer/unfilled-bytes.js';
import { TarsEncodeException } from '../errors/exceptions.js';
import { shownValue } from '../errors/shown-value.js';
import { longUtf8, writeUtf8 } from './text-codec.js';
import * as textUnits from './text-units.js';
import { WireType } from './wire-type.js';

/** Texts of up to this many units are encoded here: calling an encoder costs more than the loop. */
const SHORT_TEXT = 32;
/** What one string may have. Source: TARS_MAX_STRING_LENGTH (TarsCpp). */
const MAX_STRING_BYTES = 104_857_600;
const INITIAL_BYTES = 256;
/** What is larger gets memory of its own when it is taken, so that it does not hold that of others. */
const SHARED_BYTES = 4096;
// To the compiler of Node only a constant of the module itself is one: what is imported is loaded each time, and so are its properties.
const {
  INT1,
  INT2,
  INT4,
  INT8,
  FLOAT,
  DOUBLE,
  STRING1,
  STRING4,
  MAP,
  LIST,
  STRUCT_BEGIN,
  STRUCT_END,
  ZERO,
  SIMPLE_LIST,
} = WireType;
const { lengthOf, unitAt } = textUnits;
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
  // Not of `#`, whose key is loaded for each access unless all is inlined (Node 20.20).
  private bytes: Uint8Array<ArrayBuffer>;
  /** Asking `bytes` for it is a call. */
  private buffer: ArrayBuffer;
  private view: DataView<ArrayBuffer>;
  private readonly initialBytes: number;
  /** What lies before was taken. */
  private begin = 0;
  private end = 0;

  /** @param capacity bytes to begin with; it grows as needed. */
  constructor(capacity: number = INITIAL_BYTES) {
    this.initialBytes = capacity;
    this.bytes = unfilledBytes(capacity);
    this.buffer = this.bytes.buffer;
    this.view = new DataView(this.buffer);
  }

  /** Bytes written. */
  get length(): number {
    return this.end - this.begin;
  }

  /** Bytes that its memory has. */
  get capacity(): number {
    return this.bytes.length;
  }

  /** What was written, not copied: it changes with the next write after {@link TarsOutputStream.reset}, and only then. */
  getByteBuffer(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(this.begin, this.end);
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(this.begin, this.end);
  }

  /**
   * Gives away what was written, and begins anew. Up to 4 KiB are not copied: they are a part of a block whose other parts are given to
   * others, so its `buffer` must not be transferred.
   */
  take(): Uint8Array<ArrayBuffer> {
    const size = this.length;
    if (size === 0) return new Uint8Array(0);
    const taken = size > SHARED_BYTES ? this.toBytes() : new Uint8Array(this.buffer, this.begin, size);
    this.startAnew(size);
    return taken;
  }

  /** The same without a view. */
  takeVector(): ByteVector {
    const size = this.length;
    const taken =
      size > SHARED_BYTES
        ? new ByteVector(this.toBytes())
        : new ByteVector().assignRange(this.bytes, this.begin, this.end);
    this.startAnew(size);
    return taken;
  }

  private startAnew(taken: number): void {
    if (taken > SHARED_BYTES) this.end = this.begin;
    else this.begin = this.end;
  }

  /** Drops what was written, and begins anew in the same memory. */
  reset(): void {
    this.end = this.begin;
  }

  /** Leaves room for what {@link TarsOutputStream.patchUInt32} fills in later. */
  skip(size: number): void {
    this.reserve(size);
    const at = this.end;
    this.end += size;
    this.bytes.fill(0, at, this.end);
  }

  /** Writes 4 bytes, big-endian, over those at an offset. */
  patchUInt32(offset: number, value: number): void {
    this.view.setUint32(this.begin + offset, value);
  }

  /** What is written often asks for itself, and writes its head too: this call and that of `field` kept others from being inlined. */
  private reserve(size: number): void {
    if (this.end + size > this.bytes.length) this.grow(size);
  }

  private grow(size: number): void {
    const { length } = this;
    const grown = unfilledBytes(Math.max(this.initialBytes, 2 * (length + size)));
    // A block that somebody has transferred cannot be looked at any more, and holds nothing yet of what is written now.
    if (length > 0) grown.set(this.getByteBuffer());
    this.bytes = grown;
    this.buffer = grown.buffer;
    this.view = new DataView(this.buffer);
    this.begin = 0;
    this.end = length;
  }

  /**
   * Writes a head, and leaves room for what follows it.
   *
   * @returns where that goes.
   */
  private field(tag: number, type: number, size: number): number {
    if (this.end + 2 + size > this.bytes.length) this.grow(2 + size);
    const { bytes } = this;
    let at = this.end;
    if (tag < 15) bytes[at++] = (tag << 4) | type;
    else {
      bytes[at++] = 0xf0 | type;
      bytes[at++] = tag;
    }
    this.end = at + size;
    return at;
  }

  writeBoolean(tag: number, value: boolean): void {
    this.integer(tag, value ? 1 : 0);
  }

  /** IDL type `byte`: -128 to 127. @throws TarsEncodeException */
  writeInt8(tag: number, value: number): void {
    if ((value << 24) >> 24 !== value) throw outOfRange(tag, value, 'byte');
    this.integer(tag, value);
  }

  /** IDL type `short`. @throws TarsEncodeException */
  writeInt16(tag: number, value: number): void {
    if ((value << 16) >> 16 !== value) throw outOfRange(tag, value, 'short');
    this.integer(tag, value);
  }

  /** IDL type `int`. @throws TarsEncodeException */
  writeInt32(tag: number, value: number): void {
    this.integer(tag, value);
  }

  /** IDL type `unsigned byte`. @throws TarsEncodeException */
  writeUInt8(tag: number, value: number): void {
    if ((value & 0xff) !== value) throw outOfRange(tag, value, 'unsigned byte');
    this.integer(tag, value);
  }

  /** IDL type `unsigned short`. @throws TarsEncodeException */
  writeUInt16(tag: number, value: number): void {
    if ((value & 0xffff) !== value) throw outOfRange(tag, value, 'unsigned short');
    this.integer(tag, value);
  }

  /** IDL type `unsigned int`. @throws TarsEncodeException */
  writeUInt32(tag: number, value: number): void {
    if (value >>> 0 !== value) throw outOfRange(tag, value, 'unsigned int');
    if (value <= 0x7fff_ffff) this.integer(tag, value);
    else this.int8(tag, 0, value);
  }

  /** IDL type `long`. @throws TarsEncodeException beyond 64 bits, signed. */
  writeInt64(tag: number, value: bigint): void {
    if (value >= MIN_INT32 && value <= MAX_INT32) {
      this.integer(tag, Number(value));
      return;
    }
    if (BigInt.asIntN(64, value) !== value) throw outOfRange(tag, value, 'long');
    const at = this.field(tag, INT8, 8);
    this.view.setBigInt64(at, value);
  }

  /** IDL type `long`, of a number. @throws TarsEncodeException unless it is a safe integer. */
  writeLong(tag: number, value: number): void {
    if ((value | 0) === value) this.integer(tag, value);
    else {
      if (!Number.isSafeInteger(value)) throw outOfRange(tag, value, 'long that a number can hold');
      this.int8(tag, Math.floor(value / 0x1_0000_0000), value >>> 0);
    }
  }

  /** An integer of up to 32 bits, signed. @throws TarsEncodeException for others. */
  private integer(tag: number, value: number): void {
    if (this.end + 6 > this.bytes.length) this.grow(6);
    const { bytes } = this;
    const head = this.end;
    let at = head;
    let high = tag << 4;
    if (tag >= 15) {
      high = 0xf0;
      bytes[++at] = tag;
    }
    if (value === 0) {
      bytes[head] = high | ZERO;
      this.end = at + 1;
    } else if ((value << 24) >> 24 === value) {
      bytes[head] = high | INT1;
      bytes[at + 1] = value;
      this.end = at + 2;
    } else if ((value << 16) >> 16 === value) {
      bytes[head] = high | INT2;
      bytes[at + 1] = value >> 8;
      bytes[at + 2] = value;
      this.end = at + 3;
    } else {
      // What fits into fewer bits fits into these.
      if ((value | 0) !== value) throw outOfRange(tag, value, 'int');
      bytes[head] = high | INT4;
      bytes[at + 1] = value >> 24;
      bytes[at + 2] = value >> 16;
      bytes[at + 3] = value >> 8;
      bytes[at + 4] = value;
      this.end = at + 5;
    }
  }

  private int4(at: number, value: number): void {
    const bytes = this.bytes;
    bytes[at] = value >> 24;
    bytes[at + 1] = value >> 16;
    bytes[at + 2] = value >> 8;
    bytes[at + 3] = value;
  }

  private int8(tag: number, high: number, low: number): void {
    const at = this.field(tag, INT8, 8);
    this.int4(at, high);
    this.int4(at + 4, low);
  }

  writeFloat(tag: number, value: number): void {
    // Throws at what is no number before there is room for it that nothing fills.
    const float = Math.fround(value);
    const at = this.field(tag, FLOAT, 4);
    this.view.setFloat32(at, float);
  }

  writeDouble(tag: number, value: number): void {
    if (this.end + 10 > this.bytes.length) this.grow(10);
    const { bytes } = this;
    let at = this.end;
    if (tag < 15) bytes[at++] = (tag << 4) | DOUBLE;
    else {
      bytes[at++] = 0xf0 | DOUBLE;
      bytes[at++] = tag;
    }
    this.view.setFloat64(at, value);
    this.end = at + 8;
  }

  /**
   * In UTF-8. In one piece, too large for the engine to copy it into its callers, which made them slower (Node 20.20).
   *
   * @throws TarsEncodeException above 100 MiB.
   */
  writeString(tag: number, text: string): void {
    // Without a length there would be no end.
    if (typeof text !== 'string') throw notText(tag, text);
    const length = lengthOf(text);
    if (length > 255) {
      this.longString(tag, text);
      return;
    }
    // Room for all that it can become; how much it is turns out.
    const room = 6 + 3 * length;
    if (this.end + room > this.bytes.length) this.grow(room);
    const { bytes } = this;
    let at = this.end;
    if (tag < 15) bytes[at++] = (tag << 4) | STRING1;
    else {
      bytes[at++] = 0xf0 | STRING1;
      bytes[at++] = tag;
    }
    let size = -1;
    if (length <= SHORT_TEXT) {
      const from = at + 1;
      let i = 0;
      // Two at a time: most of what one costs is to find out, anew for each, how its string is kept.
      for (; i + 1 < length; i += 2) {
        const one = unitAt(text, i);
        const two = unitAt(text, i + 1);
        if ((one | two) > 0x7f) break;
        bytes[from + i] = one;
        bytes[from + i + 1] = two;
      }
      let to = from + i;
      for (; i < length; i++) {
        const unit = unitAt(text, i);
        if (unit < 0x80) bytes[to++] = unit;
        else if (unit < 0x800) {
          bytes[to++] = 0xc0 | (unit >> 6);
          bytes[to++] = 0x80 | (unit & 0x3f);
        } else {
          // Surrogates are left to the encoder.
          if ((unit & 0xf800) === 0xd800) break;
          bytes[to++] = 0xe0 | (unit >> 12);
          bytes[to++] = 0x80 | ((unit >> 6) & 0x3f);
          bytes[to++] = 0x80 | (unit & 0x3f);
        }
      }
      if (i === length) size = to - from;
    }
    if (size < 0) size = writeUtf8(text, bytes, at + 1);
    if (size <= 255) {
      bytes[at] = size;
      this.end = at + 1 + size;
      return;
    }
    // Short as text and long as bytes: the length takes three bytes more.
    bytes.copyWithin(at + 4, at + 1, at + 1 + size);
    bytes[tag < 15 ? at - 1 : at - 2] = (Math.min(tag, 15) << 4) | STRING4;
    this.int4(at, size);
    this.end = at + 4 + size;
  }

  private longString(tag: number, text: string): void {
    // No text has fewer bytes than units.
    if (text.length > MAX_STRING_BYTES) throw tooLong(tag, text.length);
    const encoded = longUtf8(text);
    if (encoded !== undefined) {
      const size = encoded.length;
      if (size > MAX_STRING_BYTES) throw tooLong(tag, size);
      const at = this.field(tag, STRING4, 4 + size);
      this.int4(at, size);
      this.bytes.set(encoded, at + 4);
      return;
    }
    const at = this.field(tag, STRING4, 4 + 3 * text.length);
    const size = writeUtf8(text, this.bytes, at + 4);
    this.int4(at, size);
    this.end = at + 4 + size;
  }

  /** IDL type `vector<byte>`: a simple list. @throws TarsEncodeException for what is no bytes. */
  writeBytes(tag: number, bytes: Bytes): void {
    const value = bytes instanceof ByteVector ? bytes : asPlainBytes(bytes);
    if (value === undefined) throw notBytes(tag, bytes);
    const at = this.field(tag, SIMPLE_LIST, 1);
    this.bytes[at] = INT1;
    this.integer(0, value.length);
    this.#put(value);
  }

  /**
   * Begins a `vector<byte>` whose bytes are what is written next, until {@link TarsOutputStream.endBytes}.
   *
   * @returns what that needs to know.
   */
  beginBytes(tag: number): number {
    const at = this.field(tag, SIMPLE_LIST, 3);
    const { bytes } = this;
    bytes[at] = INT1;
    bytes[at + 1] = 0;
    bytes[at + 2] = 0;
    return at + 1 - this.begin;
  }

  /** @returns how many bytes it has. */
  endBytes(begun: number): number {
    // For the length, now: memory that grows takes along what lies before its end, and the bytes will lie behind it.
    this.reserve(4);
    const at = this.begin + begun;
    const size = this.end - at - 2;
    // Nearly all are short, and the others have to make room for their length.
    const lengthBytes = size === 0 ? 0 : size < 0x80 ? 1 : size < 0x8000 ? 2 : 4;
    const shift = lengthBytes - 1;
    if (shift !== 0) this.bytes.copyWithin(at + 2 + shift, at + 2, this.end);
    this.end = at;
    this.integer(0, size);
    this.end += size;
    return size;
  }

  /** Bytes that are encoded already. @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is no bytes. */
  writeRaw(value: Bytes): void {
    this.#put(bytesOf(value, 'writeRaw'));
  }

  #put(value: Bytes): void {
    const size = value.length;
    this.reserve(size);
    const at = this.end;
    if (value instanceof ByteVector) copyBytes(value.buffer, value.start, value.end, this.bytes, at);
    else this.bytes.set(value, at);
    this.end = at + size;
  }

  /** Begins a list: its elements follow, each with tag 0. */
  writeListHead(tag: number, size: number): void {
    this.field(tag, LIST, 0);
    this.integer(0, size);
  }

  /** Begins a map: its entries follow, each a key with tag 0 and a value with tag 1. */
  writeMapHead(tag: number, size: number): void {
    this.field(tag, MAP, 0);
    this.integer(0, size);
  }

  writeStruct<T>(tag: number, value: T, type: StructWriter<T>): void {
    if (this.end + 2 > this.bytes.length) this.grow(2);
    if (tag < 15) this.bytes[this.end++] = (tag << 4) | STRUCT_BEGIN;
    else {
      this.bytes[this.end++] = 0xf0 | STRUCT_BEGIN;
      this.bytes[this.end++] = tag;
    }
    type.write(this, value);
    if (this.end + 1 > this.bytes.length) this.grow(1);
    this.bytes[this.end++] = STRUCT_END;
  }
}

function outOfRange(tag: number, value: number | bigint, type: string): TarsEncodeException {
  return new TarsEncodeException(`the field with tag ${tag} is ${value}, which is no ${type}`);
}

function notText(tag: number, value: unknown): TarsEncodeException {
  return new TarsEncodeException(`the field with tag ${tag} is of type ${typeof value}, and no string`);
}

function notBytes(tag: number, value: unknown): TarsEncodeException {
  return new TarsEncodeException(`the field with tag ${tag} is ${shownValue(value)}, and no bytes`);
}

function tooLong(tag: number, size: number): TarsEncodeException {
  return new TarsEncodeException(
    `the string with tag ${tag} has ${size} bytes, more than the ${MAX_STRING_BYTES} that TARS allows`,
  );
}
