import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A nats-server of this program's own. */
export interface NatsServer {
  readonly url: string;
  stop(): Promise<void>;
}

const PATIENCE_MS = 10_000;

/** Starts the program `nats-server` with JetStream on a port that the system chooses. @throws Error when it is not installed. */
export async function startNats(folder: string): Promise<NatsServer> {
  const { mkdir } = await import('node:fs/promises');
  await mkdir(folder, { recursive: true });
  const args = ['-a', '127.0.0.1', '-p', '-1', '-js', '-sd', folder, '--ports_file_dir', folder];
  const child = spawn('nats-server', args, { stdio: 'ignore' });
  process.once('exit', () => child.kill('SIGKILL'));
  const failed = once(child, 'error').then(([error]) => {
    throw new Error('nats-server cannot be started: install it (Debian: apt-get install nats-server)', {
      cause: error,
    });
  });
  const url = await Promise.race([failed, portsOf(folder)]);
  failed.catch(() => undefined);
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** It writes the ports that it has to a file. */
async function portsOf(folder: string): Promise<string> {
  for (const endMs = performance.now() + PATIENCE_MS; performance.now() < endMs; await sleep(20)) {
    const file = (await readdir(folder)).find((name) => name.endsWith('.ports'));
    if (file === undefined) continue;
    const text = await readFile(`${folder}/${file}`, 'utf8');
    const [url] = text === '' ? [] : ((JSON.parse(text) as { nats?: string[] }).nats ?? []);
    if (url !== undefined) return url;
  }
  throw new Error('nats-server does not say where it listens');
}
