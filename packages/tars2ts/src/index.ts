/**
 * Turns `.tars` files into TypeScript.
 *
 * @module @tarsier/tars2ts
 */
export { type CompileResult, compile, type OutputFile, tryCompile } from './compile.js';
export type { CompileOptions } from './compile-options.js';
export type { Only } from './generate/options.js';
export type { ReadFile } from './load/file-reader.js';
export { formatProblem, type Problem, TarsIdlError } from './source/problem.js';
