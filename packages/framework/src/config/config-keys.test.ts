import { inspect } from 'node:util';
import { ConfigException, parseEcho, TarsConfig, TarsException } from '@tarsier/protocol';
import { afterEach, describe, expect, it } from 'vitest';
import type { BindAdapterImpl } from '../adapter/bind-adapter-impl.js';
import { Application } from '../application.js';
import { LogLevel, setLogLevel } from '../log/log.js';
import { nodeAgentSettings } from '../node-agent/node-agent-settings.js';
import { registrationSettings } from '../registry/registration-settings.js';
import { Servant } from '../servant.js';
import { type ServantOptions, servant } from '../servant-decorator.js';
import type { AdapterSection, ApplicationConfig } from './application-config.js';
import type { ConfigKey } from './config-key.js';
import { adapterKeys, serverKeys } from './config-keys.js';
import { readAdapterConfigs } from './read-adapters.js';
import { readServerInfo } from './read-server.js';

type Keys = Readonly<Record<string, string | number | boolean>>;
type Source = readonly string[] | ApplicationConfig | string;

const apps: Application[] = [];

afterEach(async () => {
  setLogLevel(LogLevel.NONE);
  await Promise.all(apps.splice(0).map((app) => app.terminate()));
});

class Plain extends Servant {
  override doRequest(): number {
    return 0;
  }
}

/** Endpoints by what acts on them. */
const endpoints = {
  tls: 'ssl -h 127.0.0.1 -p 0 -t 60000',
  webSocket: 'ws -h 127.0.0.1 -p 0 -t 60000',
  address: 'tcp -h 127.0.0.1 -p 0 -t 60000',
} as const;

const endpointFor = ({ on = 'address' }: ConfigKey): string => endpoints[on];
/** What has to stand beside keys of TLS. */
const besideTls: Keys = { cert: 'other.pem', key: 'other.pem', ca: 'other.pem', verifyclient: false };
const beside = ({ on }: ConfigKey): Keys => (on === 'tls' ? besideTls : {});

/** A value that is not the default. */
function sample(name: string, { kind, words = [], default: initial }: ConfigKey): string | number | boolean {
  if (name === 'registerlease') return 20_000;
  if (kind === 'count') return 7;
  if (kind === 'duration') return 1300;
  if (kind === 'bytes') return '2M';
  if (kind === 'boolean') return initial !== 'y';
  if (kind === 'word') return words.find((one) => one !== initial) ?? '';
  if (kind === 'addresses') return '10.0.0.1';
  if (kind === 'endpoint') return 'tcp -h 127.0.0.1 -p 14001 -t 10000';
  if (kind === 'object') return 'tars.some.Obj@tcp -h 127.0.0.1 -p 17890';
  if (name === 'origins') return 'https://www.example.com';
  if (name === 'hosts') return 'www.example.com';
  return 'some';
}

async function adapterOf(source: Source, options?: ServantOptions): Promise<string> {
  class Declared extends Plain {}
  if (options !== undefined) servant(options)(Declared);
  const app = new Application();
  apps.push(app);
  app.addServant(Declared, 'Obj');
  app.addServantProtocol('Obj', parseEcho);
  // No port is opened, and no certificate is read.
  await app.main(source as ApplicationConfig);
  return inspect((app.getBindAdapter('Obj') as BindAdapterImpl).config, { depth: 5 });
}

const server = { app: 'T', server: 'S', loglevel: 'NONE', manuallisten: true } as const;
const byObject = (keys: Keys) =>
  adapterOf({ ...server, adapters: { ObjAdapter: { servant: 'Obj', ...keys } as unknown as AdapterSection } });
const byDecorator = (keys: Keys) => adapterOf(server, { name: 'Obj', ...keys } as unknown as ServantOptions);
const byText = (keys: Keys) => {
  const lines = Object.entries(keys).map(([key, value]) => `${key} = ${String(value)}`);
  return adapterOf(
    `<tars>\n<application>\n<server>\napp=T\nserver=S\nloglevel=NONE\nmanuallisten=y\n<ObjAdapter>\nservant=T.S.Obj\n${lines.join('\n')}\n</ObjAdapter>\n</server>\n</application>\n</tars>`,
  );
};

const optionKeys = Object.entries<ConfigKey>(adapterKeys).filter(
  ([name]) => !['servant', 'endpoint', 'protocol', 'tarsversions'].includes(name),
);

describe('each key of an adapter', () => {
  it.each(optionKeys)('%s reaches it from a file, an object and a declaration alike', async (name, key) => {
    const base: Keys = { endpoint: endpointFor(key), ...beside(key) };
    const keys = { ...base, [name]: sample(name, key) };
    const given = await byText(keys);
    expect(given).not.toBe(await byText(base));
    expect(await byObject(keys)).toBe(given);
    expect(await byDecorator(keys)).toBe(given);
  });

  it('servant, endpoint and protocol reach it too', async () => {
    const given = await byObject({ endpoint: endpoints.address, protocol: 'not_tars' });
    expect(given).toMatch(/servant: 'T\.S\.Obj'/);
    expect(given).toMatch(/protocol: 'not_tars'/);
    expect(given).toMatch(/timeoutMs: 60000/);
  });

  it('tarsversions is refused by an adapter that speaks no TARS', async () => {
    const keys = { endpoint: endpoints.address, tarsversions: '1;3' };
    for (const by of [byObject, byDecorator, byText])
      await expect(by(keys)).rejects.toThrow(/tarsversions.*does not speak TARS/);
  });

  it('sni reaches it from an object and a declaration alike', async () => {
    const keys = {
      endpoint: endpoints.tls,
      ...besideTls,
      sni: { 'A.example': { cert: 'a', key: 'b' } },
    } as unknown as Keys;
    const given = await byObject(keys);
    expect(given).toMatch(/'a\.example' => \{ cert: 'a', key: 'b' \}/);
    expect(await byDecorator(keys)).toBe(given);
  });
});

/** All that is read of the server section. */
function serverOf(config: TarsConfig): string {
  const info = readServerInfo(config, '');
  const all = {
    info,
    adapters: readAdapterConfigs(config, info),
    registration: registrationSettings(config, info),
    agent: nodeAgentSettings(config, info),
  };
  return inspect(all, { depth: 6 });
}

describe('each key of the server', () => {
  const keysToRead = Object.entries<ConfigKey>(serverKeys).filter(([name]) => name !== 'checkset');
  it.each(keysToRead)('%s has its effect from a file and an object alike', (name, key) => {
    const app = name === 'app' ? 'some' : 'T';
    const serverName = name === 'server' ? 'some' : 'S';
    const adapter = { servant: `${app}.${serverName}.Obj`, endpoint: endpoints.tls };
    const base = {
      app: 'T',
      server: 'S',
      ...besideTls,
      ...(name !== 'register' && { register: 'tars.r.Obj@tcp -h 1.1.1.1 -p 1' }),
    };
    const keys = { ...base, [name]: sample(name, key) };
    const make = (given: Keys, servantName = adapter.servant) =>
      TarsConfig.fromObject({
        tars: { application: { server: { ...given, A: { ...adapter, servant: servantName } } } },
      });
    const given = serverOf(make(keys));
    expect(given).not.toBe(serverOf(make(base, 'T.S.Obj')));
    expect(serverOf(TarsConfig.parse(make(keys).toString()))).toBe(given);
  });

  it('has the default that its figures begin with', () => {
    const info = readServerInfo(TarsConfig.parse(''), '');
    const bare = { ...info, ServerName: '', NodeName: '', LocalIp: '' };
    expect(bare).toMatchObject({
      DeactivatingTimeout: 5000,
      SendBufferLimit: 1024 ** 3,
      BackPacketLimit: 100 * 1024 ** 2,
    });
  });
});

/** The error that a configuration is refused with, which has to name the key. */
function refusal(section: 'server' | 'adapter', keys: Keys): TarsException {
  const adapter = { servant: 'T.S.Obj', endpoint: endpoints.address, ...(section === 'adapter' && keys) };
  const top = { app: 'T', server: 'S', register: 'tars.r.Obj@tcp -h 1.1.1.1 -p 1', ...(section === 'server' && keys) };
  const object = { tars: { application: { server: { ...top, A: adapter } } } };
  const text = TarsConfig.fromObject(object).toString();
  try {
    serverOf(TarsConfig.parse(text, { file: 's.conf' }));
  } catch (error) {
    if (error instanceof ConfigException) return error;
    throw error;
  }
  throw new Error(`it was taken: ${JSON.stringify(keys)}`);
}

describe.each(['server', 'adapter'] as const)('a number of the %s section', (section) => {
  const table: Readonly<Record<string, ConfigKey>> = section === 'server' ? serverKeys : adapterKeys;
  const numbers = Object.entries(table).filter(([, { max }]) => max !== undefined);

  it('has bounds, and a duration those of a timer', () => {
    expect(numbers.length).toBeGreaterThan(8);
    for (const { kind, min, max = 0 } of Object.values(table)) {
      if (!['count', 'duration', 'bytes'].includes(kind)) continue;
      expect(min).toBeTypeOf('number');
      expect(max).toBeLessThanOrEqual(kind === 'bytes' ? Number.MAX_SAFE_INTEGER : 2_147_483_647);
    }
  });

  it.each(numbers)('%s out of its bounds is refused by its name', (name, { kind, on, min = 0, max = 0 }) => {
    const faults: (string | number)[] = ['NaN', 'Infinity', '-Infinity', '1e3', 'soon', '3s', '0x10', min - 1];
    if (kind !== 'bytes') faults.push('1.5', '3000000000', 4_294_967_295, 9_007_199_254_740_991);
    if (max < Number.MAX_SAFE_INTEGER) faults.push(max + 1);
    for (const fault of faults) {
      const keys = { [name]: fault, ...(on === 'webSocket' && { endpoint: endpoints.webSocket }) };
      const error = refusal(section, keys);
      expect(error.message).toContain(`key "${name}" in /tars/application/server`);
      expect(error.where).toMatchObject({ file: 's.conf', line: expect.any(Number) as number });
    }
  });
});

describe('a declaration', () => {
  it('loses against a key of the file, an empty one included', async () => {
    class Declared extends Plain {}
    servant({ name: 'Obj', endpoint: endpoints.address, maxconns: 7, deny: '10.0.0.1' })(Declared);
    const app = new Application();
    apps.push(app);
    app.addServant(Declared);
    app.addServantProtocol('Obj', parseEcho);
    await app.main({
      ...server,
      adapters: { A: { servant: 'Obj', endpoint: endpoints.address, maxconns: 9, deny: '' } },
    });
    expect((app.getBindAdapter('Obj') as BindAdapterImpl).config).toMatchObject({ maxConns: 9, deny: '' });
  });

  it.each<[string, object, RegExp]>([
    ['a value that is none', { maxconns: Number.NaN }, /<maxconns> of the configuration object is NaN/],
    ['versions that there are not', { tarsversions: '1;4' }, /tarsversions.*some of 1, 2, 3 and 5/],
    ['an array', { allow: ['10.0.0.1'] }, /<allow> of the configuration object is an array/],
    ['a key that protects, misspelt', { alow: '10.0.0.1' }, /key "alow" .* is not known; allow is/],
    ['a time that no timer holds', { packettimeout: 4_294_967_295 }, /"packettimeout" .*from 0 to 2147483647/],
  ])('is refused with %s', async (_what, keys, message) => {
    await expect(byDecorator({ endpoint: endpoints.address, ...keys } as Keys)).rejects.toThrow(message);
  });
});
