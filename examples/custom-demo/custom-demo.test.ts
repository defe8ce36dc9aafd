import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endPrograms, endpointOf, RunProgram } from '../run-program.testkit.js';

let folder = '';
let config = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'custom-demo-'));
  config = join(folder, 'server.conf');
  const text = await readFile(new URL('server.conf', import.meta.url), 'utf8');
  await writeFile(config, text.replace('-p 9400', '-p 0'));
});

afterAll(() => rm(folder, { recursive: true }));
afterEach(endPrograms);

const server = () => new RunProgram('custom-demo/dist/server-main.js', `--config=${config}`);
const client = (...args: string[]) => new RunProgram('custom-demo/dist/client-main.js', ...args);

describe('the custom client', () => {
  it.each(['sync', 'async'])('calls in the style %s, and measures', async (style) => {
    const custom = server();
    const connect = ['--connect', await endpointOf(custom)];
    const calls = client(...connect, '--call', style, '--count', '500', '--concurrency', '10', '--buffersize', '2000');
    expect(await calls.ended(), calls.text()).toBe(0);
    expect(calls.lines.at(0)).toBe(`${style}: 500 calls of 2000 bytes, 10 at a time`);
    expect(calls.lines.at(-1)).toMatch(
      new RegExp(`^${style}: finish count: 500, \\d+ calls/s, p50 \\d+\\.\\d\\d ms, p99 \\d+\\.\\d\\d ms, errors 0$`),
    );
    custom.signal('SIGTERM');
    expect(await custom.ended()).toBe(0);
  });

  it('runs both styles unless told', async () => {
    const connect = ['--connect', await endpointOf(server())];
    const calls = client(...connect, '--count', '20', '--concurrency', '50');
    expect(await calls.ended(), calls.text()).toBe(0);
    expect(calls.matching(/^(sync|async): finish count: 20, .* errors 0$/)).toHaveLength(2);
  });

  it('counts errors, names the first, and fails', async () => {
    const connect = ['--connect', await endpointOf(server())];
    const calls = client(...connect, '--call', 'sync', '--count', '3', '--buffersize', '20000000');
    expect(await calls.ended()).toBe(1);
    expect(calls.text()).toMatch(/finish count: 0, .* errors 3\n.*first error: .*20000008 bytes/);
  });

  it('fails at once without a server', async () => {
    const custom = server();
    const endpoint = await endpointOf(custom);
    expect(await client('--connect', endpoint, '--count', '1').ended()).toBe(0);
    custom.signal('SIGINT');
    expect(await custom.ended()).toBe(0);
    const calls = client('--connect', endpoint, '--count', '1000');
    expect(await calls.ended()).toBe(1);
    expect(calls.lines).toHaveLength(1);
    expect(calls.text()).toContain('ECONNREFUSED');
  });
});
