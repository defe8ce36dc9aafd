/** Where the formatter of this repository breaks lines. */
export const LINE_WIDTH = 120;

const STEP = '  ';

interface ListOptions {
  /** Blanks inside the braces of a flat list. */
  readonly spaced?: boolean;
  /** False: no comma behind the last item of a broken list. */
  readonly comma?: boolean;
}

/** A part of a list: a text, or a list that may be broken itself. */
export type ListItem =
  | string
  | {
      readonly head: string;
      readonly items: readonly ListItem[];
      readonly tail: string;
      readonly options?: ListOptions;
    };

/** Collects lines of code, indented. */
export class CodeWriter {
  readonly #lines: string[] = [];
  #depth = 0;

  /** Columns left of the next line. */
  get indentWidth(): number {
    return this.#depth * STEP.length;
  }

  line(text: string): this {
    this.#lines.push(text === '' ? '' : STEP.repeat(this.#depth) + text);
    return this;
  }

  /** An empty line; never two of them, and none behind an opening brace. */
  blank(): this {
    const last = this.#lines.at(-1);
    if (last !== undefined && last !== '' && !last.endsWith('{')) this.#lines.push('');
    return this;
  }

  /** Lines between braces: `head {`, what `body` writes, `tail`. */
  block(head: string, body: () => void, tail = '}'): this {
    this.line(`${head} {`);
    const { length } = this.#lines;
    this.indented(body);
    if (this.#lines.length > length) return this.line(tail);
    this.#lines.pop();
    return this.line(`${head} {${tail}`);
  }

  indented(body: () => void): this {
    this.#depth++;
    body();
    this.#depth--;
    return this;
  }

  /** Whether a line of this text stays within the width. */
  fits(text: string): boolean {
    return this.indentWidth + text.length <= LINE_WIDTH;
  }

  /** `head` items `tail` in one line, or an item per line. */
  list(head: string, items: readonly ListItem[], tail: string, options: ListOptions = {}): this {
    const flat = flatList(head, items, tail, options);
    if (this.fits(flat) || items.length === 0) return this.line(flat);
    this.line(head);
    this.indented(() => {
      for (const [index, item] of items.entries()) {
        const end = index === items.length - 1 && options.comma === false ? '' : ',';
        if (typeof item === 'string') this.line(item + end);
        else this.list(item.head, item.items, item.tail + end, item.options);
      }
    });
    return this.line(tail);
  }

  /** `left = right;`, with the right side in a line of its own when it is too long. */
  assign(left: string, right: string): this {
    const flat = `${left} = ${right};`;
    if (this.fits(flat)) return this.line(flat);
    this.line(`${left} =`);
    return this.indented(() => this.line(`${right};`));
  }

  /** `if (condition) statement`, with the statement in a line of its own when it is too long. */
  guarded(condition: string, statement: string): this {
    const flat = `${condition} ${statement}`;
    if (this.fits(flat)) return this.line(flat);
    this.line(condition);
    return this.indented(() => this.line(statement));
  }

  /** A comment for documentation. */
  doc(lines: readonly string[]): this {
    const safe = lines.map((line) => line.replaceAll('*/', '*\\/'));
    if (safe.length === 0) return this;
    if (safe.length === 1 && this.fits(`/** ${safe[0]} */`)) return this.line(`/** ${safe[0]} */`);
    this.line('/**');
    for (const line of safe) this.line(line === '' ? ' *' : ` * ${line}`);
    return this.line(' */');
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

function flatList(head: string, items: readonly ListItem[], tail: string, { spaced }: ListOptions): string {
  const pad = spaced === true && items.length > 0 ? ' ' : '';
  const texts = items.map((item) => {
    return typeof item === 'string' ? item : flatList(item.head, item.items, item.tail, item.options ?? {});
  });
  return `${head}${pad}${texts.join(', ')}${pad}${tail}`;
}

/** A string as the formatter quotes it. */
export function quote(text: string): string {
  const json = JSON.stringify(text)
    .slice(1, -1)
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
  // The formatter takes the quotes of which fewer have to be escaped.
  const singles = text.split("'").length;
  const doubles = text.split('"').length;
  if (singles > doubles) return `"${json}"`;
  return `'${json.replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
