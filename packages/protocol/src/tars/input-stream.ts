import { type Bytes, ByteVector } from '../buffer/byte-vector.js';
import { plainBytes } from '../buffer/plain-bytes.js';
import type { TarsDecodeException } from '../errors/exceptions.js';
import { decodeException, noteStruct } from './decode-fault.js';
import { doubleOf, floatOf } from './float-bits.js';
import { readName } from './name-cache.js';
import { readUtf8 } from './text-codec.js';
import { WireType, wireTypeName } from './wire-type.js';

/** Structs and containers within each other. TarsCpp has no limit, so that a few kilobytes end its process. */
const MAX_DEPTH = 100;
/** Source: TARS_MAX_STRING_LENGTH (TarsCpp). */
const MAX_STRING_BYTES = 104_857_600;

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

/** The half of a `TarsStructType` that reading needs. */
export interface StructReader<T> {
  /** Full name, as `vec.Point`. */
  readonly typeName: string;
  /** Names of the fields by their tags, for messages. */
  readonly fieldNames: Readonly<Record<number, string>>;
  /** Reads the fields alone. @throws TarsDecodeException */
  read(is: TarsInputStream): T;
}

/**
 * Reads values in the TARS encoding.
 *
 * Fields are asked for in ascending order of their tags; those that nobody asks for are skipped. Each `read…(tag, otherwise)` gives
 * `otherwise` when there is no such field, and throws when `otherwise` was not given: the field is required then. Elements of a list are read
 * with tag 0, keys and values of a map with tags 0 and 1.
 *
 * Bad bytes give a `TarsDecodeException` that says at which byte (`where.offset`) and field; no count or length is believed
 * that the bytes cannot hold.
 *
 * Source: TarsInputStream (Tars.h, TarsCpp), which swallows errors while it skips.
 */
export class TarsInputStream {
  // Not of `#`, whose key is loaded for each access unless all is inlined (Node 20.20).
  private readonly bytes: Uint8Array;
  private readonly begin: number;
  private readonly end: number;
  private at: number;
  private depth = 0;

  /**
   * @param bytes not copied; byte arrays that are read are parts of it.
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is no bytes.
   */
  constructor(bytes: Bytes) {
    if (bytes instanceof ByteVector) {
      this.bytes = bytes.buffer;
      this.begin = bytes.start;
      this.end = bytes.end;
    } else {
      const plain = plainBytes(bytes, 'TarsInputStream');
      this.bytes = plain;
      this.begin = 0;
      this.end = plain.length;
    }
    this.at = this.begin;
  }

  /** Offset of the next byte. */
  get position(): number {
    return this.at - this.begin;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.end - this.at;
  }

  // --- heads ---------------------------------------------------------------------------------------------------------------

  /**
   * Skips to a field and past its head.
   *
   * @returns its type, or -1 when it is not there.
   */
  private find(tag: number): number {
    const at = this.at;
    if (at < this.end && tag < 15) {
      // Most fields are the next ones. The bits of the tag cancel each other out.
      const type = (this.bytes[at] as number) ^ (tag << 4);
      if (type < 16 && type !== STRUCT_END) {
        this.at = at + 1;
        return type;
      }
    }
    return this.seek(tag);
  }

  /** @internal The type of a field that is still to be read; -1 when it is not there. */
  typeOf(tag: number): number {
    const at = this.at;
    const type = this.find(tag);
    this.at = at;
    return type;
  }

  private seek(tag: number): number {
    const bytes = this.bytes;
    while (this.at < this.end) {
      const head = bytes[this.at] as number;
      const type = head & 15;
      let found = head >> 4;
      let size = 1;
      if (found === 15) {
        if (this.at + 1 >= this.end) throw this.short(tag, 2);
        found = bytes[this.at + 1] as number;
        size = 2;
      }
      if (found > tag || type === STRUCT_END) return -1;
      this.at += size;
      if (found === tag) return type;
      this.skip(type, found);
    }
    return -1;
  }

  private skip(type: number, tag: number): void {
    switch (type) {
      case INT1:
        this.advance(1, tag);
        return;
      case INT2:
        this.advance(2, tag);
        return;
      case INT4:
      case FLOAT:
        this.advance(4, tag);
        return;
      case INT8:
      case DOUBLE:
        this.advance(8, tag);
        return;
      case STRING1:
        this.advance(1, tag);
        this.advance(this.bytes[this.at - 1] as number, tag);
        return;
      case STRING4:
        this.advance(4, tag);
        this.advance(this.int4(this.at - 4) >>> 0, tag);
        return;
      case SIMPLE_LIST:
        this.advance(this.simpleListSize(tag), tag);
        return;
      case LIST:
        this.enter(tag);
        this.skipFields(this.size(tag, 1), tag);
        this.depth--;
        return;
      case MAP:
        this.enter(tag);
        this.skipFields(2 * this.size(tag, 2), tag);
        this.depth--;
        return;
      case STRUCT_BEGIN:
        this.enter(tag);
        this.skipToStructEnd();
        this.depth--;
        return;
      case ZERO:
        return;
      default:
        throw this.invalid(tag, `there is ${wireTypeName(type)} where a field should begin`);
    }
  }

  private skipFields(count: number, tag: number): void {
    for (let left = count; left > 0; left--) this.skip(this.anyHead(tag), tag);
  }

  /** The type of the next head, whatever its tag. */
  private anyHead(tag: number): number {
    this.advance(1, tag);
    const head = this.bytes[this.at - 1] as number;
    if (head >> 4 === 15) this.advance(1, tag);
    return head & 15;
  }

  private skipToStructEnd(): void {
    for (;;) {
      const at = this.at;
      const type = this.anyHead(-1);
      if (type === STRUCT_END) return;
      const tag = (this.bytes[at] as number) >> 4;
      this.skip(type, tag < 15 ? tag : (this.bytes[at + 1] as number));
    }
  }

  private advance(size: number, tag: number): void {
    if (size > this.end - this.at) throw this.short(tag, size);
    this.at += size;
  }

  private enter(tag: number): void {
    if (++this.depth > MAX_DEPTH) throw this.invalid(tag, `values lie more than ${MAX_DEPTH} deep in each other`);
  }

  // --- numbers -------------------------------------------------------------------------------------------------------------

  readBoolean(tag: number, otherwise?: boolean): boolean {
    const type = this.find(tag);
    if (type === -1) return otherwise ?? this.missing(tag);
    if (type === ZERO) return false;
    if (type !== INT1) throw this.mismatch(tag, type, 'a bool');
    this.advance(1, tag);
    return this.bytes[this.at - 1] !== 0;
  }

  readInt8(tag: number, otherwise?: number): number {
    return this.integer(tag, 1, otherwise, 'a byte');
  }

  readInt16(tag: number, otherwise?: number): number {
    return this.integer(tag, 2, otherwise, 'a short');
  }

  readInt32(tag: number, otherwise?: number): number {
    return this.integer(tag, 4, otherwise, 'an int');
  }

  readUInt8(tag: number, otherwise?: number): number {
    const value = this.integer(tag, 2, otherwise, 'an unsigned byte');
    if ((value & 0xff) !== value) throw this.invalid(tag, `${value} is no unsigned byte`);
    return value;
  }

  readUInt16(tag: number, otherwise?: number): number {
    const value = this.integer(tag, 4, otherwise, 'an unsigned short');
    if ((value & 0xffff) !== value) throw this.invalid(tag, `${value} is no unsigned short`);
    return value;
  }

  readUInt32(tag: number, otherwise?: number): number {
    const value = this.long(tag, otherwise, 'an unsigned int');
    if (value >>> 0 !== value) throw this.invalid(tag, `${value} is no unsigned int`);
    return value;
  }

  /** A `long` as a number. @throws TarsDecodeException when no number can hold it. */
  readLong(tag: number, otherwise?: number): number {
    const value = this.long(tag, otherwise, 'a long');
    if (!Number.isSafeInteger(value)) {
      throw this.invalid(tag, 'the long is beyond what a number holds exactly; have it generated as bigint');
    }
    return value;
  }

  readInt64(tag: number, otherwise?: bigint): bigint {
    const type = this.find(tag);
    if (type === -1) return otherwise ?? this.missing(tag);
    if (type === INT8) {
      this.advance(8, tag);
      const at = this.at;
      return (BigInt(this.int4(at - 8)) << 32n) | BigInt(this.int4(at - 4) >>> 0);
    }
    return BigInt(this.small(tag, type, 'a long'));
  }

  private integer(tag: number, width: number, otherwise: number | undefined, what: string): number {
    const type = this.find(tag);
    // A wider one than the type has does not fit, whatever its value.
    if (type <= width >> 1 && type >= 0) return this.small(tag, type, what);
    if (type === ZERO) return 0;
    if (type === -1) return otherwise ?? this.missing(tag);
    throw this.mismatch(tag, type, what);
  }

  /** An integer of at most 32 bits. */
  private small(tag: number, type: number, what: string): number {
    const { at, bytes } = this;
    const left = this.end - at;
    switch (type) {
      case INT1:
        if (left < 1) throw this.short(tag, 1);
        this.at = at + 1;
        return ((bytes[at] as number) << 24) >> 24;
      case INT2:
        if (left < 2) throw this.short(tag, 2);
        this.at = at + 2;
        return (((bytes[at] as number) << 24) >> 16) | (bytes[at + 1] as number);
      case INT4:
        if (left < 4) throw this.short(tag, 4);
        this.at = at + 4;
        return this.int4(at);
      case ZERO:
        return 0;
      default:
        throw this.mismatch(tag, type, what);
    }
  }

  private int4(at: number): number {
    const bytes = this.bytes;
    return (
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
    );
  }

  /** As near as a number comes to it. */
  private long(tag: number, otherwise: number | undefined, what: string): number {
    const type = this.find(tag);
    if (type === -1) return otherwise ?? this.missing(tag);
    if (type !== INT8) return this.small(tag, type, what);
    const { at } = this;
    this.advance(8, tag);
    return this.int4(at) * 0x1_0000_0000 + (this.int4(at + 4) >>> 0);
  }

  readFloat(tag: number, otherwise?: number): number {
    const type = this.find(tag);
    if (type === -1) return otherwise ?? this.missing(tag);
    return this.float(tag, type, 'a float');
  }

  readDouble(tag: number, otherwise?: number): number {
    const type = this.find(tag);
    if (type === -1) return otherwise ?? this.missing(tag);
    if (type !== DOUBLE) return this.float(tag, type, 'a double');
    const { at } = this;
    this.advance(8, tag);
    return doubleOf(this.int4(at), this.int4(at + 4));
  }

  private float(tag: number, type: number, what: string): number {
    if (type === ZERO) return 0;
    if (type !== FLOAT) throw this.mismatch(tag, type, what);
    this.advance(4, tag);
    return floatOf(this.int4(this.at - 4));
  }

  // --- texts and bytes -----------------------------------------------------------------------------------------------------

  readString(tag: number, otherwise?: string): string {
    const type = this.find(tag);
    if (type === -1) return otherwise ?? this.missing(tag);
    // Nearly all are short, and this is the most frequent of fields: no call for them but the last.
    const { at, end, bytes } = this;
    if (type === STRING1 && at < end) {
      const begin = at + 1;
      const size = bytes[at] as number;
      if (size <= end - begin) {
        this.at = begin + size;
        return readUtf8(bytes, begin, size);
      }
    }
    const size = this.textSize(tag, type);
    return readUtf8(bytes, this.at - size, size);
  }

  /** A required string that is likely to come again: the name of a function, the key of a map. */
  readName(tag: number): string {
    const type = this.find(tag);
    if (type === -1) return this.missing(tag);
    const size = this.textSize(tag, type);
    return readName(this.bytes, this.at - size, size);
  }

  /** Goes past a text. @returns how many bytes it has. */
  private textSize(tag: number, type: number): number {
    let size: number;
    if (type === STRING1) {
      this.advance(1, tag);
      size = this.bytes[this.at - 1] as number;
    } else if (type === STRING4) {
      this.advance(4, tag);
      size = this.int4(this.at - 4) >>> 0;
      if (size > MAX_STRING_BYTES) throw this.invalid(tag, `the string has ${size} bytes, more than TARS allows`);
    } else throw this.mismatch(tag, type, 'a string');
    this.advance(size, tag);
    return size;
  }

  /** A required `vector<byte>` as a range of the bytes that this stream reads, without a view. */
  readByteVector(tag: number): ByteVector {
    const type = this.find(tag);
    if (type === -1) this.missing(tag);
    if (type === LIST) return new ByteVector(this.byteList(tag));
    if (type !== SIMPLE_LIST) throw this.mismatch(tag, type, 'a vector<byte>');
    const size = this.simpleListSize(tag);
    this.advance(size, tag);
    return new ByteVector().assignRange(this.bytes, this.at - size, this.at);
  }

  /** A `vector<byte>`, not copied. */
  readBytes(tag: number, otherwise?: Uint8Array): Uint8Array {
    const type = this.find(tag);
    if (type === -1) return otherwise ?? this.missing(tag);
    if (type === LIST) return this.byteList(tag);
    if (type !== SIMPLE_LIST) throw this.mismatch(tag, type, 'a vector<byte>');
    const size = this.simpleListSize(tag);
    this.advance(size, tag);
    const { buffer, byteOffset } = this.bytes;
    return new Uint8Array(buffer, byteOffset + this.at - size, size);
  }

  /** Some write bytes as a list of integers. */
  private byteList(tag: number): Uint8Array {
    const size = this.size(tag, 1);
    const value = new Uint8Array(size);
    for (let i = 0; i < size; i++) value[i] = this.readInt8(0);
    return value;
  }

  private simpleListSize(tag: number): number {
    const type = this.anyHead(tag);
    if (type !== INT1) throw this.mismatch(tag, type, 'the bytes of a simple list');
    return this.size(tag, 1);
  }

  // --- containers ----------------------------------------------------------------------------------------------------------

  /** How many elements of a list follow. */
  readListSize(tag: number, otherwise?: number): number {
    const type = this.find(tag);
    if (type === -1) return otherwise ?? this.missing(tag);
    if (type !== LIST) throw this.mismatch(tag, type, 'a list');
    return this.size(tag, 1);
  }

  /** How many entries of a map follow. */
  readMapSize(tag: number, otherwise?: number): number {
    const type = this.find(tag);
    if (type === -1) return otherwise ?? this.missing(tag);
    if (type !== MAP) throw this.mismatch(tag, type, 'a map');
    return this.size(tag, 2);
  }

  /** @param least bytes that one element has at least. */
  private size(tag: number, least: number): number {
    const type = this.anyHead(tag);
    const size = this.small(tag, type, 'the number of elements');
    if (size < 0 || size * least > this.remaining) {
      throw this.invalid(tag, `it is said to have ${size} elements, and ${this.remaining} bytes follow`);
    }
    return size;
  }

  readStruct<T>(tag: number, type: StructReader<T>, otherwise?: T): T {
    const found = this.find(tag);
    if (found === -1) return otherwise ?? this.missing(tag);
    if (found !== STRUCT_BEGIN) throw this.mismatch(tag, found, type.typeName);
    this.enter(tag);
    let value: T;
    try {
      value = type.read(this);
    } catch (fault) {
      noteStruct(fault, type.fieldNames);
      throw fault;
    }
    // Most have nothing behind the fields that are known.
    if (this.at < this.end && this.bytes[this.at] === STRUCT_END) this.at++;
    else this.skipToStructEnd();
    this.depth--;
    return value;
  }

  // --- faults --------------------------------------------------------------------------------------------------------------

  private missing(tag: number): never {
    throw this.invalid(tag, 'the field is required and not there', true);
  }

  private mismatch(tag: number, type: number, wanted: string): TarsDecodeException {
    return this.invalid(tag, `${wanted} was expected, found ${wireTypeName(type)}`);
  }

  private short(tag: number, size: number): TarsDecodeException {
    return this.invalid(tag, `${size} bytes should follow, and there are ${this.remaining}`);
  }

  private invalid(tag: number, problem: string, isMissing = false): TarsDecodeException {
    return decodeException({ stream: this, offset: this.position, tag, isMissing, problem });
  }
}
