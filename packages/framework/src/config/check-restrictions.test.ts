import { ConfigException, parseEcho, TarsConfig } from '@tarsier/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import { Application } from '../application.js';
import { Servant } from '../servant.js';
import { type ServantOptions, servant } from '../servant-decorator.js';
import { adapterKeysRefused } from './keys-without-effect.js';
import { readAdapterConfig } from './read-adapters.js';
import { readServerInfo } from './read-server.js';

const tcp = 'tcp -h 127.0.0.1 -p 0 -t 60000';
const ssl = 'ssl -h 127.0.0.1 -p 0 -t 60000';
const unix = 'tcp -h /tmp/some.sock -p 0 -t 60000';
const pair = 'cert = c.pem\nkey = k.pem';

const apps: Application[] = [];

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.terminate()));
});

class Plain extends Servant {
  override doRequest(): number {
    return 0;
  }
}

function text(adapter: string, server = ''): string {
  return `<tars>\n<application>\n<server>\napp = T\nserver = S\nloglevel = NONE\nmanuallisten = y\n${server}\n<A>\nservant = T.S.Obj\n${adapter}\n</A>\n</server>\n</application>\n</tars>`;
}

async function start(source: string, options?: ServantOptions): Promise<void> {
  class Declared extends Plain {}
  if (options !== undefined) servant(options)(Declared);
  const app = new Application();
  apps.push(app);
  app.addServant(Declared, 'Obj');
  if (!source.includes('protocol = tars')) app.addServantProtocol('Obj', parseEcho);
  await app.main(source);
}

describe('a key that protects, and cannot act', () => {
  const faults: [what: string, adapter: string, server: string, message: RegExp][] = [
    ['-e 1 on an endpoint', `endpoint = ${tcp} -e 1`, '', /"endpoint" .*-e 1 demands authentication/],
    ...Object.keys(adapterKeysRefused).map((key): [string, string, string, RegExp] => [
      key,
      `endpoint = ${tcp}\n${key} = some`,
      '',
      new RegExp(`"${key}" .*authentication`),
    ]),
    ['allow on a Unix socket', `endpoint = ${unix}\nallow = 10.0.0.1`, '', /"allow" .*rights of its file/],
    ['deny on a Unix socket', `endpoint = ${unix}\ndeny = 10.0.0.1`, '', /"deny" .*rights of its file/],
    ['an entry of allow that is no address', `endpoint = ${tcp}\nallow = 10.0.0.300`, '', /"allow" .*10\.0\.0\.300/],
    ['an entry of deny that is no address', `endpoint = ${tcp}\ndeny = evil.example`, '', /"deny" .*evil\.example/],
    [
      'an entry of adminallow that is no address',
      `endpoint = ${tcp}`,
      'adminallow = localhost',
      /"adminallow" .*localhost/,
    ],
    ['origins without WebSocket', `endpoint = ${tcp}\norigins = https://a.example`, '', /"origins" .*over WebSocket/],
    ['hosts without WebSocket', `endpoint = ${tcp}\nhosts = a.example`, '', /"hosts" .*over WebSocket/],
    ['verifyclient without TLS', `endpoint = ${tcp}\nverifyclient = y`, '', /"verifyclient" .*with TLS/],
    [
      'verifyclient of the server without TLS',
      `endpoint = ${tcp}`,
      'verifyclient = y\nca = a.pem',
      /"ca" in \/tars\/application\/server .*no adapter has one/,
    ],
    ['cert without TLS', `endpoint = ${tcp}\n${pair}`, '', /"cert" .*with TLS/],
    ['ciphers without TLS', `endpoint = ${tcp}\nciphers = HIGH`, '', /"ciphers" .*with TLS/],
    [
      'verifyclient without ca',
      `endpoint = ${ssl}\n${pair}\nverifyclient = y`,
      '',
      /"ca" .*because verifyclient is set/,
    ],
    ['ca without verifyclient', `endpoint = ${ssl}\n${pair}\nca = a.pem`, '', /"ca" .*verifyclient beside it/],
    ['checkset without a set', `endpoint = ${tcp}\nprotocol = tars`, 'checkset = y', /"checkset" .*setdivision/],
    ['checkset without TARS', `endpoint = ${tcp}`, 'checkset = y', /"checkset" .*no adapter speaks TARS/],
    ['allow misspelt', `endpoint = ${tcp}\nalow = 10.0.0.1`, '', /"alow" .*allow is, and it protects/],
    ['deny in other letters', `endpoint = ${tcp}\nDeny = 10.0.0.1`, '', /"Deny" .*deny is, and it protects/],
    ['verifyclient misspelt', `endpoint = ${ssl}\n${pair}\nverify-client = y`, '', /"verify-client" .*verifyclient is/],
    ['adminallow misspelt', `endpoint = ${tcp}`, 'admin-allow = 10.0.0.1', /"admin-allow" .*adminallow is/],
  ];

  it.each(faults)('stops the start: %s', async (_what, adapter, server, message) => {
    const error: unknown = await start(text(adapter, server)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ConfigException);
    expect((error as ConfigException).message).toMatch(message);
    expect((error as ConfigException).code).toBe('TARSIER_CONFIG_INVALID');
  });

  it('is named with file and line', () => {
    const config = TarsConfig.parse(text(`endpoint = ${tcp}\naccesskey = user`), { file: 's.conf' });
    expect(() => readAdapterConfig(config, 'A', readServerInfo(config, 's.conf'))).toThrow(
      /^s\.conf:12:1: key "accesskey"/,
    );
  });

  it('does not quote a secret', async () => {
    await expect(start(text(`endpoint = ${tcp}\nsecretkey = hunter2`))).rejects.toThrow(/^(?!.*hunter2)/);
  });

  it('stops the start in a declaration too', async () => {
    const options = { name: 'Obj', endpoint: tcp, verifyclient: true, ca: 'a.pem' };
    const source = text('').replace(/<A>[^]*<\/A>\n/, '');
    await expect(start(source, options)).rejects.toThrow(/"ca" .*with TLS/);
  });

  it.each([
    ['verifyclient = n', ''],
    ['verifyclient = n\nca =\nallow =\naccesskey =\nsecretkey =', ''],
    ['allow = 10.0.0.1;10.1.0.0/16', 'checkset = n'],
  ])('may stand where it asks for nothing: %j', async (adapter, server) => {
    await expect(start(text(`endpoint = ${tcp} -e 0\n${adapter}`, server))).resolves.toBeUndefined();
  });
});

describe('what main is given', () => {
  it('may be the text of a configuration', async () => {
    await expect(start(text(`endpoint = ${tcp}`))).resolves.toBeUndefined();
  });

  it.each<[string, unknown, RegExp]>([
    ['any text', 'hello', /has no domain \/tars\/application\/server/],
    ['an empty text', '', /has no domain/],
    [
      'a client section only',
      '<tars>\n<application>\n<client>\n</client>\n</application>\n</tars>',
      /configures no server/,
    ],
    ['nothing', undefined, /was given undefined/],
    ['null', null, /was given null/],
    ['a number', 7, /was given number/],
  ])('is refused: %s', async (_what, source, message) => {
    await expect(new Application().main(source as string)).rejects.toThrow(message);
    await expect(new Application().main(source as string)).rejects.toMatchObject({ code: 'TARSIER_CONFIG_INVALID' });
  });
});
