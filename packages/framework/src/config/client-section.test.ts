import { parseEcho } from '@tarsier/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { Application } from '../application.js';
import { LogLevel, setLogger, setLogLevel } from '../log/log.js';
import { Servant } from '../servant.js';

const apps: Application[] = [];

afterEach(async () => {
  setLogger(undefined);
  setLogLevel(LogLevel.NONE);
  await Promise.all(apps.splice(0).map((app) => app.terminate()));
});

class Plain extends Servant {
  override doRequest(): number {
    return 0;
  }
}

/** What the start says, at WARN and above. */
async function start(client: string, server = ''): Promise<{ app: Application; lines: string[] }> {
  const lines: string[] = [];
  const ignore = (): void => undefined;
  const keep = (message: string, fields: object = {}): void => {
    lines.push(`${message} ${JSON.stringify(fields)}`);
  };
  setLogger({ debug: ignore, info: ignore, warn: keep, error: keep });
  const app = new Application();
  apps.push(app);
  app.addServant(Plain, 'T.S.Obj');
  app.addServantProtocol('T.S.Obj', parseEcho);
  await app.main(`<tars>
<application>
enableset = n
setdivision = NULL
<server>
app = T
server = S
loglevel = WARN
manuallisten = y
${server}
<T.S.ObjAdapter>
servant = T.S.Obj
endpoint = tcp -h 127.0.0.1 -p 0 -t 60000
protocol = not_tars
allow =
handlegroup = T.S.ObjAdapter
threads = 5
</T.S.ObjAdapter>
</server>
<client>
${client}
</client>
</application>
</tars>`);
  return { app, lines };
}

describe('the client section', () => {
  it('may have properties of single objects', async () => {
    const { app, lines } = await start('<Other.S.Obj>\nca = ./authority.pem\nciphers = HIGH\n</Other.S.Obj>');
    const communicator = app.getCommunicator();
    expect(communicator.getServantProperty('Other.S.Obj', 'ca')).toBe('./authority.pem');
    expect(communicator.getServantProperty('Other.S.Obj', 'ciphers')).toBe('HIGH');
    expect(lines).toEqual([]);
  });

  it('may have them in an object too', async () => {
    const app = new Application();
    apps.push(app);
    const client = { 'sync-invoke-timeout': 4000, 'Other.S.Obj': { ca: './authority.pem' } };
    await app.main({ app: 'T', server: 'S', loglevel: 'NONE', client });
    expect(app.getCommunicator().getServantProperty('Other.S.Obj', 'ca')).toBe('./authority.pem');
    expect(app.getCommunicator().getProperty('sync-invoke-timeout')).toBe('4000');
  });

  it('names a property that there is not once, with its place, and those that are set later', async () => {
    const { app, lines } = await start('sync-invoke-timout = 100\n<Other.S.Obj>\nciphrs = HIGH\n</Other.S.Obj>');
    app.getCommunicator();
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/client<sync-invoke-timout>.*did you mean sync-invoke-timeout\?.*"line":21/);
    expect(lines[1]).toMatch(/Other\.S\.Obj<ciphrs>.*did you mean ciphers\?.*"line":23/);
    app.getCommunicator().setProperty('locater', 'x');
    expect(lines[2]).toMatch(/"property":"locater".*did you mean locator\?/);
  });

  it.each([
    ['sync-invoke-timeout = 4294967295', /line 21, column 1: key "sync-invoke-timeout" .* from 1 to 2147483647/],
    ['<Other.S.Obj>\ntls-verify = perhaps\n</Other.S.Obj>', /line 22, column 1: key "tls-verify" .* expected y or n/],
  ])('with a wrong value stops the start: %j', async (client, message) => {
    await expect(start(client)).rejects.toThrow(message);
    await expect(start(client)).rejects.toMatchObject({ code: 'TARSIER_CONFIG_INVALID' });
  });
});

it('raises no warning where a node agent of TARS has written it', async () => {
  const { lines } = await start(
    `sync-invoke-timeout = 3000
async-invoke-timeout = 5000
refresh-endpoint-interval = 60000
report-interval = 60000
sample-rate = 100000
max-sample-count = 50
asyncthread = 3
modulename = T.S`,
    `logsize = 10M
lognum = 10
config = tars.tarsconfig.ConfigObj
notify = tars.tarsnotify.NotifyObj
log = tars.tarslog.LogObj
activating-timeout = 60000
deactivating-timeout = 3000
netthread = 1
opencoroutine = 0
coroutinememsize = 1G
coroutinestack = 128K
closecout = 1`,
  );
  expect(lines).toEqual([]);
});
