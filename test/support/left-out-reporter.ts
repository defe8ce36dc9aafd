import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { type ProgramName, remedies } from './needs.js';

/** Says at the very end which tests were left out, why, and what to install. */
export default class LeftOutReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = new Map<string, { lacks: readonly ProgramName[]; tests: number; files: Set<string> }>();
    for (const test of leftOut(modules)) {
      const lacks = test.meta().lacks ?? [];
      const key = lacks.join(' and ');
      const entry = counts.get(key) ?? { lacks, tests: 0, files: new Set() };
      entry.tests++;
      entry.files.add(test.module.relativeModuleId);
      counts.set(key, entry);
    }
    const text = blockOf([...counts].map(([key, entry]) => ({ key, ...entry })));
    if (text !== '') process.stdout.write(text);
  }
}

interface Entry {
  readonly key: string;
  readonly lacks: readonly ProgramName[];
  readonly tests: number;
  readonly files: ReadonlySet<string>;
}

function* leftOut(modules: readonly TestModule[]): Generator<TestCase> {
  for (const module of modules) {
    for (const test of module.children.allTests('skipped')) if (test.meta().lacks !== undefined) yield test;
  }
}

function blockOf(entries: readonly Entry[]): string {
  if (entries.length === 0) return '';
  const tests = entries.reduce((sum, entry) => sum + entry.tests, 0);
  const lines = entries.map(
    ({ key, tests, files }) => `  ${String(tests).padStart(4)}  without ${key}: ${[...files].join(', ')}`,
  );
  const remedy = remedies(entries.flatMap(({ lacks }) => lacks));
  return ['', `LEFT OUT: ${tests} tests, whose programs are not on this machine`, ...lines, 'To run them:']
    .concat(
      remedy.map((line) => `  ${line}`),
      ['', ''],
    )
    .join('\n');
}
