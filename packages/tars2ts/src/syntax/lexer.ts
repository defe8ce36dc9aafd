import { type Problem, problemAt } from '../source/problem.js';
import type { SourceFile } from '../source/source-file.js';
import { unescapeString } from './string-literal.js';
import { type Comment, keywords, type Token, type TokenKind } from './token.js';

/** One alternative per kind of token; sticky, so that each character is looked at a bounded number of times. */
const pattern =
  /(?<blank>[\s\uFEFF]+)|(?<line>\/\/[^\n]*)|(?<block>\/\*)|(?<name>[A-Za-z_][A-Za-z0-9_]*)|(?<number>[+-]?(?:0[xX][0-9A-Za-z_]*|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[A-Za-z0-9_]*))|(?<string>")|(?<include>#[ \t]*include\b)|(?<sign>::|[{}()<>[\];:,=*])/y;

/** Cuts a text into tokens. What is no token is reported and left out, so that the parser still sees the rest. */
export function tokenize(source: SourceFile, problems: Problem[]): Token[] {
  return new Lexer(source, problems).run();
}

class Lexer {
  readonly #source: SourceFile;
  readonly #text: string;
  readonly #problems: Problem[];
  readonly #tokens: Token[] = [];
  #comments: Comment[] = [];
  #at = 0;

  constructor(source: SourceFile, problems: Problem[]) {
    this.#source = source;
    this.#text = source.text;
    this.#problems = problems;
  }

  run(): Token[] {
    const { length } = this.#text;
    while (this.#at < length) this.#next();
    this.#push('end', this.#at, this.#at);
    return this.#tokens;
  }

  #next(): void {
    const start = this.#at;
    pattern.lastIndex = start;
    const groups = pattern.exec(this.#text)?.groups;
    if (groups === undefined) {
      this.#strange(start);
      return;
    }
    const end = pattern.lastIndex;
    this.#at = end;
    if (groups['blank'] !== undefined) return;
    if (groups['line'] !== undefined) this.#comments.push({ start, end });
    else if (groups['block'] !== undefined) this.#block(start);
    else if (groups['name'] !== undefined) this.#push(keywords.has(groups['name']) ? 'keyword' : 'name', start, end);
    else if (groups['number'] !== undefined) this.#number(start, end, groups['number']);
    else if (groups['string'] !== undefined) this.#string(start, start);
    else if (groups['include'] !== undefined) this.#include(start, end);
    else this.#push('sign', start, end);
  }

  #push(kind: TokenKind, start: number, end: number, value?: bigint | number | string): void {
    const token = {
      source: this.#source,
      start,
      end,
      kind,
      text: this.#text.slice(start, end),
      comments: this.#comments,
    };
    this.#tokens.push(value === undefined ? token : { ...token, value });
    this.#comments = [];
  }

  #report(start: number, end: number, message: string): void {
    this.#problems.push(problemAt({ source: this.#source, start, end }, message));
  }

  #strange(start: number): void {
    // A run of them is one fault.
    const run = /[^\s\w"#{}()<>[\];:,=*/+.-]+|./suy;
    run.lastIndex = start;
    const text = run.exec(this.#text)?.[0] ?? '?';
    this.#at = start + text.length;
    const hint = text === '#' ? 'the only directive is #include "file.tars"' : 'remove it';
    this.#report(start, this.#at, `${JSON.stringify(text)} has no meaning here; ${hint}`);
  }

  #block(start: number): void {
    const close = this.#text.indexOf('*/', start + 2);
    if (close < 0) this.#report(start, start + 2, 'this comment never ends; close it with */');
    this.#at = close < 0 ? this.#text.length : close + 2;
    this.#comments.push({ start, end: this.#at });
  }

  #number(start: number, end: number, text: string): void {
    const sign = text.startsWith('-') ? -1n : 1n;
    const digits = text.replace(/^[+-]/, '');
    if (/^(?:0[xX][0-9a-fA-F]+|[0-9]+)$/.test(digits)) {
      const octal = /^0[0-9]/.test(digits);
      if (octal && /[89]/.test(digits)) {
        this.#report(start, end, `${text} begins with 0 and is octal, which has no digits 8 and 9; drop the 0`);
      }
      this.#push('integer', start, end, sign * integerOf(digits, octal));
      return;
    }
    if (!/^(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eEfF]))(?:[eE][+-]?[0-9]+)?[fF]?$/.test(digits)) {
      this.#report(start, end, `${text} is no number; write it as 12, 0x0c, 014 or 1.5e3`);
    }
    const value = parseFloat(digits);
    this.#push('float', start, end, Number(sign) * value);
  }

  /** @param tokenStart where the token begins, which may be before its quotes. */
  #string(quote: number, tokenStart: number, kind: 'string' | 'include' = 'string'): void {
    const body = /(?:[^"\\\n]|\\[^\n])*/y;
    body.lastIndex = quote + 1;
    const raw = body.exec(this.#text)?.[0] ?? '';
    const end = quote + 1 + raw.length;
    const closed = this.#text[end] === '"';
    if (!closed) this.#report(quote, end, 'this string does not end in its line; close it with "');
    this.#at = closed ? end + 1 : end;
    const value = unescapeString(raw);
    if (typeof value === 'string') {
      this.#push(kind, tokenStart, this.#at, value);
      return;
    }
    const at = quote + 1 + value.at;
    this.#report(at, value.at === 0 ? end : at + 2, value.problem);
    this.#push(kind, tokenStart, this.#at, '');
  }

  #include(start: number, end: number): void {
    const blanks = /[ \t]*/y;
    blanks.lastIndex = end;
    blanks.exec(this.#text);
    const quote = blanks.lastIndex;
    if (this.#text[quote] === '"') {
      this.#string(quote, start, 'include');
      return;
    }
    this.#report(start, end, 'an include needs the name of a file in quotes, as #include "Base.tars"');
    const newline = this.#text.indexOf('\n', end);
    this.#at = newline < 0 ? this.#text.length : newline;
  }
}

function integerOf(digits: string, octal: boolean): bigint {
  // Longer ones are out of range in any case, and BigInt takes more than linear time.
  const text = digits.length > 64 ? digits.slice(0, 64) : digits;
  if (!octal) return BigInt(text);
  return BigInt(`0o${text.replace(/[89]/g, '0')}`);
}
