import { readFileSync } from 'node:fs';
import { shortPath, tryCompile } from '../compile.js';
import { formatProblems } from '../source/problem.js';
import { type CommandLine, parseCommandLine, UsageError } from './command-line.js';
import { changedFiles, writeFiles } from './output-files.js';
import { usage } from './usage.js';
import { FileWatch } from './watch-files.js';

/** What the command needs of its process. */
export interface CommandHost {
  readonly cwd: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Ends `--watch`. */
  readonly signal?: AbortSignal;
}

/** Runs the command. @returns its exit code. */
export async function runCommand(args: readonly string[], host: CommandHost): Promise<number> {
  let line: CommandLine;
  try {
    line = parseCommandLine(args, host.cwd);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    host.err(`tars2ts: ${error.message}. See tars2ts --help.\n`);
    return 2;
  }
  switch (line.mode) {
    case 'help':
      host.out(usage);
      return 0;
    case 'version':
      host.out(`${ownVersion()}\n`);
      return 0;
    case 'watch':
      return watchAndWrite(line, host);
    case 'check':
    case 'write':
      return compileOnce(line, host).code;
  }
}

interface Round {
  readonly code: number;
  readonly watched: readonly string[];
}

function compileOnce({ files, options, mode }: CommandLine, host: CommandHost): Round {
  const { files: outputs, problems, notes, watched } = tryCompile(files, options);
  if (problems.length > 0) {
    const count = problems.length === 1 ? 'one fault' : `${problems.length} faults`;
    host.err(
      `${formatProblems(problems, (file) => shortPath(file, host.cwd))}\n\ntars2ts: ${count}, nothing was written\n`,
    );
    return { code: 1, watched };
  }
  for (const note of notes) host.err(`tars2ts: ${note}\n`);
  const changed = changedFiles(outputs);
  const names = changed.map(({ path }) => shortPath(path, host.cwd));
  if (mode === 'check') {
    for (const name of names) host.err(`tars2ts: ${name} is not what its source gives; run tars2ts without --check\n`);
    return { code: names.length > 0 ? 1 : 0, watched };
  }
  try {
    writeFiles(changed);
  } catch (error) {
    host.err(`tars2ts: cannot write: ${error instanceof Error ? error.message : String(error)}\n`);
    return { code: 1, watched };
  }
  for (const name of names) host.out(`${name}\n`);
  return { code: 0, watched };
}

async function watchAndWrite(line: CommandLine, host: CommandHost): Promise<number> {
  const round = (): void => {
    try {
      const { watched } = compileOnce(line, host);
      watch.set(watched);
    } catch (error) {
      // A file that cannot be read now may be readable after the next change.
      host.err(`tars2ts: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  };
  const watch = new FileWatch(round);
  round();
  host.out('tars2ts: waiting for changes\n');
  await abortOf(host.signal);
  watch.close();
  return 0;
}

/** Resolves with the signal; without one never. */
function abortOf(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve();
    else signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
