import { type Problem, problemAt } from '../source/problem.js';
import type { Span } from '../source/source-file.js';
import { docOf } from './doc-comment.js';
import type { Token } from './token.js';
import type { LiteralNode, NameNode, ReferenceNode } from './tree.js';

/** Ends the reading of one construct; its problem has been reported. Never leaves the parser. */
export class SyntaxStop extends Error {}

/** One for all: a text full of faults would spend its time on their stacks. */
const stopped = new SyntaxStop('reported as a problem');

/** Walks over tokens: what the parts of the parser share. */
export class TokenReader {
  readonly problems: Problem[];
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], problems: Problem[]) {
    this.#tokens = tokens;
    this.problems = problems;
  }

  get current(): Token {
    return this.#tokens[this.#at] as Token;
  }

  get previous(): Token | undefined {
    return this.#tokens[this.#at - 1];
  }

  peek(distance: number): Token | undefined {
    return this.#tokens[this.#at + distance];
  }

  advance(): Token {
    const token = this.current;
    if (this.is('{')) this.#depth++;
    else if (this.is('}') && this.#depth > 0) this.#depth--;
    // The last token is the end, which stays.
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** How many braces are open. */
  get depth(): number {
    return this.#depth;
  }

  is(text: string): boolean {
    const { kind } = this.current;
    return this.current.text === text && (kind === 'sign' || kind === 'keyword');
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.advance();
    return true;
  }

  /** @param where for the message, as `after the name of the enum`. */
  expect(text: string, where: string): Token {
    if (this.is(text)) return this.advance();
    // Something missing at the end of a line is missing there, not in front of the next one.
    throw this.stop(this.#gap(), `"${text}" is missing ${where}${this.#found()}`);
  }

  /** @param what for the message, as `a name for the enum`. */
  name(what: string): NameNode {
    const token = this.current;
    if (token.kind === 'name') return this.advance();
    if (token.kind === 'keyword') {
      throw this.stop(token, `"${token.text}" is a word of the language and cannot be ${what}; choose another`);
    }
    throw this.stop(this.#gap(), `${what} is missing${this.#found()}`);
  }

  reference(what: string): ReferenceNode {
    const parts = [this.name(what)];
    while (this.take('::')) parts.push(this.name('the name behind "::"'));
    return { kind: 'reference', parts, ...join(parts[0] as NameNode, parts.at(-1) as NameNode) };
  }

  /** A literal, or undefined if there is none. */
  literal(): LiteralNode | undefined {
    const { kind, value, text, source, start, end } = this.current;
    const span = { source, start, end };
    if (kind === 'integer') {
      this.advance();
      return { kind, value: value as bigint, isBits: /^[+-]?0[xX0-9]/.test(text), ...span };
    }
    if (kind === 'float') {
      this.advance();
      return { kind, value: value as number, ...span };
    }
    if (kind === 'string') {
      this.advance();
      return { kind, value: value as string, ...span };
    }
    if (!this.is('true') && !this.is('false')) return undefined;
    this.advance();
    return { kind: 'boolean', value: text === 'true', ...span };
  }

  value(what: string): LiteralNode | ReferenceNode {
    const literal = this.literal();
    if (literal !== undefined) return literal;
    if (this.current.kind === 'name') return this.reference(what);
    throw this.stop(this.#gap(), `${what} is missing${this.#found()}; write a number, a "text", true, false or a name`);
  }

  /** Comments of what began with `first` and has just ended. */
  doc(first: Token, before: Token | undefined): string[] {
    return docOf(first, before, this.previous as Token, this.current);
  }

  stop(span: Span, message: string): SyntaxStop {
    this.problems.push(problemAt(span, message));
    return stopped;
  }

  /**
   * Goes on behind a construct that was given up: behind its `;`, or in front of the `}` that closes what it stands in.
   *
   * @param depth how many braces are open around it.
   */
  recover(depth: number): void {
    while (this.current.kind !== 'end') {
      if (this.#depth === depth && this.is('}')) return;
      const ends = this.is(';');
      this.advance();
      if (ends && this.#depth <= depth) return;
    }
  }

  #gap(): Span {
    const { current, previous } = this;
    if (previous === undefined) return current;
    const { source, end } = previous;
    const apart = source.placeOf(end).line !== source.placeOf(current.start).line;
    return apart || current.kind === 'end' ? { source, start: end, end: end + 1 } : current;
  }

  #found(): string {
    const { kind, text } = this.current;
    if (kind === 'end') return '; the file ends here';
    const shown = text.length > 30 ? `${text.slice(0, 30)}…` : text;
    return kind === 'string' ? `, found ${shown}` : `, found "${shown}"`;
  }
}

/** From the begin of one to the end of the other. */
export function join(first: Span, last: Span): Span {
  return { source: first.source, start: first.start, end: last.end };
}
