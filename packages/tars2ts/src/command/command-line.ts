import { parseArgs } from 'node:util';
import type { CompileOptions } from '../compile-options.js';
import type { Only } from '../generate/options.js';

/** What the command was told. */
export interface CommandLine {
  readonly files: readonly string[];
  readonly options: CompileOptions;
  readonly mode: 'write' | 'check' | 'watch' | 'help' | 'version';
}

/** The command cannot be understood; the message says why. */
export class UsageError extends Error {}

/** @throws UsageError */
export function parseCommandLine(args: readonly string[], cwd: string): CommandLine {
  const { values, positionals } = parse(args);
  const options: CompileOptions = {
    cwd,
    ...(values.out === undefined ? {} : { out: values.out }),
    include: values.include ?? [],
    plain: values.plain ?? false,
    long: oneOf('--long', values.long ?? 'bigint', ['bigint', 'number']),
    only: oneOf<Only>('--only', values.only ?? 'all', ['structs', 'client', 'server', 'all']),
    withTars: values['with-tars'] ?? false,
    importExtension: extensionOf(values['import-extension'] ?? '.js'),
  };
  const modes = (['help', 'version', 'check', 'watch'] as const).filter((mode) => values[mode] === true);
  const mode = modes[0] ?? 'write';
  if (mode === 'check' && modes.includes('watch')) throw new UsageError('--check and --watch exclude each other');
  if (positionals.length === 0 && mode !== 'help' && mode !== 'version') throw new UsageError('no files were given');
  return { files: positionals, options, mode };
}

interface Parsed {
  readonly values: {
    readonly out?: string;
    readonly include?: string[];
    readonly only?: string;
    readonly plain?: boolean;
    readonly long?: string;
    readonly 'import-extension'?: string;
    readonly 'with-tars'?: boolean;
    readonly check?: boolean;
    readonly watch?: boolean;
    readonly version?: boolean;
    readonly help?: boolean;
  };
  readonly positionals: string[];
}

function parse(args: readonly string[]): Parsed {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        include: { type: 'string', multiple: true },
        only: { type: 'string' },
        plain: { type: 'boolean' },
        long: { type: 'string' },
        'import-extension': { type: 'string' },
        'with-tars': { type: 'boolean' },
        check: { type: 'boolean' },
        watch: { type: 'boolean' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new UsageError(`${option} is ${allowed.join(', ')}; found ${JSON.stringify(value)}`);
  return found;
}

function extensionOf(value: string): string {
  const known = { '.js': '.js', '.ts': '.ts', none: '' };
  return known[oneOf('--import-extension', value, ['.js', '.ts', 'none'] as const)];
}
