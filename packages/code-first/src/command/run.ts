import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { printDeclaredIdl } from '../idl/print-declared.js';

/** What the command gives back: texts for its two streams, and its exit code. */
export interface Outcome {
  readonly output: string;
  readonly error: string;
  readonly code: 0 | 1 | 2;
}

const usage = `usage: tarsier-idl [--module NAME] FILE…

Imports compiled modules, and prints the IDL of the structs and interfaces that they declare.

  --module NAME  only those of this module, and what they need
`;

/** Carries out the command. Never rejects. */
export async function run(args: string[]): Promise<Outcome> {
  let files: string[];
  let module: string | undefined;
  try {
    const options = { module: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    const parsed = parseArgs({ args, options, allowPositionals: true });
    if (parsed.values.help === true) return { output: usage, error: '', code: 0 };
    files = parsed.positionals;
    module = parsed.values.module;
  } catch (error) {
    return { output: '', error: `tarsier-idl: ${messageOf(error)}\n\n${usage}`, code: 2 };
  }
  if (files.length === 0) return { output: '', error: `tarsier-idl: no files are given\n\n${usage}`, code: 2 };
  try {
    for (const file of files) await import(pathToFileURL(resolve(file)).href);
    const output = printDeclaredIdl(module);
    if (output !== '') return { output, error: '', code: 0 };
    const where = module === undefined ? '' : ` of the module ${module}`;
    return { output, error: `tarsier-idl: ${files.join(', ')} declare nothing${where}\n`, code: 1 };
  } catch (error) {
    return { output: '', error: `tarsier-idl: ${messageOf(error)}\n`, code: 1 };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
