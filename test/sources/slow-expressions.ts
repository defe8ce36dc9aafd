/** A part of an expression that may be repeated. */
interface Part {
  /** Its source, without the quantifier. */
  readonly text: string;
  /** The sequences of a group; none for a character or an assertion. */
  readonly choices: readonly (readonly Part[])[];
  readonly isAssertion: boolean;
  readonly isOptional: boolean;
  readonly isEndless: boolean;
}

/** Letters first: they stand for `.` in examples. */
const USUAL = Array.from('xaAZ0195_ \t\n\r-.,:;/\\*"\'%?#=+()[]{}<>@!~\0\u00e9\uFEFF');
const ENDINGS = ['', 'x', '!', '\n', '\0'];
/** Short ones show an exponential cost before a long one takes for ever. */
const LENGTHS = [24, 32, 1000, 20_000];
/** One pass over the longest text takes less than 1 ms, and a square of it more than 100 ms. */
const FELT_MS = 30;
const TRIES = 3;

/** A text for which an expression takes more than one pass. */
export interface SlowText {
  readonly start: string;
  readonly repeated: string;
  readonly end: string;
  readonly length: number;
  readonly ms: number;
}

/**
 * Looks for a text that an expression is slow for: what leads to one of its endless parts, then many of what the part takes, then something
 * that makes it fail. The expression is run, so that what the engine does decides.
 *
 * @returns undefined when each such text took one pass.
 */
export function slowTextOf(expression: RegExp): SlowText | undefined {
  const usual = [...new Set([...USUAL, ...expression.source])];
  const reader = new Reader(expression.source);
  const parts = sequencesOf(reader);
  if (reader.at < expression.source.length)
    throw new Error(`cannot read ${String(expression)} from character ${reader.at} on`);
  const takes = (part: Part): string[] => {
    const one = new RegExp(`^(?:${part.text})$`, expression.flags.replaceAll(/[gy]/g, ''));
    return usual.filter((character) => one.test(character));
  };
  for (const [start, repeated] of attacksOf(parts, [''], takes)) {
    for (const end of ENDINGS) {
      const found = slowLength(expression, start, repeated, end);
      if (found !== undefined) return { start, repeated, end, ...found };
    }
  }
  return undefined;
}

type Takes = (part: Part) => string[];

/** For each endless part: what leads to it, and what may be repeated there. */
function attacksOf(choices: readonly (readonly Part[])[], before: readonly string[], takes: Takes): [string, string][] {
  const found: [string, string][] = [];
  for (const sequence of choices) {
    let starts = before;
    for (const part of sequence) {
      found.push(...attacksOf(part.choices, starts, takes));
      const examples = examplesOf(part, takes);
      if (part.isEndless) {
        // What leads to the part may be taken by it too, so that each repetition is a new beginning.
        for (const start of starts) for (const one of examples) found.push([start, one], ['', start + one]);
      }
      const [example = ''] = examples;
      starts = [
        ...new Set(starts.flatMap((start) => (part.isOptional ? [start, start + example] : [start + example]))),
      ].slice(0, 8);
    }
  }
  return found.filter(([, repeated]) => repeated !== '');
}

function examplesOf(part: Part, takes: Takes): string[] {
  if (part.isAssertion) return [''];
  if (part.choices.length === 0) return takes(part);
  return part.choices.map((sequence) => sequence.map((one) => examplesOf(one, takes)[0] ?? '').join(''));
}

function slowLength(
  expression: RegExp,
  start: string,
  repeated: string,
  end: string,
): { length: number; ms: number } | undefined {
  for (const length of LENGTHS) {
    const text = start + repeated.repeat(Math.ceil(length / repeated.length)) + end;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < TRIES && least >= FELT_MS; i++) {
      expression.lastIndex = 0;
      const begin = performance.now();
      text.replace(expression, '');
      least = Math.min(least, performance.now() - begin);
    }
    if (least >= FELT_MS) return { length, ms: Math.round(least) };
  }
  return undefined;
}

/** The source of an expression, read from left to right. */
class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** What a sticky expression matches here, and goes past it. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#source)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  get at(): number {
    return this.#at;
  }

  from(start: number): string {
    return this.#source.slice(start, this.#at);
  }
}

function sequencesOf(reader: Reader): Part[][] {
  const sequences: Part[][] = [[]];
  for (;;) {
    const part = partOf(reader);
    if (part !== undefined) sequences.at(-1)?.push(part);
    else if (reader.take(/\|/y) !== undefined) sequences.push([]);
    else return sequences;
  }
}

function partOf(reader: Reader): Part | undefined {
  const start = reader.at;
  const opening = reader.take(/\((?:\?(?:[:=!]|<[=!]|<\w+>))?/y);
  const choices = opening === undefined ? [] : sequencesOf(reader);
  const isBoundary = opening === undefined && reader.take(/\^|\$|\\[bB]/y) !== undefined;
  if (opening !== undefined) reader.take(/\)/y);
  else if (!isBoundary && reader.take(CHARACTER) === undefined) return undefined;
  const text = reader.from(start);
  const quantifier = reader.take(/(?:[*+?]|\{\d+(?:,\d*)?\})\??/y) ?? '';
  return {
    text,
    choices,
    isAssertion: isBoundary || /^\(\?<?[=!]/.test(opening ?? ''),
    isOptional: /^(?:[*?]|\{0)/.test(quantifier),
    isEndless: /^(?:[*+]|\{\d+,\})/.test(quantifier),
  };
}

const CHARACTER =
  /\[(?:\\.|[^\]\\])*\]|\\(?:u\{[\da-fA-F]+\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|[pP]\{[^}]+\}|.)|[^()|[\]]/suy;
