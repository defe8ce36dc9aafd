import { type Bytes, ByteVector } from '../buffer/byte-vector.js';
import { plainBytes } from '../buffer/plain-bytes.js';
import type { TarsDecodeException } from '../errors/exceptions.js';
import { DecodeBudget, type DecodeLimits, decodeDefaults, LOOK_EVERY } from './decode-budget.js';
import { decodeException } from './decode-fault.js';
import { WireType, wireTypeName } from './wire-type.js';

/** Structs and containers within each other. TarsCpp has no limit, so that a few kilobytes end its process. */
const MAX_DEPTH = 100;

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

/** Finds the fields of TARS in bytes, and goes past those that nobody asks for: the half of reading that knows no types of an IDL. */
export abstract class FieldReader {
  // Not of `#`, whose key is loaded for each access unless all is inlined (Node 20.20).
  protected readonly bytes: Uint8Array;
  protected readonly begin: number;
  protected readonly end: number;
  protected at: number;
  protected depth = 0;
  /** Undefined for what is so short that it cannot cost much. */
  protected readonly budget: DecodeBudget | undefined;
  /** Where the clock is looked at next; the end where there is no budget. */
  protected soft: number;

  /**
   * @param bytes not copied; byte arrays that are read are parts of it.
   * @param limits what reading may cost; the defaults unless told.
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is no bytes.
   */
  constructor(bytes: Bytes, limits: DecodeLimits = decodeDefaults) {
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
    if (this.end - this.begin <= LOOK_EVERY) {
      this.budget = undefined;
      this.soft = this.end;
    } else {
      this.budget = DecodeBudget.of(limits);
      this.soft = this.begin + LOOK_EVERY;
    }
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
  protected find(tag: number): number {
    const at = this.at;
    if (at < this.soft && tag < 15) {
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

  protected seek(tag: number): number {
    const bytes = this.bytes;
    while (this.at < this.end) {
      if (this.at >= this.soft) this.look();
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

  protected skip(type: number, tag: number): void {
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

  protected skipFields(count: number, tag: number): void {
    for (let left = count; left > 0; left--) this.skip(this.anyHead(tag), tag);
  }

  /** The way of all reading and skipping of long packets comes through here again and again. */
  protected look(): void {
    if (this.soft === this.end || this.budget === undefined) return;
    this.soft = Math.min(this.end, this.at + this.budget.look());
  }

  /** The type of the next head, whatever its tag. */
  protected anyHead(tag: number): number {
    if (this.at >= this.soft) this.look();
    this.advance(1, tag);
    const head = this.bytes[this.at - 1] as number;
    if (head >> 4 === 15) this.advance(1, tag);
    return head & 15;
  }

  protected skipToStructEnd(): void {
    for (;;) {
      const at = this.at;
      const type = this.anyHead(-1);
      if (type === STRUCT_END) return;
      const tag = (this.bytes[at] as number) >> 4;
      this.skip(type, tag < 15 ? tag : (this.bytes[at + 1] as number));
    }
  }

  protected advance(size: number, tag: number): void {
    if (size > this.end - this.at) throw this.short(tag, size);
    this.at += size;
  }

  protected enter(tag: number): void {
    if (++this.depth > MAX_DEPTH) throw this.invalid(tag, `values lie more than ${MAX_DEPTH} deep in each other`);
  }

  /** @param least bytes that one element has at least. */
  protected size(tag: number, least: number): number {
    const type = this.anyHead(tag);
    const size = this.small(tag, type, 'the number of elements');
    if (size < 0 || size * least > this.remaining) {
      throw this.invalid(tag, `it is said to have ${size} elements, and ${this.remaining} bytes follow`);
    }
    return size;
  }

  protected simpleListSize(tag: number): number {
    const type = this.anyHead(tag);
    if (type !== INT1) throw this.mismatch(tag, type, 'the bytes of a simple list');
    return this.size(tag, 1);
  }

  /** An integer of at most 32 bits. */
  protected small(tag: number, type: number, what: string): number {
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

  protected int4(at: number): number {
    const bytes = this.bytes;
    return (
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
    );
  }

  // --- faults --------------------------------------------------------------------------------------------------------------

  protected missing(tag: number): never {
    throw this.invalid(tag, 'the field is required and not there', true);
  }

  protected mismatch(tag: number, type: number, wanted: string): TarsDecodeException {
    return this.invalid(tag, `${wanted} was expected, found ${wireTypeName(type)}`);
  }

  protected short(tag: number, size: number): TarsDecodeException {
    return this.invalid(tag, `${size} bytes should follow, and there are ${this.remaining}`);
  }

  protected invalid(tag: number, problem: string, isMissing = false): TarsDecodeException {
    return decodeException({ stream: this, offset: this.position, tag, isMissing, problem });
  }
}
