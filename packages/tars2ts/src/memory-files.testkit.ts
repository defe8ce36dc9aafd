import { type CompileOptions, type CompileResult, formatProblem, tryCompile } from './index.js';

/** Compiles texts that lie in no folder: `main.tars` and what it includes. */
export function compileText(
  text: string,
  options: CompileOptions = {},
  others: Record<string, string> = {},
): CompileResult {
  const files: Record<string, string> = { '/idl/main.tars': text };
  for (const [name, other] of Object.entries(others)) files[name.startsWith('/') ? name : `/idl/${name}`] = other;
  return tryCompile(['/idl/main.tars'], { readFile: (path) => files[path], cwd: '/idl', ...options });
}

/** All faults of a text, as the command shows them. */
export function faultsOf(text: string, options: CompileOptions = {}, others: Record<string, string> = {}): string[] {
  const { problems } = compileText(text, options, others);
  return problems.map((problem) => formatProblem(problem, problem.file.replace('/idl/', '')));
}

/** The generated text of `main.tars`. */
export function codeOf(text: string, options: CompileOptions = {}, others: Record<string, string> = {}): string {
  const { files, problems } = compileText(text, options, others);
  if (problems.length > 0) throw new Error(problems.map((problem) => formatProblem(problem)).join('\n'));
  return files.find(({ source, kind }) => source === '/idl/main.tars' && kind === 'main')?.text ?? '';
}

/** The text of a module `m`. */
export function inModule(...lines: string[]): string {
  return ['module m {', ...lines, '};', ''].join('\n');
}
