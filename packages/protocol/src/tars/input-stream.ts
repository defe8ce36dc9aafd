import { ByteVector } from '../buffer/byte-vector.js';
import { Weight } from './decode-budget.js';
import { noteStruct } from './decode-fault.js';
import { FieldReader } from './field-reader.js';
import { doubleOf, floatOf } from './float-bits.js';
import { readName } from './name-cache.js';
import { weightOfStruct } from './struct-weight.js';
import { readUtf8 } from './text-codec.js';
import { WireType } from './wire-type.js';

/** Source: TARS_MAX_STRING_LENGTH (TarsCpp). */
const MAX_STRING_BYTES = 104_857_600;

// To the compiler of Node only a constant of the module itself is one: what is imported is loaded each time, and so are its properties.
const { INT1, INT8, FLOAT, DOUBLE, STRING1, STRING4, MAP, LIST, STRUCT_BEGIN, STRUCT_END, ZERO, SIMPLE_LIST } =
  WireType;

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
 * Fields are asked for in ascending order of their tags; those that nobody asks for are skipped. Each `read...(tag, otherwise)` gives
 * `otherwise` when there is no such field, and throws when `otherwise` was not given: the field is required then. Elements of a list are read
 * with tag 0, keys and values of a map with tags 0 and 1.
 *
 * Bad bytes give a `TarsDecodeException` that says at which byte (`where.offset`) and field; no count or length is believed
 * that the bytes cannot hold.
 *
 * Source: TarsInputStream (Tars.h, TarsCpp), which swallows errors while it skips.
 */
export class TarsInputStream extends FieldReader {
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
    return value >= 0 && value <= 0xff ? value : this.bitsOf(tag, value, 0xff, 'an unsigned byte');
  }

  readUInt16(tag: number, otherwise?: number): number {
    const value = this.integer(tag, 4, otherwise, 'an unsigned short');
    return value >= 0 && value <= 0xffff ? value : this.bitsOf(tag, value, 0xffff, 'an unsigned short');
  }

  readUInt32(tag: number, otherwise?: number): number {
    const value = this.long(tag, otherwise, 'an unsigned int');
    return value >>> 0 === value ? value : this.bitsOf(tag, value, 0xffff_ffff, 'an unsigned int');
  }

  /** Some write the bits of an unsigned integer as a signed one, and TarsCpp and TarsGo read them so. */
  private bitsOf(tag: number, value: number, most: number, what: string): number {
    if (value < 0 && value >= -(most + 1) / 2) return value + most + 1;
    throw this.invalid(tag, `${value} is not ${what}`);
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
    this.budget?.charge(Weight.BYTES);
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
    this.budget?.charge(Weight.BYTES);
    const { buffer, byteOffset } = this.bytes;
    return new Uint8Array(buffer, byteOffset + this.at - size, size);
  }

  /** Some write bytes as a list of integers. */
  private byteList(tag: number): Uint8Array {
    const size = this.size(tag, 1);
    this.budget?.charge(Weight.BYTES);
    const value = new Uint8Array(size);
    for (let i = 0; i < size; i++) value[i] = this.readInt8(0);
    return value;
  }

  /** A `vector<unsigned byte>`: a list of integers, or plain bytes, as TarsGo writes it. */
  readUnsignedBytes(tag: number, otherwise?: number[]): number[] {
    const type = this.find(tag);
    if (type === -1) return otherwise ?? this.missing(tag);
    if (type === SIMPLE_LIST) {
      const size = this.simpleListSize(tag);
      this.advance(size, tag);
      this.budget?.charge(Weight.LIST + size);
      return Array.from(this.bytes.subarray(this.at - size, this.at));
    }
    const value: number[] = [];
    for (let left = this.listSize(tag, type); left > 0; left--) value.push(this.readUInt8(0));
    return value;
  }

  // --- containers ----------------------------------------------------------------------------------------------------------

  /** How many elements of a list follow. */
  readListSize(tag: number, otherwise?: number): number {
    const type = this.find(tag);
    return type === -1 ? (otherwise ?? this.missing(tag)) : this.listSize(tag, type);
  }

  private listSize(tag: number, type: number): number {
    if (type !== LIST) throw this.mismatch(tag, type, 'a list');
    const size = this.size(tag, 1);
    this.budget?.charge(size === 0 ? Weight.EMPTY_LIST : Weight.LIST + size);
    return size;
  }

  /** How many entries of a map follow. */
  readMapSize(tag: number, otherwise?: number): number {
    const type = this.find(tag);
    if (type === -1) return otherwise ?? this.missing(tag);
    if (type !== MAP) throw this.mismatch(tag, type, 'a map');
    const size = this.size(tag, 2);
    this.budget?.charge(size === 0 ? Weight.EMPTY_MAP : Weight.MAP + Weight.ENTRY * size);
    return size;
  }

  readStruct<T>(tag: number, type: StructReader<T>, otherwise?: T): T {
    const found = this.find(tag);
    if (found === -1) return otherwise ?? this.missing(tag);
    if (found !== STRUCT_BEGIN) throw this.mismatch(tag, found, type.typeName);
    this.budget?.charge(weightOfStruct(type));
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
}
