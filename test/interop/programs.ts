import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Programs in other languages that the tests start, and talk to by lines. */

/** So many ports that were free a moment ago: the programs of others do not tell which one they were given. */
export async function freePorts(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(probes.map((probe) => once(probe, 'listening')));
  const ports = probes.map((probe) => (probe.address() as AddressInfo).port);
  await Promise.all(probes.map((probe) => once(probe.close(), 'close')));
  return ports;
}

/** The lines that a program writes, in order. */
export class Lines {
  readonly all: string[] = [];
  #waiting: (() => void)[] = [];
  #next = 0;

  constructor(child: ChildProcessWithoutNullStreams) {
    createInterface(child.stdout).on('line', (line) => {
      this.all.push(line);
      for (const wake of this.#waiting.splice(0)) wake();
    });
    child.on('exit', () => {
      for (const wake of this.#waiting.splice(0)) wake();
    });
    this.#isOver = () => child.exitCode !== null || child.signalCode !== null;
  }

  readonly #isOver: () => boolean;

  /** The next line for which a function is true; others before it are left out. */
  async next(fits: (line: string) => boolean): Promise<string> {
    for (;;) {
      while (this.#next < this.all.length) {
        const line = this.all[this.#next++] as string;
        if (fits(line)) return line;
      }
      if (this.#isOver()) throw new Error(`the program has ended; it said: ${this.all.join(' | ')}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

const children = new Set<ChildProcess>();

/** Ends all that was started. */
export async function endPrograms(): Promise<void> {
  for (const child of children) await kill(child, 'SIGKILL');
}

/** Ends a program, and waits until it is gone. */
export async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  children.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

/** Starts a program in a folder of its own, which goes with it. */
export async function startProgram(
  path: string,
  argsIn: (folder: string) => Promise<readonly string[]>,
): Promise<ChildProcessWithoutNullStreams> {
  const folder = await mkdtemp(join(tmpdir(), 'interop-'));
  const child = spawn(path, await argsIn(folder), { cwd: folder });
  child.stderr.resume();
  children.add(child);
  child.on('exit', () => void rm(folder, { recursive: true, force: true }));
  return child;
}

/** A client of the peer: makes the calls that it is told, a line each, and tells what came of them, a line each. */
export class PeerClient {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Lines;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#lines = new Lines(child);
  }

  /** @param properties of its client section. */
  static async start(
    path: string,
    object: string,
    properties: Readonly<Record<string, string>> = {},
  ): Promise<PeerClient> {
    const pairs = Object.entries(properties).map(([key, value]) => `${key}=${value}`);
    const client = new PeerClient(await startProgram(path, async () => [object, ...pairs]));
    await client.heard((line) => line === 'ready');
    return client;
  }

  /** Its answer: `= result`, or `! text` with the result in it. */
  async call(command: string): Promise<string> {
    this.#child.stdin.write(`${command}\n`);
    return this.#lines.next((line) => /^[=!] /.test(line));
  }

  /** All lines so far that begin with a word. */
  told(word: string): string[] {
    return this.#lines.all.filter((line) => line.split(' ', 1)[0] === word);
  }

  /** The next line for which a function is true. */
  heard(fits: (line: string) => boolean): Promise<string> {
    return this.#lines.next(fits);
  }

  end(): Promise<void> {
    return kill(this.#child, 'SIGKILL');
  }
}
