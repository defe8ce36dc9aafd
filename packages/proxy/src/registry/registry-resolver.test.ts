import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TarsConfig, TarsRegistryException } from '@tarsier/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Communicator } from '../communicator.js';
import { failureOf } from '../memory-client.testkit.js';
import type { ServantProxy } from '../servant-proxy.js';
import type { TarsCallOptions } from '../tars/tars-call-options.js';
import { TarsProxy } from '../tars/tars-proxy.js';
import { LOCATOR, node, RegistryLab } from './registry.testkit.js';

const OBJ = 'TestApp.HelloServer.HelloObj';
const NOTHING = new Uint8Array();

/** The host that answers a call. */
async function call(proxy: TarsProxy, options?: TarsCallOptions): Promise<string> {
  return (await proxy.tarsInvoke('who', NOTHING, options)).sBuffer.toString();
}

/** The hosts that answer so many calls, one after the other. */
async function calls(proxy: TarsProxy, count: number): Promise<string> {
  const hosts: string[] = [];
  for (let i = 0; i < count; i++) hosts.push(await call(proxy));
  return hosts.join(' ');
}

function states(proxy: ServantProxy): string[] {
  return proxy.endpoints().map(({ endpoint, state }) => `${/-h (\S+)/.exec(endpoint)?.[1]} ${state}`);
}

/** Lets files be read or written. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 2));
}

describe('an object without endpoints', () => {
  it('is looked up at the locator with the first call', async () => {
    const lab = new RegistryLab('n1', 'n2');
    const proxy = lab.communicator({ nodename: '10.0.0.9' }).stringToProxy(TarsProxy, OBJ);
    expect(lab.asked).toEqual([]);
    expect(await calls(proxy, 4)).toBe('n1 n2 n1 n2');
    expect(lab.asked).toHaveLength(1);
    const [asked] = lab.asked;
    expect([asked?.sServantName, asked?.sFuncName, asked?.iTimeout]).toEqual([
      'tars.tarsregistry.QueryObj',
      'findObjectByIdInSameGroup',
      5000,
    ]);
    expect(asked?.context.get('node_name')).toBe('10.0.0.9');
    expect([lab.called[0]?.iMessageType, lab.called[0]?.status.size, proxy.setName]).toEqual([0, 0, '']);
  });

  it('is asked for again each minute, while calls go on', async () => {
    const lab = new RegistryLab('n1', 'n2');
    const proxy = lab.communicator().stringToProxy(TarsProxy, OBJ);
    await calls(proxy, 2);
    const held = proxy.tarsInvoke('hold', NOTHING, { timeoutMs: 100_000 });
    await lab.time.advance(59_000);
    expect(lab.asked).toHaveLength(1);
    lab.active = [node('n2'), node('n3')];
    await lab.time.advance(1500);
    expect(lab.asked).toHaveLength(2);
    expect(states(proxy)).toEqual(['n2 connected', 'n3 idle', 'n1 leaving']);
    expect(await calls(proxy, 4)).toBe('n2 n3 n2 n3');
    const request = lab.called.find(({ sFuncName }) => sFuncName === 'hold');
    if (request !== undefined) lab.network.connections.find(({ endpoint }) => endpoint.host === 'n1')?.answer(request);
    await held;
    await lab.time.advance(1000);
    expect(states(proxy)).toEqual(['n2 connected', 'n3 connected']);
    await lab.time.advance(60_000);
    expect(lab.asked).toHaveLength(3);
  });

  it('is asked for as often as refresh-endpoint-interval says, and sooner when a node refuses', async () => {
    const lab = new RegistryLab('n1', 'n2');
    const proxy = lab.communicator({ 'refresh-endpoint-interval': 20_000 }).stringToProxy(TarsProxy, OBJ);
    await calls(proxy, 2);
    await lab.time.advance(20_500);
    expect(lab.asked).toHaveLength(2);
    lab.stop('n2');
    lab.active = [node('n1')];
    expect(await calls(proxy, 3)).toBe('n1 n1 n1');
    await lab.time.advance(5000);
    expect(lab.asked).toHaveLength(3);
    expect(states(proxy)).toEqual(['n1 connected']);
  });

  it('has no node when the registry knows none, and has them when it does', async () => {
    const lab = new RegistryLab();
    lab.inactive = [node('n1')];
    const proxy = lab.communicator().stringToProxy(TarsProxy, OBJ);
    const error = await failureOf(call(proxy));
    expect([error.code, error.iRet]).toEqual(['TARSIER_NO_ENDPOINT', -10]);
    expect(error.message).toContain(
      `says the resolver registry (request 1, asking the registry ${LOCATOR} for ${OBJ}: it knows no active node of it, and 1 inactive)`,
    );
    expect((await failureOf(proxy.connect())).message).toContain('it knows no active node of it');
    expect(states(proxy)).toEqual(['n1 inactive']);
    lab.active = [node('n1')];
    await lab.time.advance(9900);
    expect(lab.asked).toHaveLength(1);
    await lab.time.advance(200);
    expect(await call(proxy)).toBe('n1');
  });

  it('keeps its nodes when the registry knows none any more, and asks again after 10 s', async () => {
    const lab = new RegistryLab('n1');
    const proxy = lab.communicator().stringToProxy(TarsProxy, OBJ);
    await call(proxy);
    lab.active = [];
    await lab.time.advance(60_500);
    expect(await call(proxy)).toBe('n1');
    expect(proxy.statistics().resolveFailures).toBe(1);
    expect(lab.logger.lines.join('\n')).toContain(
      'it knows no active node of it, and 0 inactive; the nodes known stay in use',
    );
    await lab.time.advance(10_100);
    expect(lab.asked).toHaveLength(3);
  });

  it('keeps its nodes when the registry is away, and takes new ones when it is back', async () => {
    const lab = new RegistryLab('n1');
    const proxy = lab.communicator().stringToProxy(TarsProxy, OBJ);
    await call(proxy);
    lab.stop();
    await lab.time.advance(61_000);
    expect([await call(proxy), proxy.statistics().resolveFailures]).toEqual(['n1', 1]);
    lab.active = [node('n2')];
    lab.start();
    await lab.time.advance(2500);
    expect(await call(proxy)).toBe('n2');
  });

  it('tries a registry that is away every 2 s, then every 30 s, and then lets calls wait no more', async () => {
    const lab = new RegistryLab('n1');
    lab.iRet = -99;
    const proxy = lab.communicator().stringToProxy(TarsProxy, OBJ);
    const early = failureOf(call(proxy, { timeoutMs: 60_000 }));
    await lab.time.advance(5900);
    expect(lab.asked).toHaveLength(3);
    await lab.time.advance(200);
    const error = await early;
    expect([lab.asked.length, error.code, error.where.elapsedMs]).toEqual([
      4,
      'TARSIER_NO_ENDPOINT',
      expect.any(Number),
    ]);
    expect(error.message).toContain(
      `asking the registry ${LOCATOR} for ${OBJ}: tars.tarsregistry.QueryObj::findObjectByIdInSameGroup`,
    );
    expect((await failureOf(call(proxy))).code).toBe('TARSIER_NO_ENDPOINT');
    await lab.time.advance(29_000);
    expect(lab.asked).toHaveLength(4);
    lab.iRet = 0;
    lab.result = -1;
    await lab.time.advance(1500);
    expect((await failureOf(call(proxy))).message).toContain('it answered with result -1');
    lab.result = 0;
    await lab.time.advance(30_500);
    expect(await call(proxy)).toBe('n1');
  });

  it('says of a call that timed out meanwhile why its nodes are not known', async () => {
    const lab = new RegistryLab('n1');
    lab.stop();
    const failed = failureOf(call(lab.communicator().stringToProxy(TarsProxy, OBJ)));
    await lab.time.advance(3500);
    const error = await failed;
    expect([error.code, error.where.phase]).toEqual(['TARSIER_CALL_TIMEOUT', 'resolving']);
    expect(error.message).toContain(`asking the registry ${LOCATOR}`);
    expect(error.message).toContain('ECONNREFUSED');
  });

  it('counts a registry that does not answer within 5 s as failed', async () => {
    const lab = new RegistryLab('n1');
    lab.isSilent = true;
    const proxy = lab.communicator().stringToProxy(TarsProxy, OBJ);
    const waiting = call(proxy, { timeoutMs: 20_000 });
    await lab.time.advance(5100);
    expect(proxy.statistics().resolveFailures).toBe(1);
    lab.isSilent = false;
    await lab.time.advance(2100);
    expect(await waiting).toBe('n1');
  });

  it('leaves nothing behind when its proxy is closed, and is looked up again by the next call', async () => {
    const lab = new RegistryLab('n1');
    const communicator = lab.communicator();
    const proxy = communicator.stringToProxy(TarsProxy, OBJ);
    const other = communicator.stringToProxy(TarsProxy, 'TestApp.HelloServer.OtherObj');
    await call(proxy);
    await call(other);
    await Promise.all([proxy.close(), other.close()]);
    await lab.time.advance(1000);
    expect([lab.network.connections.some(({ isOpen }) => isOpen), lab.time.timers]).toEqual([false, 0]);
    await call(proxy);
    expect(lab.asked).toHaveLength(3);
    await communicator.terminate();
    expect([lab.network.connections.filter(({ isOpen }) => isOpen), lab.time.timers]).toEqual([[], 0]);
  });

  it('shares a connection to the registry with others that ask, and closes it when all have their answers', async () => {
    const lab = new RegistryLab('n1');
    const communicator = lab.communicator();
    const names = [OBJ, 'TestApp.HelloServer.OtherObj'];
    await Promise.all(names.map((name) => call(communicator.stringToProxy(TarsProxy, name))));
    await lab.time.advance(100);
    const toRegistry = lab.network.connections.filter(({ endpoint }) => endpoint.host === 'reg');
    expect(toRegistry.map(({ isOpen }) => isOpen)).toEqual([false]);
    expect(lab.logger.lines.filter((line) => !line.startsWith('debug'))).toEqual([]);
    await communicator.terminate();
  });

  it('is asked no more when its proxy is closed before the answer', async () => {
    const lab = new RegistryLab('n1');
    lab.isSilent = true;
    const communicator = lab.communicator();
    const proxy = communicator.stringToProxy(TarsProxy, OBJ);
    const failed = failureOf(call(proxy));
    await lab.time.advance(500);
    await proxy.close();
    await lab.time.advance(100);
    expect((await failed).code).toBe('TARSIER_CLOSED');
    expect([lab.asked.length, lab.network.connections.some(({ isOpen }) => isOpen), lab.time.timers]).toEqual([
      1,
      false,
      0,
    ]);
    expect(proxy.statistics().resolveFailures).toBe(0);
  });

  it('skips nodes that cannot be called, and says so', async () => {
    const lab = new RegistryLab();
    lab.active = [node('n1', { istcp: 7 }), node('n2'), node('n3', { port: 70_000 })];
    const proxy = lab.communicator().stringToProxy(TarsProxy, OBJ);
    expect(await calls(proxy, 2)).toBe('n2 n2');
    expect(lab.logger.lines.join('\n')).toContain(
      'it tells of a node n1:1 that cannot be called: istcp must be 0, 1 or 2, found 7',
    );
  });
});

describe('nodes of a registry', () => {
  it('are called by their weights when all have one, and one of 0 only when no other can be', async () => {
    const lab = new RegistryLab();
    const weighted = (host: string, weight: number) => node(host, { weightType: 1, weight });
    lab.active = [weighted('n1', 3), weighted('n2', 1), weighted('n3', 0), weighted('n4', -5)];
    const proxy = lab.communicator().stringToProxy(TarsProxy, OBJ);
    const hosts = (await calls(proxy, 8)).split(' ');
    expect([hosts.filter((one) => one === 'n1').length, hosts.filter((one) => one === 'n2').length]).toEqual([6, 2]);
    expect(proxy.endpoints().map(({ weight }) => weight)).toEqual([3, 1, 0, 0]);
  });

  it('keep the timeout, the type and the rest of what it tells', async () => {
    const lab = new RegistryLab();
    lab.active = [node('n1', { istcp: 2, timeout: 6000, grid: 3, qos: 4, authType: 1 }), node('n2', { istcp: 0 })];
    const proxy = lab.communicator().stringToProxy(TarsProxy, OBJ);
    await call(proxy);
    expect(proxy.endpoints().map(({ endpoint }) => endpoint)).toEqual([
      'ssl -h n1 -p 1 -t 6000 -g 3 -q 4 -e 1',
      'udp -h n2 -p 1 -t 3000',
    ]);
  });

  it('that are inactive are shown, never called, and counted by hash', async () => {
    const lab = new RegistryLab('n1', 'n3');
    lab.inactive = [node('n2')];
    const proxy = lab.communicator().stringToProxy(TarsProxy, OBJ);
    expect(await calls(proxy, 4)).toBe('n1 n3 n1 n3');
    expect(states(proxy)).toEqual(['n1 connected', 'n3 connected', 'n2 inactive']);
    const byKey = [];
    for (let hash = 0; hash < 6; hash++) byKey.push(await call(proxy, { hash }));
    // Place 1 of 3 is that of n2: its keys go to key mod 2 of the others.
    expect(byKey).toEqual(['n1', 'n3', 'n3', 'n1', 'n1', 'n3']);
    expect(lab.network.connections.map(({ endpoint }) => endpoint.host)).toEqual(['reg', 'n1', 'n3']);
    lab.stop('n1');
    lab.stop('n3');
    expect((await failureOf(call(proxy, { hash: 1 }))).code).toBe('TARSIER_CONNECT_FAILED');
    expect(lab.network.connections.map(({ endpoint }) => endpoint.host)).not.toContain('n2');
    lab.active = [node('n2')];
    lab.inactive = [node('n1')];
    await lab.time.advance(60_000);
    expect(await call(proxy)).toBe('n2');
    expect(states(proxy)).toEqual(['n2 connected', 'n1 inactive']);
  });
});

describe('sets', () => {
  it('are asked for and travel with the calls of a proxy that names one', async () => {
    const lab = new RegistryLab('n1');
    const communicator = lab.communicator();
    const proxy = communicator.stringToProxy(TarsProxy, OBJ, 'app.sz.1');
    expect(communicator.stringToProxy(TarsProxy, OBJ, 'app.sz.1')).toBe(proxy);
    expect(communicator.stringToProxy(TarsProxy, OBJ)).not.toBe(proxy);
    await call(proxy, { status: { own: '1' } });
    expect([lab.asked[0]?.sFuncName, proxy.setName]).toEqual(['findObjectByIdInSameSet', 'app.sz.1']);
    expect(lab.called[0]?.iMessageType).toBe(0x80);
    expect(Object.fromEntries(lab.called[0]?.status ?? [])).toEqual({ STATUS_SETNAME_VALUE: 'app.sz.1', own: '1' });
    // The registry is asked as anybody: its endpoints stand in the locator.
    expect([lab.asked[0]?.iMessageType, lab.asked[0]?.status.size]).toEqual([0, 0]);
  });

  it('are that of the client when it belongs to one, and do not concern endpoints that are given', async () => {
    const lab = new RegistryLab('n1');
    const communicator = lab.communicator({ enableset: 'y', setdivision: 'app.sz.*' });
    await call(communicator.stringToProxy(TarsProxy, OBJ));
    await call(communicator.stringToProxy(TarsProxy, OBJ, 'other.sh.1'));
    const direct = communicator.stringToProxy(TarsProxy, `${OBJ}@tcp -h n2 -p 1`, 'other.sh.1');
    await call(direct);
    expect(lab.called.map(({ iMessageType, status }) => [iMessageType, status.get('STATUS_SETNAME_VALUE')])).toEqual([
      [0x80, 'app.sz.*'],
      [0x80, 'other.sh.1'],
      [0, undefined],
    ]);
  });

  it('are off unless enableset says so, and wrong ones are refused', () => {
    const lab = new RegistryLab('n1');
    expect(lab.communicator({ setdivision: 'NULL' }).stringToProxy(TarsProxy, OBJ).setName).toBe('');
    for (const setdivision of ['', 'NULL', 'a.b', 'a.b.c.d', '*.b.c', 'a.*.c', 'a..c']) {
      const communicator = lab.communicator({ enableset: 'Y', setdivision });
      expect(() => communicator.stringToProxy(OBJ)).toThrow(/property setdivision: expected a set as app\.sz\.1/);
    }
    expect(() => lab.communicator({ enableset: 'maybe' })).toThrow(/property enableset: expected y or n/);
  });
});

describe('the locator', () => {
  it.each([
    ['tars.tarsregistry.QueryObj', 'it has no endpoints'],
    ['tars.tarsregistry.QueryObj@tcp -p x', 'expected'],
  ])('%s is refused', (locator, why) => {
    const communicator = new Communicator({ locator });
    expect(() => communicator.stringToProxy(OBJ)).toThrow(TarsRegistryException);
    expect(() => communicator.stringToProxy(OBJ)).toThrow(/^property locator: expected an object with endpoints/);
    expect(() => communicator.stringToProxy(OBJ)).toThrow(why);
  });

  it('may be set after other proxies were made', async () => {
    const lab = new RegistryLab('n1');
    const communicator = lab.communicator({ locator: '' });
    expect(() => communicator.stringToProxy(OBJ)).toThrow(/there is no locator/);
    communicator.setProperty('locator', LOCATOR);
    expect(await call(communicator.stringToProxy(TarsProxy, OBJ))).toBe('n1');
  });
});

describe('the cache of nodes', () => {
  let folder = '';
  let file = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tarsier-cache-'));
    file = join(folder, 'deep', 'client.tarsdat');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const read = (): Promise<string> => readFile(file, 'utf8').catch(() => '');

  /** A client that has looked two objects up, and stored them. */
  async function stored(lab: RegistryLab): Promise<void> {
    const communicator = lab.communicator({ 'cache-file': file });
    await call(communicator.stringToProxy(TarsProxy, OBJ));
    await call(communicator.stringToProxy(TarsProxy, OBJ, 'app.sz.1'));
    await until(async () => (await read()).includes(':app.sz.1'));
    await communicator.terminate();
  }

  it('is written whenever the nodes of an object change', async () => {
    const lab = new RegistryLab('n1', 'n2');
    lab.inactive = [node('n3')];
    await stored(lab);
    expect(TarsConfig.parse(await read()).getDomainMap('/cache/tcp -h reg -p 17890 -t 3000')).toEqual(
      new Map([
        [OBJ, 'tcp -h n1 -p 1 -t 3000:tcp -h n2 -p 1 -t 3000'],
        [`inactive_${OBJ}`, 'tcp -h n3 -p 1 -t 3000'],
        [`${OBJ}:app.sz.1`, 'tcp -h n1 -p 1 -t 3000:tcp -h n2 -p 1 -t 3000'],
        [`inactive_${OBJ}:app.sz.1`, 'tcp -h n3 -p 1 -t 3000'],
      ]),
    );
    expect(await readdir(join(folder, 'deep'))).toEqual(['client.tarsdat']);
  });

  it('has the nodes when the registry is away, until it is back', async () => {
    const lab = new RegistryLab('n1');
    lab.inactive = [node('n3')];
    await stored(lab);
    lab.stop();
    const proxy = lab.communicator({ 'cache-file': file }).stringToProxy(TarsProxy, OBJ);
    expect(await call(proxy)).toBe('n1');
    expect(states(proxy)).toEqual(['n1 connected', 'n3 inactive']);
    expect(lab.logger.lines.join('\n')).toContain(
      `${OBJ}: its nodes are those of ${file}, because the registry ${LOCATOR} could not be asked`,
    );
    lab.active = [node('n2')];
    lab.inactive = [];
    lab.start();
    await lab.time.advance(2500);
    expect(await call(proxy)).toBe('n2');
    await until(async () => (await read()).includes(`${OBJ}=tcp -h n2`));
  });

  it('has them when the registry does not answer within a second', async () => {
    const lab = new RegistryLab('n1');
    await stored(lab);
    lab.isSilent = true;
    const proxy = lab.communicator({ 'cache-file': file }).stringToProxy(TarsProxy, OBJ);
    const waiting = call(proxy);
    await lab.time.advance(1100);
    expect(await waiting).toBe('n1');
    expect(lab.logger.lines.join('\n')).toContain('has not answered yet');
  });

  it('knows each registry and each set apart', async () => {
    const lab = new RegistryLab('n1');
    await stored(lab);
    lab.stop();
    const others = [
      lab.communicator({ 'cache-file': file, locator: LOCATOR.replace('17890', '1') }).stringToProxy(TarsProxy, OBJ),
      lab.communicator({ 'cache-file': file }).stringToProxy(TarsProxy, OBJ, 'app.sz.2'),
      lab.communicator({ 'cache-file': file, enableset: 'y', setdivision: 'app.sz.1' }).stringToProxy(TarsProxy, OBJ),
    ];
    const failures = Promise.all(others.map((proxy) => failureOf(call(proxy))));
    await lab.time.advance(0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await lab.time.advance(3500);
    expect((await failures).map(({ code }) => code)).toEqual(Array(3).fill('TARSIER_CALL_TIMEOUT'));
  });

  it('is named by datapath and modulename too', async () => {
    const lab = new RegistryLab('n1');
    const communicator = lab.communicator({ datapath: folder, modulename: 'TestApp.Client' });
    await call(communicator.stringToProxy(TarsProxy, OBJ));
    await until(async () => (await readdir(folder)).includes('TestApp.Client.tarsdat'));
    await communicator.terminate();
  });

  it('does no harm when it is broken or cannot be written', async () => {
    const lab = new RegistryLab('n1');
    file = join(folder, 'broken.tarsdat');
    await writeFile(file, '<cache>\n<unclosed>\n');
    const proxy = lab.communicator({ 'cache-file': file }).stringToProxy(TarsProxy, OBJ);
    expect(await call(proxy)).toBe('n1');
    await until(async () => (await read()).includes('tcp -h n1'));
    expect(lab.logger.lines.join('\n')).toContain(`the cache of nodes ${file} could not be read: `);
    const bad = join(file, 'below-a-file');
    expect(await call(lab.communicator({ 'cache-file': bad }).stringToProxy(TarsProxy, OBJ))).toBe('n1');
    await until(() =>
      lab.logger.lines.some(
        (line) => line.includes(`${bad} could not be written`) || line.includes(`${bad} could not be read`),
      ),
    );
  });
});
