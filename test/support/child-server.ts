import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What the server in the child tells. */
export interface ChildEvent {
  readonly event: 'ready' | 'request' | 'close' | 'shutdown' | 'destroyApp';
  readonly port?: number;
  readonly body?: string;
  readonly uid?: number;
  readonly type?: number;
}

const script = fileURLToPath(new URL('./fault-server.mjs', import.meta.url));

/** `fault-server.mjs` in a child process. */
export class ChildServer {
  readonly process: ChildProcess;
  readonly events: ChildEvent[] = [];
  readonly exited: Promise<[number | null, NodeJS.Signals | null]>;
  port = 0;

  private constructor(port: number) {
    this.process = fork(script, [String(port)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.exited = once(this.process, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    this.process.on('message', (message) => {
      this.events.push(message as ChildEvent);
    });
  }

  /** Starts it on a port, or on one that the system chooses; resolves when it listens. */
  static async start(port = 0): Promise<ChildServer> {
    const server = new ChildServer(port);
    const ready = await server.until((event) => event.event === 'ready');
    server.port = ready.port ?? 0;
    return server;
  }

  /** The first event that fits, past or to come; rejects when the process ends before. */
  async until(fits: (event: ChildEvent) => boolean): Promise<ChildEvent> {
    for (;;) {
      const found = this.events.find(fits);
      if (found !== undefined) return found;
      const next = await Promise.race([once(this.process, 'message'), this.exited.then(() => undefined)]);
      if (next === undefined && !this.events.some(fits)) throw new Error('the server has ended');
    }
  }

  /** Sends a signal and waits for the end. */
  async kill(signal: NodeJS.Signals): Promise<[number | null, NodeJS.Signals | null]> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill(signal);
    return this.exited;
  }
}
