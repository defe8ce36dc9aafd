import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { HubStats, PresenceState } from '@tarsier/servant-push';

const script = fileURLToPath(new URL('./push-server.mjs', import.meta.url));

/** What `push-server.mjs` is told at its start. */
export interface PushServerOptions {
  readonly engine: 'local' | 'redis' | 'nats';
  readonly url?: string;
  /** Tells the pushes of one process from those of another. */
  readonly run: number;
  readonly groups: number;
  readonly perSecond: number;
  readonly leaseMs?: number;
}

interface ChildEvent {
  readonly event: string;
  readonly port?: number;
  readonly run?: number;
  readonly pushes?: [group: number, number: number, sequence: number][];
  readonly text?: string;
  readonly stats?: HubStats;
  readonly presence?: PresenceState;
  readonly count?: number;
  readonly size?: number;
}

/** `push-server.mjs` in a child process. */
export class PushServerProcess {
  readonly #child: ChildProcess;
  readonly errors: string[] = [];
  /** Pushes that are safe: run, group, number and sequence of each. */
  onSafe: (run: number, group: number, number: number, sequence: number) => void = () => undefined;
  port = 0;

  private constructor(options: PushServerOptions) {
    this.#child = fork(script, [JSON.stringify(options)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#child.setMaxListeners(50);
    this.#child.on('message', (message) => {
      const { event, run = 0, pushes = [], text = '' } = message as ChildEvent;
      if (event === 'safe') for (const [group, number, sequence] of pushes) this.onSafe(run, group, number, sequence);
      else if (event === 'error') this.errors.push(text);
    });
  }

  static async start(options: PushServerOptions): Promise<PushServerProcess> {
    const server = new PushServerProcess(options);
    server.port = (await server.#until('ready')).port ?? 0;
    return server;
  }

  #until(wanted: string): Promise<ChildEvent> {
    return new Promise((resolve, reject) => {
      const child = this.#child;
      const look = (message: unknown): void => {
        if ((message as ChildEvent).event !== wanted) return;
        child.off('message', look);
        child.off('exit', end);
        resolve(message as ChildEvent);
      };
      const end = (): void => {
        child.off('message', look);
        reject(new Error(`the server has ended before it told ${wanted}`));
      };
      child.on('message', look);
      child.once('exit', end);
    });
  }

  push(): void {
    this.#child.send({ command: 'push' });
  }

  /** Resolves when all that it has pushed is safe. */
  async stop(): Promise<void> {
    const stopped = this.#until('stopped');
    this.#child.send({ command: 'stop' });
    await stopped;
  }

  async stats(): Promise<ChildEvent> {
    const stats = this.#until('stats');
    this.#child.send({ command: 'stats' });
    return stats;
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exited;
  }
}
