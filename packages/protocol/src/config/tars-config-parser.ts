import { ConfigDomain } from './config-domain.js';
import { unescapeConfig } from './config-escape.js';
import { domainNameProblem, MAX_CONFIG_DEPTH } from './config-path.js';
import { type ConfigPosition, configError, quoteConfig } from './config-position.js';

interface OpenDomain {
  readonly name: string;
  readonly domain: ConfigDomain;
  readonly position: ConfigPosition;
}

/** Blanks as TARS trims them: space, tab, CR, LF. */
function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d || code === 0x0a;
}

function trimStart(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(text.charCodeAt(at))) at++;
  return at;
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Index of the first `=` that is not escaped, or -1. */
function findEquals(line: string): number {
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === 0x3d) return at;
    // What a backslash escapes is skipped, so that `\\=` is an escaped backslash and then a real `=`.
    if (code === 0x5c) at++;
  }
  return -1;
}

/** Reads one text, line by line. */
class TarsConfigParser {
  readonly #text: string;
  readonly #file: string | undefined;
  readonly #root = new ConfigDomain();
  readonly #open: OpenDomain[] = [];
  #line = 0;
  #lineStart = 0;

  constructor(text: string, file: string | undefined) {
    this.#text = text;
    this.#file = file;
  }

  parse(): ConfigDomain {
    const text = this.#text;
    this.#lineStart = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    while (this.#lineStart < text.length) {
      this.#line++;
      const newline = text.indexOf('\n', this.#lineStart);
      const lineEnd = newline < 0 ? text.length : newline;
      const start = trimStart(text, this.#lineStart, lineEnd);
      const end = trimEnd(text, start, lineEnd);
      if (start < end) this.#readLine(text.slice(start, end), start);
      this.#lineStart = lineEnd + 1;
    }
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) {
      throw configError(`<${unclosed.name}> is never closed; add </${unclosed.name}>`, unclosed.position);
    }
    return this.#root;
  }

  #positionAt(offset: number): ConfigPosition {
    const place = { line: this.#line, column: offset - this.#lineStart + 1 };
    return this.#file === undefined ? place : { file: this.#file, ...place };
  }

  #readLine(line: string, offset: number): void {
    if (line.startsWith('#')) return;
    if (!line.startsWith('<')) {
      this.#readParam(line, offset);
      return;
    }
    const position = this.#positionAt(offset);
    const end = line.indexOf('>');
    if (end < 0) throw configError(`${quoteConfig(line)} begins a domain but has no ">"`, position);
    const closes = line.charAt(1) === '/';
    const nameStart = trimStart(line, closes ? 2 : 1, end);
    const name = line.slice(nameStart, trimEnd(line, nameStart, end));
    if (closes) this.#closeDomain(name, position);
    else this.#openDomain(name, position);
  }

  #openDomain(name: string, position: ConfigPosition): void {
    const problem = domainNameProblem(name);
    if (problem !== undefined) throw configError(problem, position);
    if (this.#open.length >= MAX_CONFIG_DEPTH) {
      throw configError(`<${name}> is nested too deep; at most ${MAX_CONFIG_DEPTH} domains may be open`, position);
    }
    this.#open.push({ name, domain: this.#innermost().open(name, position), position });
  }

  #closeDomain(name: string, position: ConfigPosition): void {
    const opened = this.#open.pop();
    if (opened === undefined) throw configError(`</${name}> closes nothing, because no domain is open`, position);
    if (opened.name === name) return;
    const line = opened.position.line;
    throw configError(`</${name}> does not close <${opened.name}>, which was opened in line ${line}`, position);
  }

  #readParam(line: string, offset: number): void {
    const equals = findEquals(line);
    const keyEnd = trimEnd(line, 0, equals < 0 ? line.length : equals);
    const valueStart = equals < 0 ? line.length : trimStart(line, equals + 1, line.length);
    const key = this.#unescape(line.slice(0, keyEnd), offset);
    const value = this.#unescape(line.slice(valueStart), offset + valueStart);
    const domain = this.#innermost();
    domain.lines.push(line);
    // The last value wins, at its place.
    domain.params.delete(key);
    domain.params.set(key, { value, position: this.#positionAt(offset) });
  }

  #unescape(text: string, offset: number): string {
    return unescapeConfig(text, (index) => {
      const sequence = quoteConfig(text.slice(index, index + 2));
      const advice = 'write a backslash as \\\\; the escapes are \\\\ \\r \\n \\t \\=';
      throw configError(`${sequence} is not an escape; ${advice}`, this.#positionAt(offset + index));
    });
  }

  #innermost(): ConfigDomain {
    return this.#open.at(-1)?.domain ?? this.#root;
  }
}

/**
 * Reads a TARS configuration text into its tree, in time linear in the text.
 *
 * Each line is trimmed and then one of: nothing; a comment, when it begins with `#`; `<name>`, which opens a domain;
 * `</name>`, which closes the innermost one; `key = value`; `key`. What follows the `>` of a domain is ignored. There
 * are no comments behind a value, no quotes and no continued lines.
 *
 * @throws ConfigException with `where.line` and `where.column`.
 * Source: TC_Config::parse (util/src/tc_config.cpp).
 */
export function parseTarsConfig(text: string, file?: string): ConfigDomain {
  return new TarsConfigParser(text, file).parse();
}
