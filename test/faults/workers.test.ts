import { once } from 'node:events';
import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import {
  Communicator,
  decodeResult,
  Endpoint,
  lengthField,
  type ProxyProtocol,
  type ServantProxy,
  tars,
  tarsFunction,
} from '@tarsier/framework';
import { afterEach, describe, expect, it } from 'vitest';
import { RawClient } from '../../packages/framework/src/raw-client.testkit.js';
import { ask, call as tarsCall } from '../../packages/framework/src/tars/tars-server.testkit.js';
import { TestAuthority } from '../support/certificates.js';
import { ChildWorkers, gone } from '../support/child-workers.js';

const framing = lengthField({ bytes: 4, includesHeader: true, max: 1_000_000, requestId: { offset: 4, bytes: 4 } });

const children: ChildWorkers[] = [];
const communicators: Communicator[] = [];
const folders: string[] = [];

afterEach(async () => {
  await Promise.all(communicators.splice(0).map((communicator) => communicator.terminate()));
  await Promise.all(children.splice(0).map((child) => child.kill('SIGKILL')));
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
});

async function start(
  workers: number,
  mode = '',
  port = 0,
): Promise<{ child: ChildWorkers; endpoint: string; pids: readonly number[] }> {
  const child = new ChildWorkers(workers, mode, port);
  children.push(child);
  const { endpoints = [], pids = [] } = await child.next('ready');
  return { child, endpoint: endpoints[0] ?? '', pids };
}

/** Two workers with an administration port, and what runs a command there. */
async function startWithAdmin(adapter: object = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'tarsier-'));
  folders.push(folder);
  const path = join(folder, 'admin');
  const child = new ChildWorkers(2, '', 0, { server: { local: `tcp -h ${path} -p 0 -t 60000` }, adapter });
  children.push(child);
  const { pids = [], endpoints = [] } = await child.next('ready');
  const admin = async (line: string): Promise<string> => {
    const socket = connect(path);
    socket.write(`${line}\n`);
    return text(socket);
  };
  return { child, pids, endpoints, admin };
}

/** Proxies with a connection each, so that every worker has some of them. */
function proxies(endpoint: string, count: number, protocol: ProxyProtocol = framing.proxyProtocol): ServantProxy[] {
  const communicator = new Communicator({ 'reconnect-min-interval': 20 });
  communicators.push(communicator);
  return Array.from({ length: count }, (_, i) => {
    const proxy = communicator.stringToProxy(`T.S.WorkerObj#${i}@${endpoint}`);
    return proxy.setProtocol(protocol);
  });
}

const call = async (proxy: ServantProxy, body: string): Promise<string> => {
  const { sBuffer } = await proxy.rpcCall(proxy.genRequestId(), 'f', body);
  return sBuffer.toString();
};

describe('workers', () => {
  it('share a port, and each serves some of the connections', async () => {
    const { child, endpoint, pids } = await start(3);
    const answers = await Promise.all(proxies(endpoint, 9).map((proxy) => call(proxy, 'pid')));
    expect(new Set(answers)).toEqual(new Set(pids.map(String)));
    expect(await child.kill('SIGTERM')).toEqual([0, null]);
    await Promise.all(pids.map((pid) => gone(pid)));
  });

  it('serve TARS', async () => {
    const child = new ChildWorkers(2, 'tars', 0, { adapter: { protocol: 'tars' } });
    children.push(child);
    const { endpoints = [], pids = [] } = await child.next('ready');
    const { port } = Endpoint.parse(endpoints[0] ?? '');
    const pid = tarsFunction<[], number>('pid', tars.int, []);
    const seen = new Set<number>();
    for (let i = 0; i < 8; i++) {
      const client = await RawClient.connect(port);
      const answer = await ask(client, tarsCall(pid, [], { sServantName: 'T.S.WorkerObj' }));
      seen.add(decodeResult(pid, answer.sBuffer, 1));
      client.destroy();
    }
    expect(seen).toEqual(new Set(pids));
  });

  it('are replaced when they die, and the others go on', async () => {
    const { child, endpoint, pids } = await start(2);
    const [first, second] = proxies(endpoint, 2) as [ServantProxy, ServantProxy];
    const [victim, other] = [await call(first, 'pid'), await call(second, 'pid')];
    expect(victim).not.toBe(other);
    await expect(call(first, 'exit')).rejects.toMatchObject({ code: 'TARSIER_CONNECTION_LOST' });
    expect(await child.next('workerexit')).toMatchObject({ pid: Number(victim), code: 3, signal: null });
    expect(await call(second, 'pid')).toBe(other);
    await expect
      .poll(
        async () => {
          child.ask('states');
          return child.next('states');
        },
        { timeout: 20_000 },
      )
      .toMatchObject({ serving: 2, deaths: 1 });
    const answers = await Promise.all(proxies(endpoint, 6).map((proxy) => call(proxy, 'pid')));
    expect(new Set(answers).size).toBe(2);
    expect(answers).not.toContain(victim);
    expect(pids).toContain(Number(victim));
  });

  it('that are killed by a signal are reported with it', async () => {
    const { child, pids } = await start(1);
    process.kill(pids[0] ?? 0, 'SIGKILL');
    expect(await child.next('workerexit')).toMatchObject({ code: null, signal: 'SIGKILL', place: 1 });
  });

  it('make main reject with what the first of them threw, and leave none behind', async () => {
    const child = new ChildWorkers(2, 'bad');
    children.push(child);
    expect(await child.next('failed')).toMatchObject({ message: 'initialize fails on purpose' });
    expect(await child.exited).toEqual([1, null]);
  });

  it('end when their supervisor is killed', async () => {
    const { child, pids } = await start(2);
    await child.kill('SIGKILL');
    await Promise.all(pids.map((pid) => gone(pid)));
  });

  it('serve on a Unix socket, also after they and their supervisor were killed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tarsier-'));
    folders.push(folder);
    const endpoint = `tcp -h ${join(folder, 's')} -p 0`;
    const first = new ChildWorkers(2, '', 0, { adapter: { endpoint } });
    children.push(first);
    const { pids = [] } = await first.next('ready');
    for (const pid of [first.process.pid ?? 0, ...pids]) process.kill(pid, 'SIGKILL');
    await first.exited;
    await Promise.all(pids.map((pid) => gone(pid)));
    expect((await stat(join(folder, 's'))).isSocket()).toBe(true);
    const second = new ChildWorkers(2, '', 0, { adapter: { endpoint } });
    children.push(second);
    expect((await second.next('ready')).pids?.length).toBe(2);
    const [proxy] = proxies(endpoint, 1);
    expect(await call(proxy as ServantProxy, 'hello')).toBe('hello');
  });

  it('have all commands of the supervisor and of themselves in tars.help', async () => {
    const { admin } = await startWithAdmin();
    const names = (await admin('tars.help')).split('\n').map((line) => line.split(' ', 1)[0]);
    for (const name of ['tars.workers', 'tars.restart', 'tars.shutdown', 'tars.viewstatus', 'tars.help', 'early']) {
      expect(names.filter((one) => one === name)).toEqual([name]);
    }
    expect(JSON.parse(await admin('tars.workers'))).toMatchObject({ serving: 2 });
  });

  it('run commands of the application, those too that were added before main()', async () => {
    const { admin, pids } = await startWithAdmin();
    const answer = await admin('early bird');
    expect(answer).toMatch(/^worker 1\n\d+ bird\n\nworker 2\n\d+ bird\n$/);
    for (const pid of pids) expect(answer).toContain(`${pid} bird`);
  });

  it('read their certificates again when their supervisor is told to, and say what is wrong with them', async () => {
    const authority = await TestAuthority.create();
    folders.push(authority.folder);
    const [one, two] = [await authority.issue({ name: 'one' }), await authority.issue({ name: 'two' })];
    const endpoint = 'ssl -h 127.0.0.1 -p 0 -t 60000';
    const { child, admin, endpoints } = await startWithAdmin({ ...one, endpoint });
    const port = Number(/-p (\d+)/.exec(endpoints[0] ?? '')?.[1]);
    const nameOfServer = async (): Promise<string> => {
      const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
      await once(socket, 'secureConnect');
      const { subject } = socket.getPeerCertificate();
      socket.destroy();
      return String(subject.CN);
    };
    expect(await nameOfServer()).toBe('one');
    await rename(two.cert, one.cert);
    await rename(two.key, one.key);
    child.ask('reload');
    expect(await child.next('reloaded')).toMatchObject({ message: '' });
    for (let i = 0; i < 4; i++) expect(await nameOfServer()).toBe('two');
    await writeFile(one.cert, 'broken');
    child.ask('reload');
    const { message } = await child.next('reloaded');
    expect(message).toMatch(/^TARSIER_CONFIG_INVALID worker 1: .*it holds no PEM certificate/);
    const answer = await admin('tars.reloadcertificates');
    expect(answer).toMatch(/worker 1\ntars.reloadcertificates failed: .*no PEM.*\n\nworker 2\ntars.reload.* failed:/);
  });

  it('do not end at a SIGUSR2 that is for their supervisor', async () => {
    const { child, pids, admin } = await startWithAdmin();
    for (const pid of pids) process.kill(pid, 'SIGUSR2');
    await admin('early');
    child.ask('states');
    expect(await child.next('states')).toMatchObject({ serving: 2, deaths: 0, pids });
  });

  it('answer what runs when the supervisor is told to end', async () => {
    const { child, endpoint } = await start(2);
    const clients = proxies(endpoint, 4);
    const slow = Promise.all(clients.map((proxy) => call(proxy, 'slow')));
    // The requests are in their workers when something sent after them is answered.
    await Promise.all(clients.map((proxy) => call(proxy, 'pid')));
    const ended = child.kill('SIGTERM');
    expect(await slow).toEqual(['slow', 'slow', 'slow', 'slow']);
    expect(await ended).toEqual([0, null]);
  });

  it('are replaced under load without a call that fails', async () => {
    const { child, endpoint, pids } = await start(2);
    const clients = proxies(endpoint, 8);
    let isRunning = true;
    const served = new Set<string>();
    let done = 0;
    const loops = clients.map(async (proxy) => {
      while (isRunning) {
        // Two in flight: one is under way whenever the other one's connection ends.
        const both = [1, 2].map(() =>
          proxy.rpcCall(proxy.genRequestId(), 'f', 'pid', { idempotent: true, retries: 3, timeoutMs: 20_000 }),
        );
        for (const { sBuffer } of await Promise.all(both)) served.add(sBuffer.toString());
        done += 2;
      }
    });
    const all = Promise.all(loops);
    for (let i = 0; i < 2; i++) {
      child.ask('restart');
      await Promise.race([child.next('restarted'), all]);
    }
    const before = done;
    await expect.poll(() => done).toBeGreaterThan(before + 100);
    isRunning = false;
    await all;
    child.ask('states');
    const now = await child.next('states');
    expect(now).toMatchObject({ serving: 2, deaths: 0, restarts: 2 });
    expect(now.pids?.some((pid) => pids.includes(pid))).toBe(false);
    // Workers of all three generations have answered.
    expect(served.size).toBeGreaterThanOrEqual(5);
  });

  it('that say goodbye are replaced under load without a lost call, although none may be repeated', async () => {
    const { child, endpoint } = await start(2, 'goaway');
    const polite: ProxyProtocol = {
      ...framing.proxyProtocol,
      isGoaway: ({ iRequestId, sBuffer }) => iRequestId === 0 && sBuffer.toString() === 'goodbye',
    };
    const clients = proxies(endpoint, 8, polite);
    let goodbyes = 0;
    for (const proxy of clients) proxy.on('goaway', () => goodbyes++);
    let isRunning = true;
    let done = 0;
    let slow = 0;
    const served = new Set<string>();
    const loops = clients.flatMap((proxy) => [
      (async () => {
        while (isRunning) {
          served.add(await call(proxy, 'pid'));
          done++;
        }
      })(),
      (async () => {
        while (isRunning) {
          expect(await call(proxy, 'slow')).toBe('slow');
          slow++;
        }
      })(),
    ]);
    const all = Promise.all(loops);
    for (let i = 0; i < 2; i++) {
      child.ask('restart');
      await Promise.race([child.next('restarted'), all]);
    }
    const before = done;
    await expect.poll(() => done).toBeGreaterThan(before + 100);
    isRunning = false;
    await all;
    expect(served.size).toBeGreaterThanOrEqual(5);
    expect(goodbyes).toBeGreaterThanOrEqual(8);
    expect(slow).toBeGreaterThan(20);
    console.log(`rolling restart: ${done} calls and ${slow} slow ones, ${goodbyes} goodbyes, none lost`);
  });
});
