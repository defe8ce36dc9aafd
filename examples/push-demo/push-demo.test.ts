import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { endPrograms, endpointOf, RunProgram } from '../run-program.testkit.js';

const folders: string[] = [];

afterEach(async () => {
  await endPrograms();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** A copy of a configuration of this example, on a port that the system chooses. */
async function configOnFreePort(name: string): Promise<string> {
  const text = await readFile(new URL(name, import.meta.url), 'utf8');
  const changed = text.replace(/-p (10099|9300)/, '-p 0');
  expect(changed).not.toBe(text);
  const folder = await mkdtemp(join(tmpdir(), 'push-demo-'));
  folders.push(folder);
  const file = join(folder, 'server.conf');
  await writeFile(file, changed);
  return file;
}

const server = (...args: string[]) => new RunProgram('push-demo/dist/server-main.js', ...args);
const client = (...args: string[]) => new RunProgram('push-demo/dist/client-main.js', ...args);
const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('push-client', () => {
  it('waits for the heartbeat that is under way when it is told to end', async () => {
    // Sends each packet back, but only when it is let to.
    let answer: () => void = () => undefined;
    let isAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const slow = createServer((socket) => {
      socket.once('data', (packet) => {
        answer = () => socket.write(packet);
        isAsked();
      });
      socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(slow, 'listening');
    const { port } = slow.address() as AddressInfo;
    const one = client('--connect', `tcp -h 127.0.0.1 -p ${port} -t 60000`);
    await asked;
    one.signal('SIGTERM');
    setTimeout(() => answer(), 200);
    expect(await one.ended(), one.text()).toBe(0);
    slow.close();
    expect(one.lines).toContain('request id: 1, response str: heartbeat');
    expect(one.lines.at(-1)).toBe('heartbeats answered: 1, failed: 0, pushes received: 0');
  });
});

describe('npm start', () => {
  it('shows answers, pushes, and a client that is released, and ends by itself', async () => {
    const show = new RunProgram('push-demo/dist/main.js', '--seconds', '4', '--push', '200', '--heartbeat', '300');
    expect(await show.ended(), show.text()).toBe(0);
    for (const name of ['client 1', 'client 2', 'client 3']) {
      expect(show.lines).toContain(`${name} | request id: 1, response str: heartbeat`);
      expect(show.lines).toContain(`${name} | push message: hello world`);
      expect(show.matching(new RegExp(`^ {2}${name} .*exit 0$`))).toHaveLength(1);
    }
    expect(show.matching(/^server {3}\| connect ip: 127\.0\.0\.1/)).toHaveLength(3);
    expect(show.matching(/^server {3}\| close ip: 127\.0\.0\.1 .*why=peer closed$/)).toHaveLength(3);
    const leaves = show.lines.findIndex((line) => line.startsWith('--- client 3 leaves'));
    const after = show.lines.slice(leaves).join('\n');
    expect(after).toMatch(/close ip.*[^]*client 1 \| push message[^]*others leave/);
    expect(show.text()).toMatch(/users registered +3 +users released +3 +exit 0\n {2}all as expected$/);
    expect(show.text()).not.toContain('\x1b');
  });

  it('ends cleanly when interrupted', async () => {
    const show = new RunProgram('push-demo/dist/main.js', '--seconds', '600');
    await show.until(/push message/, 3);
    show.signal('SIGINT');
    expect(await show.ended(), show.text()).toBe(0);
    expect(show.text()).toMatch(/summary \(ended early\)[^]*all as expected$/);
  });

  it('takes its programs along when it is killed', async () => {
    const show = new RunProgram('push-demo/dist/main.js', '--seconds', '600');
    await show.until(/push message/, 3);
    const children = await readFile(`/proc/${show.pid}/task/${show.pid}/children`, 'utf8').catch(() => '');
    const pids = children.split(' ').filter(Boolean).map(Number);
    if (process.platform === 'linux') expect(pids).toHaveLength(4);
    show.signal('SIGKILL');
    // Its output is at its end when the last of them has let go of it, which they do by ending.
    expect(await show.ended()).toBe('SIGKILL');
    await expect.poll(() => pids.filter(isAlive), { timeout: 10_000 }).toEqual([]);
  });

  it('refuses a time that is too short', async () => {
    const show = new RunProgram('push-demo/dist/main.js', '--seconds', '1');
    expect(await show.ended()).toBe(1);
    expect(show.text()).toContain('at least 3 are needed');
  });
});

describe('the push server', () => {
  it('pushes to two clients behind one address, and releases each', async () => {
    const push = server('--config', await configOnFreePort('server.conf'), '--push', '100');
    const endpoint = await endpointOf(push);
    const one = client('--connect', endpoint, '--heartbeat', '100');
    const two = client('--connect', endpoint, '--heartbeat', '100');
    await Promise.all([one.until(/^push message: hello world$/, 2), two.until(/^push message: hello world$/, 2)]);
    one.signal('SIGINT');
    expect(await one.ended()).toBe(0);
    await push.until(/"close ip: 127\.0\.0\.1"/);
    await two.until(/^push message/, two.matching(/^push message/).length + 2);
    two.signal('SIGTERM');
    expect(await two.ended()).toBe(0);
    await push.until(/"close ip: 127\.0\.0\.1"/, 2);
    push.signal('SIGTERM');
    expect(await push.ended()).toBe(0);
    expect(push.matching(/"connect ip: 127\.0\.0\.1"/)).toHaveLength(2);
  });

  it('runs with a configuration written for TarsCpp', async () => {
    const push = server(`--config=${await configOnFreePort('push-server.tarscpp.conf')}`, '--push', '100');
    const endpoint = await endpointOf(push);
    expect(endpoint).toMatch(/-t 10000$/);
    expect(push.text()).toContain('"servant":"TestApp.PushServer.TestPushServantObj"');
    for (const key of ['netthread', 'ProxyAdapter<threads>', 'closecout', 'notify']) expect(push.text()).toContain(key);
    const object = 'TestApp.PushServer.TestPushServantObj';
    const one = client('--connect', endpoint, '--object', object, '--heartbeat', '100');
    expect(await one.until(/^request id/, 3)).toBe('request id: 3, response str: heartbeat');
    await one.until(/^push message: hello world$/);
    push.signal('SIGTERM');
    expect(await push.ended()).toBe(0);
  });

  it('speaks the bytes of the document, and closes who does not', async () => {
    const push = server('--endpoint', 'tcp -h 127.0.0.1 -p 0 -t 60000');
    const port = Number(/-p (\d+)/.exec(await endpointOf(push))?.[1]);
    const heartbeat = Buffer.from('0000001100000001686561727462656174', 'hex');
    const good = connect(port, '127.0.0.1');
    good.write(heartbeat);
    const [echo] = (await once(good, 'data')) as [Buffer];
    expect(echo.toString('hex')).toBe(heartbeat.toString('hex'));
    for (const length of ['00000007', 'ffffffff', '000186a1']) {
      const bad = connect(port, '127.0.0.1');
      bad.resume();
      bad.write(Buffer.from(length, 'hex'));
      await once(bad, 'end');
      bad.destroy();
    }
    good.write(heartbeat);
    await once(good, 'data');
    good.destroy();
  });

  it('says what is wrong when it cannot start', async () => {
    const push = server('--config=missing.conf');
    expect(await push.ended()).toBe(1);
    expect(push.text()).toMatch(/the push server cannot start: .*missing\.conf/);
  });
});

describe('the push client', () => {
  it('ends after its time, and says with its exit code whether a server was there', async () => {
    const push = server('--endpoint', 'tcp -h 127.0.0.1 -p 0 -t 60000', '--push', '100');
    const endpoint = await endpointOf(push);
    const one = client('--connect', endpoint, '--seconds', '1', '--heartbeat', '200');
    expect(await one.ended(), one.text()).toBe(0);
    expect(one.lines.at(-1)).toMatch(/^heartbeats answered: [1-9]\d*, failed: 0, pushes received: [1-9]\d*$/);
    push.signal('SIGTERM');
    await push.ended();
    const two = client('--connect', endpoint, '--seconds', '1');
    expect(await two.ended()).toBe(1);
    expect(two.text()).toMatch(/request id: 1, failed: .*ECONNREFUSED/);
  });
});
