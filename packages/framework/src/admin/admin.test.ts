import { readFile } from 'node:fs/promises';
import { decodeResult, tars, tarsFunction } from '@tarsier/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { Application } from '../application.js';
import { getLogLevel, LogLevel, setLogLevel } from '../log/log.js';
import { client, destroyClients, frame } from '../raw-client.testkit.js';
import { ask, call, request } from '../tars/tars-server.testkit.js';
import { type Behaviour, framing, startServer, stopServers, TestServant } from '../test-server.testkit.js';
import { VERSION } from '../version.js';
import { AdminCommands } from './admin-commands.js';

const getPid = tarsFunction<[], bigint>('getPid', tars.long, []);
const notify = tarsFunction<[command: string], string>('notify', tars.string, [{ name: 'command', type: tars.string }]);

const applications: Application[] = [];

afterEach(async () => {
  destroyClients();
  await stopServers();
  await Promise.all(applications.splice(0).map((app) => app.terminate()));
});

/** Nobody tells the port of the administration: a test takes one that is free. */
async function freePort(): Promise<number> {
  const { port, app } = await startServer();
  await app.terminate();
  return port;
}

async function serve(behaviour: Behaviour = {}, config = {}) {
  const adminPort = await freePort();
  const server = await startServer(behaviour, {}, { local: `tcp -h 127.0.0.1 -p ${adminPort} -t 3000`, ...config });
  return { ...server, adminPort };
}

/** Runs a command as `echo COMMAND | nc` does. */
async function admin(port: number, line: string): Promise<string> {
  const connection = await client(port);
  connection.send(`${line}\n`);
  await connection.closed();
  return connection.received.toString();
}

describe('the administration port', () => {
  it('lists its commands', async () => {
    const { adminPort } = await serve();
    const help = await admin(adminPort, 'tars.help');
    for (const name of [
      'viewstatus',
      'viewversion',
      'connection',
      'resource',
      'setloglevel',
      'loadproperty',
      'shutdown',
    ])
      expect(help).toContain(`tars.${name} `);
  });

  it('shows the server, its adapters and its connections', async () => {
    const { app, port, adminPort } = await serve();
    const peer = await client(port);
    peer.send(frame(1, 'x'));
    await peer.take(9);
    const status = await admin(adminPort, 'tars.viewstatus');
    expect(status).toMatch(/^server +T\.S$/m);
    expect(status).toMatch(/^servant +T\.S\.Obj$/m);
    expect(status).toMatch(/^connections +1$/m);
    expect(status).toMatch(/^counted +accepted 1, requests 1$/m);
    peer.send(frame(2, 'half a packet').subarray(0, 10));
    await expect
      .poll(() => admin(adminPort, 'tars.connection'))
      .toMatch(/ObjAdapter +\d+ +127\.0\.0\.1:\d+ +\d+ +60000 +10 +0/);
    const resource = JSON.parse(await admin(adminPort, 'tars.resource'));
    expect(resource).toMatchObject({ application: 'T.S', pid: process.pid, worker: 0 });
    expect(resource.adapters).toEqual(JSON.parse(JSON.stringify(app.stats().adapters)));
  });

  it('has the version of the packages', async () => {
    const { adminPort } = await serve();
    const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(VERSION).toBe(manifest.version);
    expect(await admin(adminPort, 'tars.viewversion')).toBe(`tarsier ${VERSION}, Node.js ${process.version}\n`);
  });

  it('sets the log level', async () => {
    const { adminPort } = await serve();
    expect(await admin(adminPort, 'tars.setloglevel error')).toBe('the log level is ERROR, it was NONE\n');
    expect(getLogLevel()).toBe(LogLevel.ERROR);
    expect(await admin(adminPort, 'tars.setloglevel loud')).toMatch(/expected one of NONE, ERROR/);
    setLogLevel(LogLevel.NONE);
  });

  it('runs commands of the application, and says what they throw', async () => {
    const { app, adminPort } = await serve();
    app.addAdminCommand('hello', 'greets', (name) => `hello ${name}`);
    app.addAdminCommand('broken', 'fails', () => Promise.reject(new Error('on purpose')));
    expect(await admin(adminPort, 'hello big world')).toBe('hello big world\n');
    expect(await admin(adminPort, 'broken')).toBe('broken failed: on purpose\n');
    expect(await admin(adminPort, 'unknown')).toMatch(/unknown command "unknown"; tars\.help/);
    expect(() => app.addAdminCommand('hello', '', () => '')).toThrow(/there is one already/);
    expect(() => app.addAdminCommand('two words', '', () => '')).toThrow(/a name is one word/);
  });

  it('works while initialize() hangs, and can end the server', async () => {
    const adminPort = await freePort();
    let finish: () => void = () => {};
    class Slow extends Application {
      override async initialize() {
        this.addServant(TestServant, 'T.S.Obj', {});
        this.addServantProtocol('T.S.Obj', framing);
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
      }
    }
    const app = new Slow();
    applications.push(app);
    const started = app.main({
      app: 'T',
      server: 'S',
      loglevel: 'NONE',
      local: `tcp -h 127.0.0.1 -p ${adminPort} -t 3000`,
      adapters: { A: { servant: 'Obj', endpoint: 'tcp -h 127.0.0.1 -p 0 -t 3000', protocol: 'not_tars' } },
    });
    await expect.poll(() => admin(adminPort, 'tars.viewstatus').catch(() => '')).toMatch(/^server +T\.S$/m);
    finish();
    await started;
    expect(await admin(adminPort, 'tars.shutdown')).toBe('the server ends\n');
    await app.waitForShutdown();
  });

  it('has the functions of AdminF over TARS, side by side with lines', async () => {
    const { app, adminPort } = await serve();
    const connection = await client(adminPort);
    const adminF = { sServantName: 'AdminObj' };
    const pid = await ask(connection, request({ ...adminF, sFuncName: 'getPid' }));
    expect(decodeResult(getPid, pid.sBuffer, 1)).toBe(BigInt(process.pid));
    const text = await ask(connection, call(notify, ['tars.viewversion'], adminF));
    expect(decodeResult(notify, text.sBuffer, 1)).toMatch(/^tarsier /);
    const unknown = await ask(connection, call(notify, ['nonsense'], adminF));
    expect(decodeResult(notify, unknown.sBuffer, 1)).toMatch(/unknown command "nonsense"/);
    expect((await ask(connection, request({ ...adminF, sFuncName: 'other' }))).iRet).toBe(-3);
    expect((await ask(connection, request({ sServantName: 'T.S.Obj', sFuncName: 'getPid' }))).iRet).toBe(-4);
    expect(await admin(adminPort, 'tars.viewversion')).toMatch(/^tarsier /);
    const ended = await ask(connection, request({ ...adminF, sFuncName: 'shutdown' }));
    expect([ended.iRet, ended.sBuffer.length]).toEqual([0, 0]);
    await app.waitForShutdown();
  });

  it('closes a connection that sends neither lines nor TARS', async () => {
    const { adminPort } = await serve();
    for (const bytes of ['\0\0\0\x06\x10\x01', '\0\0\0\x01', '\0\xff\xff\xff\xff']) {
      const connection = await client(adminPort);
      connection.send(Buffer.from(bytes, 'latin1'));
      connection.socket.end();
      await connection.closed();
      expect(connection.received.length).toBe(0);
    }
    expect(await admin(adminPort, 'tars.viewversion')).toMatch(/^tarsier /);
  });

  it('lets in whom adminallow names, and nobody else', async () => {
    const { adminPort } = await serve({}, { adminallow: '10.1.2.3' });
    expect(await admin(adminPort, 'tars.help')).toBe('');
  });

  it.each([
    ['local', { local: 'udp -h 127.0.0.1 -p 0' }],
    ['local', { local: 'udp -h localhost -p 14001', adminallow: '10.1.2.3' }],
    ['adminallow', { local: 'tcp -h /tmp/tarsier-never.sock -p 0', adminallow: '10.1.2.3' }],
  ])('does not open where nobody could tell who uses it: %s in %j', async (key, config) => {
    await expect(startServer({}, {}, config)).rejects.toMatchObject({ code: 'TARSIER_CONFIG_INVALID', where: { key } });
  });

  it('refuses a line without end, and an endpoint that is none', async () => {
    const { adminPort } = await serve();
    const connection = await client(adminPort);
    connection.send('x'.repeat(20_000));
    await connection.closed();
    for (const local of ['nowhere', 'tcp -h a.example -p 1 -d dns']) {
      await expect(startServer({}, {}, { local })).rejects.toMatchObject({
        code: 'TARSIER_CONFIG_INVALID',
        where: { key: 'local' },
      });
    }
  });
});

describe('AdminCommands', () => {
  it('gives a command everything behind its name', async () => {
    const commands = new AdminCommands();
    commands.add('say', 'says', (text) => `<${text}>`);
    expect(await commands.run('  say   a  b ')).toBe('<a  b>');
    expect(await commands.run('say')).toBe('<>');
  });
});
