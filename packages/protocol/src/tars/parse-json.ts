import { TarsDecodeException } from '../errors/exceptions.js';
import { makeJsonObject } from './json-faults.js';
import type { TarsJson } from './tars-json.js';

/** Arrays and objects within each other. */
const MAX_DEPTH = 100;
/** Every 64-bit integer has at most so many characters, its sign included; longer ones can only be doubles. */
const LONGEST_INTEGER = 20;

const NUMBER = /-?(?:0|[1-9]\d*)(?<rest>(?:\.\d+)?(?:[eE][+-]?\d+)?)/y;
const HEX4 = /^[\da-fA-F]{4}$/;

/** Space, line feed, carriage return, tab. */
const SPACES: readonly number[] = [0x20, 0x0a, 0x0d, 0x09];

const escapes: { readonly [letter: string]: string } = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/**
 * Reads JSON as `JSON.parse` does, but rounds no integer of 64 bits: those beyond 2^53 become `bigint`. Objects have no prototype, so
 * that a member may have any name.
 *
 * @throws TarsDecodeException for what is no JSON, or lies more than 100 deep; `where.offset` counts characters.
 */
export function parseTarsJson(text: string): TarsJson {
  return new JsonParser(text).parse();
}

class JsonParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): TarsJson {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw this.#fault('the end was expected');
    return value;
  }

  #value(): TarsJson {
    this.#space();
    switch (this.#text.charAt(this.#at)) {
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case '"':
        return this.#string();
      case 't':
        return this.#word('true', true);
      case 'f':
        return this.#word('false', false);
      case 'n':
        return this.#word('null', null);
      default:
        return this.#number();
    }
  }

  #object(): TarsJson {
    const object = makeJsonObject();
    this.#enter();
    if (this.#takes('}')) return this.#leave(object);
    do {
      this.#space();
      if (this.#text[this.#at] !== '"') throw this.#fault('the name of a member was expected');
      const name = this.#string();
      if (!this.#takes(':')) throw this.#fault("':' was expected");
      object[name] = this.#value();
    } while (this.#takes(','));
    if (!this.#takes('}')) throw this.#fault("',' or '}' was expected");
    return this.#leave(object);
  }

  #array(): TarsJson {
    const array: TarsJson[] = [];
    this.#enter();
    if (this.#takes(']')) return this.#leave(array);
    do array.push(this.#value());
    while (this.#takes(','));
    if (!this.#takes(']')) throw this.#fault("',' or ']' was expected");
    return this.#leave(array);
  }

  #enter(): void {
    if (++this.#depth > MAX_DEPTH) throw this.#fault(`values lie more than ${MAX_DEPTH} deep in each other`);
    this.#at++;
  }

  #leave<T>(value: T): T {
    this.#depth--;
    return value;
  }

  #string(): string {
    let value = '';
    this.#at++;
    for (;;) {
      value += this.#plainText();
      const end = this.#text[this.#at];
      if (end === '"') {
        this.#at++;
        return value;
      }
      if (end !== '\\')
        throw this.#fault(end === undefined ? 'a string does not end' : 'a string has a control character');
      this.#at++;
      value += this.#escaped();
    }
  }

  #plainText(): string {
    const text = this.#text;
    const from = this.#at;
    let at = from;
    for (let unit = text.charCodeAt(at); unit >= 0x20 && unit !== 0x22 && unit !== 0x5c; unit = text.charCodeAt(++at));
    this.#at = at;
    return text.slice(from, at);
  }

  #escaped(): string {
    const letter = this.#text[this.#at] ?? '';
    this.#at++;
    if (letter === 'u') {
      const digits = this.#text.slice(this.#at, this.#at + 4);
      if (!HEX4.test(digits)) throw this.#fault('four hexadecimal digits were expected');
      this.#at += 4;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    if (!Object.hasOwn(escapes, letter)) {
      this.#at--;
      throw this.#fault('an escape was expected that JSON knows');
    }
    return escapes[letter] as string;
  }

  #number(): number | bigint {
    NUMBER.lastIndex = this.#at;
    const found = NUMBER.exec(this.#text);
    if (found === null) throw this.#fault('a value was expected');
    const digits = found[0];
    this.#at += digits.length;
    const value = Number(digits);
    const isWhole = found.groups?.['rest'] === '';
    return isWhole && !Number.isSafeInteger(value) && digits.length <= LONGEST_INTEGER ? BigInt(digits) : value;
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#fault('a value was expected');
    this.#at += word.length;
    return value;
  }

  #takes(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    while (SPACES.includes(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  #fault(problem: string): TarsDecodeException {
    const offset = this.#at;
    const found = this.#text[offset];
    const what = found === undefined ? 'the end' : JSON.stringify(found);
    return new TarsDecodeException(`JSON, character ${offset}: ${problem}, found ${what}`, { where: { offset } });
  }
}
