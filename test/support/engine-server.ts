import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** A Redis or NATS server of the system, with files of its own in a temporary folder, that tests may kill and start again. */
export class EngineServer {
  readonly kind: 'redis' | 'nats';
  readonly folder: string;
  port = 0;
  #process: ChildProcess | undefined;
  #keeps: boolean;

  private constructor(kind: 'redis' | 'nats', keeps: boolean) {
    this.kind = kind;
    this.#keeps = keeps;
    this.folder = mkdtempSync(join(tmpdir(), `tarsier-${kind}-`));
  }

  /** @param keeps whether what it holds is on disk, and there again after a kill. */
  static async start(kind: 'redis' | 'nats', keeps = true): Promise<EngineServer> {
    const server = new EngineServer(kind, keeps);
    server.port = await freePort();
    await server.start();
    return server;
  }

  get url(): string {
    return `${this.kind === 'redis' ? 'redis' : 'nats'}://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const { folder, port } = this;
    const [program, args] =
      this.kind === 'redis'
        ? [
            'redis-server',
            [
              `--port ${port} --bind 127.0.0.1 --dir ${folder} --logfile log --appendfsync everysec`.split(' '),
              ['--save', '', '--appendonly', this.#keeps ? 'yes' : 'no'],
            ].flat(),
          ]
        : ['nats-server', ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder, '-l', join(folder, 'log')]];
    if (this.kind === 'nats' && !this.#keeps) rmSync(join(folder, 'jetstream'), { recursive: true, force: true });
    this.#process = spawn(program, args, { stdio: 'ignore' });
    await Promise.race([
      this.#listening(),
      once(this.#process, 'exit').then(() => {
        throw new Error(`${program} ended at once; its log is in ${folder}`);
      }),
    ]);
  }

  async #listening(): Promise<void> {
    for (;;) {
      const socket = connect(this.port, '127.0.0.1');
      const isOpen = await Promise.race([
        once(socket, 'connect').then(() => true),
        once(socket, 'error').then(() => false),
      ]).catch(() => false);
      socket.destroy();
      if (isOpen) return;
      // There is no event for a port of another process.
      await delay(20);
    }
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  /** Stops it as if the machine stood still: connections stay open, nothing is answered. */
  async freeze(): Promise<void> {
    this.#process?.kill('SIGSTOP');
    // On a busy machine threads of it run on for a while; there is no event for that either.
    while (!this.#isStopped()) await delay(1);
  }

  #isStopped(): boolean {
    const tasks = `/proc/${this.#process?.pid}/task`;
    // `pid (name) state …`
    return readdirSync(tasks).every((task) => /\) T /.test(readFileSync(`${tasks}/${task}/stat`, 'latin1')));
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }

  async end(): Promise<void> {
    this.thaw();
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A free port below those that the system gives away by itself, which may be taken again before the server listens. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
