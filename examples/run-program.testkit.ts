import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const running = new Set<RunProgram>();

/** A built program of an example, in a process of its own; what it prints is kept as lines. */
export class RunProgram {
  readonly lines: string[] = [];
  readonly #news = new EventEmitter<{ news: [] }>();
  readonly #child: ChildProcess;
  #end: number | string | undefined;

  /** @param script relative to this folder, as `push-demo/dist/main.js`. */
  constructor(script: string, ...args: string[]) {
    const path = fileURLToPath(new URL(script, import.meta.url));
    const child = spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    running.add(this);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        this.lines.push(line);
        this.#news.emit('news');
      });
    }
    child.on('close', (code, signal) => {
      running.delete(this);
      this.#end = code ?? signal ?? 'unknown';
      this.#news.emit('news');
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** The lines that match. */
  matching(pattern: RegExp): string[] {
    return this.lines.filter((line) => pattern.test(line));
  }

  /** Waits for so many lines that match, past ones included; returns the last of them. */
  async until(pattern: RegExp, count = 1): Promise<string> {
    for (;;) {
      const found = this.matching(pattern)[count - 1];
      if (found !== undefined) return found;
      if (this.#end !== undefined) throw new Error(`ended with ${this.#end} and without ${pattern}:\n${this.text()}`);
      await once(this.#news, 'news');
    }
  }

  /** Waits for its end: exit code, or signal. */
  async ended(): Promise<number | string> {
    while (this.#end === undefined) await once(this.#news, 'news');
    return this.#end;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** All that it printed. */
  text(): string {
    return this.lines.join('\n');
  }
}

/** Ends what a test has left running; for `afterEach`. */
export async function endPrograms(): Promise<void> {
  await Promise.all(
    [...running].map((program) => {
      program.signal('SIGKILL');
      return program.ended();
    }),
  );
}

/** The endpoint in the line with which a server says that it listens. */
export async function endpointOf(server: RunProgram): Promise<string> {
  const line = await server.until(/"msg":"listening"/);
  return (JSON.parse(line) as { endpoint: string }).endpoint;
}
