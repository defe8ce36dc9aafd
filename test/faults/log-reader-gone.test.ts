import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../support/logging-server.mjs', import.meta.url));
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill('SIGKILL');
});

describe('a log whose reader has gone', () => {
  it.each(['with', 'without'])('loses its lines, counts them, and the server goes on, %s pino', async (pino) => {
    const server = fork(program, [pino], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
    child = server;
    const exited = once(server, 'exit');
    const { stdout } = server;
    if (stdout === null) throw new Error('the child has no output');
    await once(stdout, 'data');
    stdout.destroy();
    await once(stdout, 'close');
    server.send('log');
    const [message] = (await Promise.race([once(server, 'message'), exited])) as [{ lost: number }];
    // The first may find room in the pipe.
    expect(message.lost).toBeGreaterThanOrEqual(9);
    server.send('end');
    expect(await exited).toEqual([0, null]);
  });
});
