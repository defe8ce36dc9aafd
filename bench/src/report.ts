import { cpus } from 'node:os';
import { canPin } from './child-process.js';
import { type FigureResult, type Goal, isMet } from './figure.js';
import { median } from './statistics.js';

/** What the figures were measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  readonly system: string;
  /** Whether servers and load each had a core for themselves. */
  readonly isPinned: boolean;
}

export function machine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown CPU',
    cores: all.length,
    node: process.version,
    system: `${process.platform} ${process.arch}`,
    isPinned: canPin,
  };
}

function machineText({ cpu, cores, node, system, isPinned }: Machine): string {
  const pinned = isPinned ? 'server and load pinned to a core each' : 'nothing pinned';
  return `${cpu}, ${cores} cores, ${system}, Node ${node}, ${pinned}`;
}

function number(value: number): string {
  if (!Number.isFinite(value)) return '-';
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function range(values: readonly number[]): string {
  return `${number(Math.min(...values))} … ${number(Math.max(...values))}`;
}

function goalText(goal: Goal | undefined): string {
  if (goal === undefined) return '';
  return `${goal.at === 'least' ? '≥' : '≤'} ${goal.value}`;
}

function metText(result: FigureResult): string {
  if (result.goal === undefined) return '';
  return isMet(result.goal, median(result.ratios)) ? 'met' : 'not met';
}

function percent(value: number | undefined): string {
  return value === undefined ? '' : `${Math.round(100 * value)} %`;
}

const HEAD = ['figure', 'goal', 'ratio', 'min … max', 'goal is', 'per CPU second', 'busy'];

function cells(result: FigureResult): string[] {
  return [
    result.name,
    goalText(result.goal),
    number(median(result.ratios)),
    range(result.ratios),
    metText(result),
    result.cpuRatios === undefined ? '' : number(median(result.cpuRatios)),
    result.values.every(({ busy }) => busy === undefined)
      ? ''
      : result.values.map(({ busy }) => percent(busy)).join(', '),
  ];
}

/** The table for the documents: ratios only, because absolute figures say more about the machine. */
export function markdownTable(results: readonly FigureResult[], on: Machine): string {
  const row = (texts: readonly string[]) => `| ${texts.join(' | ')} |`;
  const lines = [`Measured on ${machineText(on)}.`, '', row(HEAD), row(HEAD.map(() => '---'))];
  for (const result of results) lines.push(row(cells(result)));
  return lines.join('\n');
}

/** The table for the terminal, with the absolute medians below each row. */
export function terminalTable(results: readonly FigureResult[], on: Machine): string {
  const rows = [HEAD, ...results.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((text, i) => text.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  const lines = [machineText(on), '', line(HEAD), line(widths.map((width) => '-'.repeat(width)))];
  for (const result of results) {
    lines.push(line(cells(result)));
    const values = result.values.map(({ label, unit, median: value }) => `${label} ${number(value)} ${unit}`);
    lines.push(`    ${values.join(' · ')}`);
  }
  return lines.join('\n');
}

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

/**
 * Puts a table between the markers of a document.
 *
 * @throws Error when the document has no markers.
 */
export function replaceTable(document: string, table: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`the document needs the lines ${BEGIN} and ${END}, in this order`);
  return `${document.slice(0, begin + BEGIN.length)}\n${table}\n${document.slice(end)}`;
}
