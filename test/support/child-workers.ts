import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the supervisor in the child tells. */
export interface WorkersEvent {
  readonly event: 'ready' | 'failed' | 'workerexit' | 'restarted' | 'states' | 'reloaded';
  readonly endpoints?: readonly string[];
  readonly pids?: readonly number[];
  readonly serving?: number;
  readonly deaths?: number;
  readonly restarts?: number;
  readonly code?: string | number;
  readonly signal?: string | null;
  readonly message?: string;
}

const script = fileURLToPath(new URL('./worker-server.mjs', import.meta.url));

/** `worker-server.mjs` in a child process, which has workers of its own. */
export class ChildWorkers {
  readonly process: ChildProcess;
  readonly exited: Promise<[number | null, NodeJS.Signals | null]>;
  readonly #events: WorkersEvent[] = [];

  constructor(workers: number, mode = '', port = 0, more: { server?: object; adapter?: object } = {}) {
    // What a worker prints when its `main` rejects on purpose belongs to nobody.
    const stderr = mode === 'bad' ? 'ignore' : 'inherit';
    this.process = fork(script, [String(workers), String(port), mode, JSON.stringify(more)], {
      stdio: ['ignore', 'inherit', stderr, 'ipc'],
    });
    this.exited = once(this.process, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    this.process.on('message', (message) => {
      this.#events.push(message as WorkersEvent);
    });
  }

  /** The next event of that kind, taken out. */
  async next(event: WorkersEvent['event']): Promise<WorkersEvent> {
    for (;;) {
      const at = this.#events.findIndex((one) => one.event === event);
      const [found] = at >= 0 ? this.#events.splice(at, 1) : [];
      if (found !== undefined) return found;
      const ended = await Promise.race([once(this.process, 'message').then(() => false), this.exited.then(() => true)]);
      if (ended && !this.#events.some((one) => one.event === event)) throw new Error('the server has ended');
    }
  }

  ask(order: 'restart' | 'states' | 'reload'): void {
    this.process.send(order);
  }

  /** Sends a signal and waits for the end. */
  async kill(signal: NodeJS.Signals): Promise<[number | null, NodeJS.Signals | null]> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill(signal);
    return this.exited;
  }
}

/** Resolves when a process is gone; it need not be a child of ours. */
export async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    // Nothing tells of the end of a process that is not our child.
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
