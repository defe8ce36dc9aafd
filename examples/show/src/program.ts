import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';

/** Time for what has to happen, on the slowest of machines. */
const PATIENCE_MS = 15_000;
/** Time to end, once asked to. */
const END_MS = 8000;

/** What a {@link Program} is started with. */
export interface ProgramInit {
  readonly name: string;
  /** File of the program. */
  readonly script: string;
  readonly args: readonly string[];
  /** Colours the name. */
  readonly paint: (text: string) => string;
  /** Changes a line before it is shown and looked at; undefined leaves it out. */
  readonly format?: (line: string) => string | undefined;
}

/** A program of the show, in a process of its own. Its lines are printed behind its name, and kept. */
export class Program {
  readonly name: string;
  readonly #lines: string[] = [];
  /** Tells of each line, and of the end. */
  readonly #news = new EventEmitter<{ news: [] }>();
  readonly #child: ChildProcess;
  #end: string | undefined;

  constructor({ name, script, args, paint, format = (line) => line }: ProgramInit) {
    this.name = name;
    // The channel is how it is told to end, and how it notices when this process dies: nothing outlives the show.
    const child = fork(script, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#child = child;
    process.once('exit', () => child.kill('SIGKILL'));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (raw) => {
        const line = format(raw);
        if (line === undefined) return;
        console.log(`${paint(name.padEnd(8))} | ${line}`);
        this.#lines.push(line);
        this.#news.emit('news');
      });
    }
    child.on('error', (error) => this.#lines.push(`failed: ${error.message}`));
    child.on('close', (code, signal) => {
      this.#end = String(code ?? signal);
      this.#news.emit('news');
    });
  }

  /** Exit code or signal, once it has ended. */
  get end(): string | undefined {
    return this.#end;
  }

  /** The lines that match. */
  matching(pattern: RegExp): string[] {
    return this.#lines.filter((line) => pattern.test(line));
  }

  /** How many lines match. */
  count(pattern: RegExp): number {
    return this.matching(pattern).length;
  }

  /**
   * Waits for so many lines that match, those that came before included.
   *
   * @returns the last of them.
   * @throws Error when the program ends before, or the show's patience does; the signal's reason when that aborts.
   */
  async until(pattern: RegExp, count: number, signal?: AbortSignal): Promise<string> {
    const limit = AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), ...(signal === undefined ? [] : [signal])]);
    for (;;) {
      const last = this.matching(pattern)[count - 1];
      if (last !== undefined) return last;
      if (this.#end !== undefined) throw new Error(`${this.name} ended (${this.#end}) before ${String(pattern)} came`);
      try {
        await once(this.#news, 'news', { signal: limit });
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        throw new Error(`${this.name} did not say ${String(pattern)}`, { cause: error });
      }
    }
  }

  /** Ends it without a word, and waits for that. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    while (this.#end === undefined) await once(this.#news, 'news');
  }

  /** Lets it end, and waits for that. */
  async stop(): Promise<void> {
    // Not disconnect(): after that Node does not tell of the child's close.
    if (this.#child.connected) this.#child.send('end');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), END_MS);
    while (this.#end === undefined) await once(this.#news, 'news');
    clearTimeout(timer);
  }
}
