import type { NetWorkBuffer } from '../buffer/network-buffer.js';
import { CR, invalidHttp, isText, isToken, LF, tooLargeHttp } from './http-bytes.js';

/** What comes next in a chunked body. */
const Phase = {
  SIZE: 0,
  EXTENSION: 1,
  SIZE_LF: 2,
  DATA: 3,
  DATA_CR: 4,
  DATA_LF: 5,
  LINE: 6,
  NAME: 7,
  VALUE: 8,
  VALUE_LF: 9,
  END_LF: 10,
  DONE: 11,
} as const;
type Phase = (typeof Phase)[keyof typeof Phase];

/** A chunk size needs no more digits; more would leave the integers that are exact. */
const MAX_DIGITS = 8;

/**
 * Finds the end of a body in chunks. Goes on where it stopped when more bytes came, so that each byte is looked at once.
 *
 * Source: RFC 9112 section 7.1, without its leniences: lines end with CR LF, sizes have no space around.
 */
export class ChunkedBody {
  /** The first byte that was not looked at, counted from the begin of the message; when done, its end. */
  position: number;
  readonly #begin: number;
  readonly #maxBytes: number;
  /** Bytes of extensions and trailers that may still come. */
  #extraLeft: number;
  #phase: Phase = Phase.SIZE;
  /** Digits of the size so far. */
  #digits = 0;
  /** The size; then bytes of the chunk that are missing. */
  #left = 0;

  /**
   * @param maxBytes limit of the body as it is sent, sizes and trailers included.
   * @param maxExtraBytes limit of its extensions and trailers together.
   */
  constructor(begin: number, maxBytes: number, maxExtraBytes: number) {
    this.position = begin;
    this.#begin = begin;
    this.#maxBytes = maxBytes;
    this.#extraLeft = maxExtraBytes;
  }

  /**
   * Looks at what has come; true when the body is complete.
   *
   * @throws TarsDecodeException for a malformed or too large body.
   */
  scan(input: NetWorkBuffer): boolean {
    const available = input.getBufferLength();
    while (this.#phase !== Phase.DONE && this.position < available) {
      if (this.#phase === Phase.DATA) {
        const step = Math.min(this.#left, available - this.position);
        this.position += step;
        this.#left -= step;
        if (this.#left === 0) this.#phase = Phase.DATA_CR;
      } else {
        this.#phase = this.#next(this.#phase, input.peekUint8(this.position));
        this.position++;
      }
      this.#checkSize(this.position - this.#begin);
    }
    return this.#phase === Phase.DONE;
  }

  #next(phase: Exclude<Phase, typeof Phase.DATA>, byte: number): Phase {
    switch (phase) {
      case Phase.SIZE:
        return this.#size(byte);
      case Phase.EXTENSION:
        return byte === CR ? Phase.SIZE_LF : this.#text(byte, Phase.EXTENSION);
      case Phase.SIZE_LF:
        expect(byte, LF);
        this.#digits = 0;
        return this.#left === 0 ? Phase.LINE : Phase.DATA;
      case Phase.DATA_CR:
        expect(byte, CR);
        return Phase.DATA_LF;
      case Phase.DATA_LF:
        expect(byte, LF);
        return Phase.SIZE;
      case Phase.LINE:
        return byte === CR ? Phase.END_LF : this.#name(byte);
      case Phase.NAME:
        return byte === 0x3a ? Phase.VALUE : this.#name(byte);
      case Phase.VALUE:
        return byte === CR ? Phase.VALUE_LF : this.#text(byte, Phase.VALUE);
      case Phase.VALUE_LF:
        expect(byte, LF);
        return Phase.LINE;
      case Phase.END_LF:
        expect(byte, LF);
        return Phase.DONE;
      case Phase.DONE:
        break;
    }
    return Phase.DONE;
  }

  #size(byte: number): Phase {
    const digit = hexDigit(byte);
    if (digit < 0) {
      if (this.#digits === 0 || (byte !== CR && byte !== 0x3b)) throw invalidHttp('a chunk has no valid size');
      // At least so much follows: line ends, the data, and the last chunk.
      this.#checkSize(this.position - this.#begin + (this.#left === 0 ? 4 : this.#left + 9));
      return byte === CR ? Phase.SIZE_LF : Phase.EXTENSION;
    }
    if (this.#digits === MAX_DIGITS) throw invalidHttp(`a chunk size has more than ${MAX_DIGITS} digits`);
    this.#left = (this.#digits++ === 0 ? 0 : this.#left * 16) + digit;
    return Phase.SIZE;
  }

  #text<T extends Phase>(byte: number, phase: T): T {
    if (!isText(byte)) throw invalidHttp(`control character ${byte} in a chunk extension or trailer`);
    this.#takeExtra();
    return phase;
  }

  #name(byte: number): Phase {
    if (!isToken(byte)) throw invalidHttp(`byte ${byte} in the name of a trailer`);
    this.#takeExtra();
    return Phase.NAME;
  }

  /** Nobody needs much of it, and it costs more than the bytes of the body. */
  #takeExtra(): void {
    if (this.#extraLeft-- > 0) return;
    throw tooLargeHttp(
      'the chunk extensions and trailers of a body are larger than a head may be: raise maxHeadBytes, or send less',
    );
  }

  #checkSize(size: number): void {
    if (size <= this.#maxBytes) return;
    throw tooLargeHttp(
      `a chunked body of ${size} bytes or more; ${this.#maxBytes} are allowed: raise maxBodyBytes, or send less`,
    );
  }
}

function expect(byte: number, wanted: number): void {
  if (byte !== wanted) throw invalidHttp(`byte ${byte} in a chunked body where a line or chunk must end with CR LF`);
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
