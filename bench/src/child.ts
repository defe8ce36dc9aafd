import { inspect } from 'node:util';

/** What a child process can be asked for; a handler's result goes back to the parent. */
export type Commands = Readonly<Record<string, (parameters: never) => unknown>>;

/** The parent's question, and the child's answer, as they cross the process border. */
export interface Question {
  readonly id: number;
  readonly command: string;
  readonly parameters: unknown;
}

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** CPU time that a process has used, and when it was asked. */
export interface CpuSample {
  readonly cpuMs: number;
  readonly atMs: number;
}

/** A clock that all processes of a machine share, in ms. */
export function sharedNowMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

function cpu(): CpuSample {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, atMs: sharedNowMs() };
}

/**
 * Makes this process answer its parent. `cpu` is answered by itself.
 *
 * The process ends when the parent does, whatever happens to it.
 */
export function serveParent(commands: Commands): void {
  const all = { cpu, ...commands } as Record<string, (parameters: unknown) => unknown>;
  process.on('disconnect', () => process.exit());
  process.on('message', (message) => {
    void answer(all, message as Question);
  });
  process.send?.({ id: 0 } satisfies Answer);
}

async function answer(commands: Record<string, (parameters: unknown) => unknown>, question: Question): Promise<void> {
  const { id, command, parameters } = question;
  let reply: Answer;
  try {
    const handler = commands[command];
    if (handler === undefined) throw new Error(`no command ${command}; known are ${Object.keys(commands).join(', ')}`);
    reply = { id, result: await handler(parameters) };
  } catch (error) {
    reply = { id, error: inspect(error) };
  }
  process.send?.(reply);
}
