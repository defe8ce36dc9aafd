import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LogLevel, setLogLevel } from '@tarsier/framework';
import { Communicator, QueryFProxy } from '@tarsier/proxy';
import { type RunningRegistry, startRegistry } from '@tarsier/registry';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

const OBJECT = 'T.S.PidObj';
const server = fileURLToPath(new URL('../support/registered-server.mjs', import.meta.url));
const program = fileURLToPath(new URL('../../packages/registry/dist/main.js', import.meta.url));
const ends = new Set<() => Promise<unknown>>();

beforeAll(() => {
  setLogLevel(LogLevel.NONE);
});

afterEach(async () => {
  for (const end of [...ends].toReversed()) await end();
  ends.clear();
});

async function registry(): Promise<RunningRegistry> {
  const running = await startRegistry();
  ends.add(() => running.stop());
  return running;
}

function endWith(child: ChildProcess): Promise<unknown> {
  const exited = once(child, 'exit');
  ends.add(() => {
    child.kill('SIGKILL');
    return exited;
  });
  return exited;
}

/** The server in a child process, and the process ids of its workers. */
async function child(
  locator: string,
  leaseMs: number,
  workers = 0,
): Promise<{ process: ChildProcess; pids: readonly number[]; exited: Promise<unknown> }> {
  const one = fork(server, [locator, String(leaseMs), String(workers)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exited = endWith(one);
  const [told] = (await once(one, 'message')) as [{ pids: readonly number[] }];
  return { process: one, pids: told.pids, exited };
}

/** Nothing tells of what a table forgets. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(10);
}

describe('a registered server', () => {
  it('that is killed becomes inactive when its lease is over', async () => {
    const { locator, table } = await registry();
    const { process: one, exited } = await child(locator, 2000);
    await until(() => table.find(OBJECT).active.length === 1);
    one.kill('SIGKILL');
    await exited;
    await until(() => table.find(OBJECT).active.length === 0);
    expect(table.find(OBJECT).inactive).toHaveLength(1);
  });

  it('that gets SIGTERM is gone at once', async () => {
    const { locator, table } = await registry();
    const { process: one, exited } = await child(locator, 60_000);
    await until(() => table.size === 1);
    one.kill('SIGTERM');
    await exited;
    expect(table.size).toBe(0);
  });

  it('with workers is one node, which stays while one worker lives', async () => {
    const { locator, table } = await registry();
    const { process: one, pids, exited } = await child(locator, 5000, 2);
    expect(pids).toHaveLength(2);
    await until(() => table.size === 1);
    const instances: string[] = [];
    table.find(OBJECT, (entries) => {
      instances.push(...entries.map(({ instance }) => instance));
      return entries;
    });
    // The supervisor has registered, and no worker has.
    expect(instances).toEqual([expect.stringContaining(`#${one.pid}-`)]);
    process.kill(pids[0] ?? 0, 'SIGKILL');
    const began = performance.now();
    while (performance.now() - began < 6000) {
      expect([table.size, table.find(OBJECT).active.length]).toEqual([1, 1]);
      await delay(20);
    }
    one.kill('SIGTERM');
    await exited;
    expect(table.size).toBe(0);
  });
});

describe('tarsier-registry', () => {
  it('says where it listens, serves the file, and ends with 0 on a signal', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tarsier-registry-'));
    ends.add(() => rm(folder, { recursive: true }));
    const file = join(folder, 'objects.conf');
    await writeFile(file, '<objects>\n  A.B.C = tcp -h 10.0.0.1 -p 1\n</objects>\n');
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      const one = spawn(process.execPath, [program, '--port', '0', '--file', file], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = endWith(one);
      let text = '';
      const line = /^ {2}locator = (tars\.tarsregistry\.QueryObj@tcp -h 127\.0\.0\.1 -p \d+)$/m;
      while (!line.test(text)) text += String(((await once(one.stdout, 'data')) as [Buffer])[0]);
      expect(text).toMatch(/^tarsier-registry listens on tcp -h 127\.0\.0\.1 -p \d+$/m);
      const communicator = new Communicator();
      const query = communicator.stringToProxy(QueryFProxy, line.exec(text)?.[1] ?? '');
      expect((await query.findObjectById('A.B.C')).map(({ host, port }) => [host, port])).toEqual([['10.0.0.1', 1]]);
      await communicator.terminate();
      one.kill(signal);
      expect(await exited).toEqual([0, null]);
    }
  });

  it('says how it is used, and what is wrong', async () => {
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, [program, '--help']);
    expect(stdout).toMatch(/^tarsier-registry \[--port N\]/);
    const busy = createServer().listen(0, '127.0.0.1');
    await once(busy, 'listening');
    ends.add(async () => {
      busy.close();
      await once(busy, 'close');
    });
    const address = busy.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    for (const [args, message] of [
      [['--port', 'x'], /--port: expected a number from 0 to 65535, found "x"/],
      [['--nonsense'], /--nonsense/],
      [['--file', '/nonexistent'], /the file of objects \/nonexistent cannot be read/],
      [['--port', port], /in use/],
    ] as const) {
      const failed = run(process.execPath, [program, ...args]);
      await expect(failed).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(message) as string });
    }
  });
});
