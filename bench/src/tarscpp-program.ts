import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type CpuSample, sharedNowMs } from './child.js';

/** Where TarsCpp is installed; '' when it is not. */
export const tarscpp: string = process.env['TARSCPP'] ?? '';

const folder = fileURLToPath(new URL('../tarscpp', import.meta.url));
/** Linux counts CPU time of processes in these. */
const TICK_MS = 10;

/** Builds the C++ programs where they are not built yet. */
export async function buildPrograms(): Promise<void> {
  await promisify(execFile)('make', ['-C', folder, `TARSCPP=${tarscpp}`], { maxBuffer: 1e8 });
}

/** A C++ program that answers lines with lines; it runs on the core of this process, and ends with it. */
export class TarsCppProgram {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #waiting: { readonly resolve: (line: string) => void; readonly reject: (error: Error) => void }[] = [];
  readonly #unread: string[] = [];

  constructor(program: 'server' | 'client', args: readonly string[], cwd: string) {
    this.#child = spawn(`${folder}/build/${program}`, args, { cwd });
    this.#child.stderr.pipe(process.stderr);
    createInterface(this.#child.stdout).on('line', (line) => {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#unread.push(line);
      else waiting.resolve(line);
    });
    this.#child.on('exit', (code, signal) => {
      const error = new Error(`the C++ ${program} has ended with ${signal ?? code}`);
      for (const { reject } of this.#waiting.splice(0)) reject(error);
    });
    process.on('exit', () => this.#child.kill('SIGKILL'));
  }

  /** The next line that it writes. */
  line(): Promise<string> {
    const line = this.#unread.shift();
    if (line !== undefined) return Promise.resolve(line);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  ask(line: string): Promise<string> {
    const answer = this.line();
    this.#child.stdin.write(`${line}\n`);
    return answer;
  }

  /** As `cpu` of a child, of all its threads. */
  cpu(): CpuSample {
    // Behind the name, which may have anything in it: state is the first, user and system time are the 12th and 13th.
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS, atMs: sharedNowMs() };
  }
}
