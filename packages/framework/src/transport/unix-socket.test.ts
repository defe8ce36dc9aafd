import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Communicator, type PropertyValue } from '@tarsier/proxy';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CertificatePair, LOCAL_NAMES, TestAuthority } from '../../../../test/support/certificates.js';
import type { AdapterSection } from '../config/application-config.js';
import { LogLevel, setLogger, setLogLevel } from '../log/log.js';
import { framing, startServer, stopServers } from '../test-server.testkit.js';

let authority: TestAuthority;
let certificate: CertificatePair;
let folder: string;
let path: string;
const communicators: Communicator[] = [];

beforeAll(async () => {
  authority = await TestAuthority.create();
  certificate = await authority.issue({ name: 'localhost', names: LOCAL_NAMES });
  folder = await mkdtemp(join(tmpdir(), 'tarsier-unix-'));
});

afterAll(() => Promise.all([authority.remove(), rm(folder, { recursive: true })]));

let count = 0;

afterEach(async () => {
  setLogger(undefined);
  setLogLevel(LogLevel.NONE);
  await Promise.all(communicators.splice(0).map((communicator) => communicator.terminate()));
  await stopServers();
});

const freshPath = (): string => join(folder, `s${++count}`);

const serve = (type: string, section: Partial<AdapterSection> = {}) =>
  startServer({}, { endpoint: `${type} -h ${path} -p 0 -t 60000`, ...section });

/** Where the endpoint uses TLS. */
const certificateOf = (type: string): Partial<AdapterSection> => (type === 'ssl' || type === 'wss' ? certificate : {});

async function call(endpoint: string, properties: Record<string, PropertyValue> = {}): Promise<string> {
  const communicator = new Communicator(properties);
  communicators.push(communicator);
  const proxy = communicator.stringToProxy(`T.S.Obj@${endpoint}`).setProtocol(framing.proxyProtocol);
  return (await proxy.rpcCall(proxy.genRequestId(), 'f', 'hello')).sBuffer.toString();
}

/** Leaves the file of a program that listened there and was killed. */
async function killedServer(): Promise<void> {
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  expect((await stat(path)).isSocket()).toBe(true);
}

describe('a Unix socket', () => {
  it.each(['tcp', 'ssl', 'ws', 'wss'])('carries calls of %s', async (type) => {
    path = freshPath();
    await serve(type, certificateOf(type));
    expect(await call(`${type} -h ${path} -p 0`, { ca: authority.ca })).toBe('hello');
  });

  it('carries WebSockets of the path that -u names, and no others', async () => {
    path = freshPath();
    await serve('ws', { endpoint: `ws -h ${path} -p 0 -u /api -t 60000` });
    expect(await call(`ws -h ${path} -p 0 -u /api`)).toBe('hello');
    await expect(call(`ws -h ${path} -p 0`)).rejects.toThrow(/answered 404/);
  });

  it.each(['tcp', 'ws'])('is taken over from a program that was killed, with a line in the log (%s)', async (type) => {
    path = freshPath();
    await killedServer();
    const lines: string[] = [];
    const keep = (message: string, fields: object = {}): void => {
      lines.push(`${message} ${JSON.stringify(fields)}`);
    };
    setLogger({ debug: keep, info: keep, warn: keep, error: keep });
    await startServer({}, { endpoint: `${type} -h ${path} -p 0 -t 60000` }, { loglevel: 'WARN' });
    expect(lines).toEqual([`the file of a Unix socket on which nobody listened was deleted {"path":"${path}"}`]);
    expect(await call(`${type} -h ${path} -p 0`)).toBe('hello');
  });

  it('is left to a program that listens there', async () => {
    path = freshPath();
    const { app } = await serve('tcp');
    const second = serve('tcp');
    await expect(second).rejects.toMatchObject({ code: 'TARSIER_LISTEN_FAILED' });
    await expect(second).rejects.toThrow(/another program listens on this path: stop it, or change -h/);
    expect(await call(`tcp -h ${path} -p 0`)).toBe('hello');
    await app.terminate();
    await expect(stat(path)).rejects.toThrow(/ENOENT/);
  });

  it('does not replace a file that is no socket', async () => {
    path = freshPath();
    await writeFile(path, 'precious');
    await expect(serve('tcp')).rejects.toThrow(/there is a file of this name that is no socket/);
    expect((await stat(path)).size).toBe(8);
  });

  it('is refused on both sides when its path is longer than the system takes', async () => {
    path = join(folder, 'x'.repeat(120));
    const problem = new RegExp(`the path of the Unix socket has ${path.length} bytes, and this system takes 10[37]`);
    for (const type of ['tcp', 'ssl', 'ws', 'wss']) {
      const start = serve(type, certificateOf(type));
      await expect(start).rejects.toMatchObject({ code: 'TARSIER_LISTEN_FAILED' });
      await expect(start).rejects.toThrow(problem);
      const refused = call(`${type} -h ${path} -p 0`, { ca: authority.ca });
      await expect(refused).rejects.toMatchObject({ code: 'TARSIER_CONNECT_FAILED' });
      await expect(refused).rejects.toThrow(problem);
    }
  });

  it('may have a path as long as the system takes', async () => {
    const max = process.platform === 'linux' ? 107 : 103;
    path = join(folder, 'y'.repeat(max - folder.length - 1));
    await serve('tcp');
    expect((await stat(path)).isSocket()).toBe(true);
    expect(await call(`tcp -h ${path} -p 0`)).toBe('hello');
  });
});
