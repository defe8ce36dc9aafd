import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Answer, CpuSample, Question } from './child.js';

/** Servers run on one core, load on the other, so that neither takes time from what is measured; or anything on any. */
export const Core = { SERVER: 0, LOAD: 1, ANY: -1 } as const;

/** One of the values of {@link Core}. */
export type Core = (typeof Core)[keyof typeof Core];

/** Time for one answer, unless told otherwise. */
const ANSWER_MS = 30_000;

interface Waiting {
  readonly command: string;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

const running = new Set<Child>();

/** Whether processes can be pinned to cores here. */
export const canPin: boolean =
  availableParallelism() >= 2 && spawnSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' }).status === 0;

/** A server or a load generator in a process of its own. */
export class Child {
  readonly #process: ChildProcess;
  readonly #name: string;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #failure: Error | undefined;

  private constructor(child: ChildProcess, name: string) {
    this.#process = child;
    this.#name = name;
    running.add(this);
    child.on('message', (message) => {
      this.#answered(message as Answer);
    });
    child.on('error', (error) => {
      this.#ended(error);
    });
    child.on('exit', (code, signal) => {
      this.#ended(new Error(`${name} has ended with ${signal ?? code}`));
    });
  }

  /**
   * Starts a file of this folder and waits until it is ready.
   *
   * @param file as `servers/bare-server.js`.
   * @param nodeOptions as `--expose-gc`.
   */
  static async start(
    file: string,
    core: Core,
    args: readonly string[] = [],
    nodeOptions: readonly string[] = [],
  ): Promise<Child> {
    const path = fileURLToPath(new URL(file, import.meta.url));
    const node = [...profilingOptions(), ...nodeOptions];
    const process_ =
      canPin && core !== Core.ANY
        ? fork(path, args, { execPath: 'taskset', execArgv: ['-c', String(core), process.execPath, ...node] })
        : fork(path, args, { execArgv: node });
    const child = new Child(process_, [basename(file, '.js'), ...args].join(' '));
    await child.#wait(0, 'start', ANSWER_MS);
    return child;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /**
   * Has the child run a command.
   *
   * @returns its result; rejects with what it threw, when it ends, and when it takes longer than `limitMs`.
   */
  ask<Result>(command: string, parameters?: unknown, limitMs: number = ANSWER_MS): Promise<Result> {
    const id = ++this.#lastId;
    const answer = this.#wait(id, command, limitMs) as Promise<Result>;
    if (this.#failure === undefined) this.#process.send({ id, command, parameters } satisfies Question);
    return answer;
  }

  cpu(): Promise<CpuSample> {
    return this.ask<CpuSample>('cpu');
  }

  /** Ends the process; resolves when it is gone. */
  stop(): Promise<void> {
    running.delete(this);
    const child = this.#process;
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      // A child ends when its channel does, and so has time to write a CPU profile.
      if (child.connected) child.disconnect();
      setTimeout(() => child.kill('SIGKILL'), 2000).unref();
    });
  }

  /** @internal Ends the process without waiting. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #wait(id: number, command: string, limitMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) {
        reject(this.#failure);
        return;
      }
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new Error(`${this.#name}: no answer to ${command} within ${limitMs} ms`));
      }, limitMs);
      this.#waiting.set(id, { command, resolve, reject, timer });
    });
  }

  #answered({ id, result, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    clearTimeout(waiting.timer);
    if (error === undefined) waiting.resolve(result);
    else waiting.reject(new Error(`${this.#name}: ${waiting.command} failed: ${error}`));
  }

  #ended(error: Error): void {
    this.#failure ??= error;
    running.delete(this);
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(this.#failure);
    }
    this.#waiting.clear();
  }
}

/** The profiling options that this process was started with go on to its children: they are what one wants to see. */
function profilingOptions(): string[] {
  return process.execArgv.filter((option) => /^--(cpu|heap)-prof/.test(option));
}

/** Ends all children that still run; nothing of a benchmark may outlive it. */
export function killChildren(): void {
  for (const child of running) child.kill();
  running.clear();
}

/** Runs `body` with children that are ended afterwards, in any case. */
export async function withChildren<T>(body: (start: typeof Child.start) => Promise<T>): Promise<T> {
  const started: Child[] = [];
  const start: typeof Child.start = async (...args) => {
    const child = await Child.start(...args);
    started.push(child);
    return child;
  };
  try {
    return await body(start);
  } finally {
    await Promise.all(started.map((child) => child.stop()));
  }
}
