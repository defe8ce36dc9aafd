import { TarsDecodeException } from '../errors/exceptions.js';
import { DecodeBudget, type DecodeLimits, decodeDefaults, LOOK_EVERY, Weight } from './decode-budget.js';
import { jsonMembers, makeJsonObject } from './json-faults.js';
import type { TarsJson } from './tars-json.js';

/** Arrays and objects within each other. */
const MAX_DEPTH = 100;
/** Every 64-bit integer has at most so many characters, its sign included; longer ones can only be doubles. */
const LONGEST_INTEGER = 20;
/** Integers of so many digits are exact. */
const EXACT_DIGITS = 15;
/** Texts are copied from here on: a shorter one is copied by the engine, a longer one would keep the whole JSON alive. */
const LONG_TEXT = 13;

const NUMBER = /-?(?:0|[1-9]\d*)((?:\.\d+)?(?:[eE][+-]?\d+)?)/y;

/** What may follow a backslash. */
const ESCAPES = '"\\/bfnrtu';

const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const BACKSLASH = 0x5c;

/**
 * Reads JSON as `JSON.parse` does, but rounds no integer of 64 bits: those beyond 2^53 become `bigint`. What objects inherit has no members, so
 * that a member may have any name.
 *
 * @param limits what the values may cost; the defaults unless told.
 * @throws TarsDecodeException for what is no JSON, or lies more than 100 deep; `where.offset` counts characters. `TARSIER_DECODE_LIMIT` for
 * what costs more than is allowed.
 */
export function parseTarsJson(text: string, limits: DecodeLimits = decodeDefaults): TarsJson {
  return new JsonParser(text, limits).parse();
}

/**
 * Reads an object of which few members are asked for: the others are gone past, and nothing is built of them.
 *
 * @param wanted the names that are asked for.
 * @throws TarsDecodeException as {@link parseTarsJson}.
 */
export function parseMembers(
  text: string,
  wanted: ReadonlySet<string>,
  limits: DecodeLimits,
): { readonly [name: string]: TarsJson } {
  return new JsonParser(text, limits).parseMembers(wanted);
}

class JsonParser {
  // Not of `#`, whose key is loaded for each access unless all is inlined (Node 20.20).
  private readonly text: string;
  private readonly budget: DecodeBudget | undefined;
  private at = 0;
  private depth = 0;
  /** Where the clock is looked at next. */
  private soft: number;
  /** False while a value is gone past: what the functions below return means nothing then. */
  private builds = true;

  constructor(text: string, limits: DecodeLimits) {
    this.text = text;
    const isShort = text.length <= LOOK_EVERY && !(limits instanceof DecodeBudget);
    this.budget = isShort ? undefined : DecodeBudget.of(limits);
    this.soft = LOOK_EVERY;
  }

  parse(): TarsJson {
    const value = this.value();
    this.expectEnd();
    return value;
  }

  parseMembers(wanted: ReadonlySet<string>): { readonly [name: string]: TarsJson } {
    this.space();
    if (this.text.charCodeAt(this.at) !== 0x7b) return jsonMembers(this.parse(), 'an object of the values');
    const members = this.object(wanted);
    this.expectEnd();
    return members;
  }

  private expectEnd(): void {
    this.space();
    if (this.at < this.text.length) throw this.fault('the end was expected');
  }

  private value(): TarsJson {
    if (this.at >= this.soft) this.look();
    this.space();
    switch (this.text.charCodeAt(this.at)) {
      case 0x7b:
        return this.object();
      case 0x5b:
        return this.array();
      case QUOTE:
        return this.string();
      case 0x74:
        return this.word('true', true);
      case 0x66:
        return this.word('false', false);
      case 0x6e:
        return this.word('null', null);
      default:
        return this.number();
    }
  }

  private look(): void {
    this.soft = this.at + (this.budget?.look() ?? LOOK_EVERY);
  }

  /** @param wanted of the outermost object, whose other members are gone past. */
  private object(wanted?: ReadonlySet<string>): { [key: string]: TarsJson } {
    const builds = this.builds;
    const object = builds ? makeJsonObject() : nothing;
    if (builds) this.budget?.charge(Weight.OBJECT);
    this.enter();
    if (this.takes(0x7d)) return this.leave(object);
    do {
      this.space();
      if (this.text.charCodeAt(this.at) !== QUOTE) throw this.fault('the name of a member was expected');
      const name = this.string(true);
      if (!this.takes(0x3a)) throw this.fault("':' was expected");
      this.builds = builds && (wanted === undefined || wanted.has(name));
      const value = this.value();
      if (this.builds) {
        this.budget?.charge(Weight.MEMBER);
        object[name] = value;
      }
      this.builds = builds;
    } while (this.takes(0x2c));
    if (!this.takes(0x7d)) throw this.fault("',' or '}' was expected");
    return this.leave(object);
  }

  private array(): TarsJson[] {
    const { builds, budget } = this;
    const array: TarsJson[] = [];
    if (builds) budget?.charge(Weight.EMPTY_LIST);
    this.enter();
    if (this.takes(0x5d)) return this.leave(array);
    do {
      const value = this.value();
      if (builds) {
        budget?.charge(Weight.MEMBER);
        array.push(value);
      }
    } while (this.takes(0x2c));
    if (!this.takes(0x5d)) throw this.fault("',' or ']' was expected");
    return this.leave(array);
  }

  private enter(): void {
    if (++this.depth > MAX_DEPTH) throw this.fault(`values lie more than ${MAX_DEPTH} deep in each other`);
    this.at++;
  }

  private leave<T>(value: T): T {
    this.depth--;
    return value;
  }

  /** @param isName names are kept by the engine once for all. */
  private string(isName = false): string {
    const { text, builds } = this;
    const begin = ++this.at;
    let isPlain = true;
    for (;;) {
      const unit = text.charCodeAt(this.at);
      if (unit === QUOTE) break;
      if (unit === BACKSLASH) {
        isPlain = false;
        this.at++;
        this.escape();
      } else if (unit >= 0x20) this.at++;
      else throw this.fault(unit < 0x20 ? 'a string has a control character' : 'a string does not end');
    }
    const end = this.at++;
    if (!builds) return '';
    if (isPlain && (isName || end - begin < LONG_TEXT)) return text.slice(begin, end);
    // The engine's own parser makes a text that stands for itself, and takes escapes in one go.
    return JSON.parse(text.slice(begin - 1, end + 1)) as string;
  }

  /** Goes past what follows a backslash. */
  private escape(): void {
    const letter = this.text.charAt(this.at);
    if (letter === '' || !ESCAPES.includes(letter)) throw this.fault('an escape was expected that JSON knows');
    this.at++;
    if (letter !== 'u') return;
    for (const end = this.at + 4; this.at < end; this.at++) {
      if (!isHexDigit(this.text.charCodeAt(this.at))) {
        this.at = end - 4;
        throw this.fault('four hexadecimal digits were expected');
      }
    }
  }

  private number(): number | bigint {
    const text = this.text;
    const begin = this.at;
    const isNegative = text.charCodeAt(begin) === MINUS;
    let at = isNegative ? begin + 1 : begin;
    const first = at;
    let value = 0;
    let unit = text.charCodeAt(at);
    while (unit >= ZERO && unit <= NINE && at - first <= EXACT_DIGITS) {
      value = value * 10 + (unit - ZERO);
      unit = text.charCodeAt(++at);
    }
    const digits = at - first;
    // Neither a fraction nor an exponent, no digit too many, and no zero in front of others.
    const isPlain = unit !== 0x2e && unit !== 0x65 && unit !== 0x45 && digits > 0 && digits <= EXACT_DIGITS;
    if (isPlain && (digits === 1 || text.charCodeAt(first) !== ZERO)) {
      this.at = at;
      return isNegative ? -value : value;
    }
    return this.anyNumber();
  }

  private anyNumber(): number | bigint {
    NUMBER.lastIndex = this.at;
    if (!this.builds) {
      if (!NUMBER.test(this.text)) throw this.fault('a value was expected');
      this.at = NUMBER.lastIndex;
      return 0;
    }
    const found = NUMBER.exec(this.text);
    if (found === null) throw this.fault('a value was expected');
    const digits = found[0];
    this.at += digits.length;
    const value = Number(digits);
    const isWhole = found[1] === '';
    return isWhole && !Number.isSafeInteger(value) && digits.length <= LONGEST_INTEGER ? BigInt(digits) : value;
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) throw this.fault('a value was expected');
    this.at += word.length;
    return value;
  }

  private takes(unit: number): boolean {
    if (this.text.charCodeAt(this.at) === unit) {
      this.at++;
      return true;
    }
    this.space();
    if (this.text.charCodeAt(this.at) !== unit) return false;
    this.at++;
    return true;
  }

  /** Goes past spaces, line ends and tabs. */
  private space(): void {
    for (;;) {
      const unit = this.text.charCodeAt(this.at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.at++;
    }
  }

  private fault(problem: string): TarsDecodeException {
    const offset = this.at;
    const found = this.text[offset];
    const what = found === undefined ? 'the end' : JSON.stringify(found);
    return new TarsDecodeException(`JSON, character ${offset}: ${problem}, found ${what}`, { where: { offset } });
  }
}

function isHexDigit(unit: number): boolean {
  const letter = unit | 0x20;
  return (unit >= ZERO && unit <= NINE) || (letter >= 0x61 && letter <= 0x66);
}

/** Stands for objects that are not built. */
const nothing: { [key: string]: TarsJson } = Object.freeze(makeJsonObject());
