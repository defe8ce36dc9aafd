import type { Span } from './source-file.js';

/** A fault in a `.tars` file: where it is, and what to change. */
export interface Problem {
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** Counts from 1, in UTF-16 units. */
  readonly column: number;
  /** How many characters are at fault; at least 1. */
  readonly length: number;
  readonly message: string;
  /** The line of the source. */
  readonly sourceLine: string;
}

const MAX_SHOWN_LINE = 400;
const MAX_SHOWN_PROBLEMS = 50;

/**
 * `.tars` files that cannot be compiled. `problems` has all that were found, and the message shows each with its line and a caret.
 */
export class TarsIdlError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[], nameOf: (file: string) => string = (file) => file) {
    super(formatProblems(problems, nameOf));
    this.name = 'TarsIdlError';
    this.problems = problems;
  }
}

/** A fault at a piece of a text. */
export function problemAt({ source, start, end }: Span, message: string): Problem {
  const { line, column } = source.placeOf(start);
  const sourceLine = source.lineText(line);
  const length = Math.max(1, Math.min(end - start, sourceLine.length - column + 1));
  return { file: source.path, line, column, length, message, sourceLine };
}

/** A fault as a compiler prints it: place and message, the line, and a caret under what is wrong. */
export function formatProblem(problem: Problem, file: string = problem.file): string {
  const { line, column, length, message, sourceLine } = problem;
  const head = `${file}:${line}:${column}: ${message}`;
  if (sourceLine.length > MAX_SHOWN_LINE) return head;
  // Tabs stay tabs, so that the caret stands right however wide they are shown.
  const before = sourceLine.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return `${head}\n  ${sourceLine}\n  ${before}${'^'.repeat(length)}`;
}

/** Many faults, each as a paragraph; of more than fifty the first ones. */
export function formatProblems(problems: readonly Problem[], nameOf: (file: string) => string): string {
  const shown = problems.slice(0, MAX_SHOWN_PROBLEMS).map((problem) => formatProblem(problem, nameOf(problem.file)));
  if (problems.length > shown.length) shown.push(`and ${problems.length - shown.length} more`);
  return shown.join('\n\n');
}

/** Order of a report: by file as they come, then by place. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return problems.toSorted(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}
