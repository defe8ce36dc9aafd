import { describe, expect, it } from 'vitest';
import { ConfigException, ConfigNoParamException } from '../errors/exceptions.js';
import type { Where } from '../errors/tars-exception.js';
import type { ConfigObject } from './config-object.js';
import { TarsConfig } from './tars-config.js';

const pushServer = `# A push server.
<tars>
  <application>
    enableset = n
    setdivision = NULL
    <server>
      app = TestApp
      server = PushServer
      localip = 127.0.0.1
      basepath = ./data/
      log = tars.tarslog.LogObj
      <TestApp.PushServer.TestPushServantObjAdapter>
        allow
        endpoint = tcp -h 127.0.0.1 -p 10099 -t 60000
        maxconns = 1024
        protocol = not_tars
        queuecap = 10M
        servant = TestApp.PushServer.TestPushServantObj
        threads = 2
      </TestApp.PushServer.TestPushServantObjAdapter>
    </server>
    <client>
      locator = tars.tarsregistry.QueryObj@tcp -h 127.0.0.1 -p 17890
      sync-invoke-timeout = 3000
    </client>
  </application>
</tars>
`;
const server = '/tars/application/server';
const adapter = `${server}/TestApp.PushServer.TestPushServantObjAdapter`;

function failure(run: () => unknown): ConfigException | ConfigNoParamException {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigException || error instanceof ConfigNoParamException) return error;
    throw error;
  }
  throw new Error('expected a ConfigException');
}

describe('the configuration of a push server', () => {
  const config = TarsConfig.parse(pushServer, { file: 'server.conf' });

  it('is read by path', () => {
    expect(config.get(`${server}<app>`)).toBe('TestApp');
    expect(config.get('//tars//application/server/<server>')).toBe('PushServer');
    expect(config.get('/tars/application<enableset>')).toBe('n');
    expect(config.get(`${adapter}<endpoint>`)).toBe('tcp -h 127.0.0.1 -p 10099 -t 60000');
    expect(config.get(`${adapter}<allow>`, 'fallback')).toBe('');
    expect(config.getRequired(`${adapter}<threads>`)).toBe('2');
    expect(config.get(`${server}<nothing>`)).toBe('');
    expect(config.get('/tars/nowhere<app>', 'fallback')).toBe('fallback');
    expect(config.has(`${adapter}<allow>`)).toBe(true);
    expect(config.has(`${adapter}<deny>`)).toBe(false);
  });

  it('is listed in its order', () => {
    expect(config.getDomainVector('/')).toEqual(['tars']);
    expect(config.getDomainVector('/tars/application')).toEqual(['server', 'client']);
    expect(config.getDomainVector(server)).toEqual(['TestApp.PushServer.TestPushServantObjAdapter']);
    expect(config.getDomainVector('/nowhere')).toEqual([]);
    expect(config.getDomainKey('/tars/application/client')).toEqual(['locator', 'sync-invoke-timeout']);
    expect([...config.getDomainMap('/tars/application')]).toEqual([
      ['enableset', 'n'],
      ['setdivision', 'NULL'],
    ]);
    expect(config.getDomainLine('/tars/application')).toEqual(['enableset = n', 'setdivision = NULL']);
    expect(config.getDomainMap('/nowhere').size).toBe(0);
    expect(config.getDomainKey('/nowhere')).toEqual([]);
    expect(config.getDomainLine('/nowhere')).toEqual([]);
    expect(config.hasDomain(adapter)).toBe(true);
    expect(config.hasDomain(`${adapter}/deeper`)).toBe(false);
    expect(config.hasDomainVector(server)).toBe(true);
    expect(config.hasDomainVector('/nowhere')).toBe(false);
  });

  it('knows where everything stands', () => {
    expect(config.positionOf(`${server}<app>`)).toEqual({ file: 'server.conf', line: 7, column: 7 });
    expect(config.positionOf(adapter)).toEqual({ file: 'server.conf', line: 12, column: 7 });
    expect(config.positionOf('/')).toBeUndefined();
    expect(config.positionOf(`${server}<nothing>`)).toBeUndefined();
    expect(config.positionOf('/nowhere')).toBeUndefined();
  });

  it('is written with two spaces per level', () => {
    const expected = pushServer.split('\n').slice(1).join('\n').replaceAll(' = ', '=');
    expect(config.toString()).toBe(expected);
    expect(TarsConfig.parse(config.toString()).toString()).toBe(expected);
  });

  it('says which key is missing where', () => {
    const key = failure(() => config.getRequired(`${adapter}<deny>`));
    expect(key).toBeInstanceOf(ConfigNoParamException);
    expect(key.message).toBe(`server.conf:12:7: key "deny" is missing in ${adapter}; add a line "deny = …"`);
    expect(key.where).toEqual({ file: 'server.conf', line: 12, column: 7, key: `${adapter}<deny>` });
    const domain = failure(() => config.getRequired('/tars/nowhere<deny>'));
    expect(domain).toBeInstanceOf(ConfigNoParamException);
    expect(domain.message).toBe('domain /tars/nowhere, which has to hold the key "deny", is missing');
  });
});

const nested = (depth: number) => `${'<a>\n'.repeat(depth)}x=1\n${'</a>\n'.repeat(depth)}`;

describe('TarsConfig.parse', () => {
  it.each<[string, string, Record<string, string>]>([
    ['nothing', '', {}],
    ['blank lines', ' \n\t\r\n\n', {}],
    ['comments', '# a = 1\n  # b = 2\nc = 3 # not a comment', { c: '3 # not a comment' }],
    ['keys without values', 'a\nb=\n c =  ', { a: '', b: '', c: '' }],
    ['a value with equals signs', 'a = b = c', { a: 'b = c' }],
    ['an empty key', '= v', { '': 'v' }],
    ['an escaped equals sign in a key', 'a\\=b = c', { 'a=b': 'c' }],
    ['an escaped backslash before the equals sign', 'a\\\\=b', { 'a\\': 'b' }],
    ['all escapes', 'a = \\\\ \\r \\n \\t \\=', { a: '\\ \r \n \t =' }],
    ['escaped tabs at the ends of a value', 'a = \\tb\\t', { a: '\tb\t' }],
    ['a repeated key: the last one', 'a = 1\nb = 2\na = 3', { b: '2', a: '3' }],
    ['CRLF', 'a = 1\r\nb = 2\r\n', { a: '1', b: '2' }],
    ['a byte order mark', '\ufeffa = 1', { a: '1' }],
    ['other white space as data', 'a = \u00a0', { a: '\u00a0' }],
    [
      'names of Object.prototype',
      '__proto__ = 1\nconstructor = 2',
      Object.fromEntries([
        ['__proto__', '1'],
        ['constructor', '2'],
      ]),
    ],
    ['angle brackets in a value', 'a = <b>', { a: '<b>' }],
  ])('reads %s', (_, text, expected) => {
    expect([...TarsConfig.parse(text).getDomainMap('/')]).toEqual(Object.entries(expected));
  });

  it('merges domains of one name and ignores what follows the bracket', () => {
    const config = TarsConfig.parse('<a> ignored\nx=1\n</a>\n< b >\n</b> ignored\n<a>\ny=2\nx=3\n</a>');
    expect([...config.getDomainMap('/a')]).toEqual([
      ['y', '2'],
      ['x', '3'],
    ]);
    expect(config.getDomainVector('/')).toEqual(['a', 'b']);
    expect(config.positionOf('/a')).toEqual({ line: 1, column: 1 });
    expect(config.positionOf('/a<x>')).toEqual({ line: 8, column: 1 });
    expect(config.getDomainLine('/a')).toEqual(['x=1', 'y=2', 'x=3']);
  });

  it('reads a domain in a domain of the same name', () => {
    expect(TarsConfig.parse('<a>\n<a>\nx=1\n</a>\n</a>').get('/a/a<x>')).toBe('1');
  });

  it.each<[string, string, Where]>([
    [
      '<tars>\n\n\n  <server>\n  </serverr>\n</tars>',
      's.conf:5:3: </serverr> does not close <server>, which was opened in line 4',
      { line: 5, column: 3 },
    ],
    ['a\n </b>', 's.conf:2:2: </b> closes nothing, because no domain is open', { line: 2, column: 2 }],
    ['<a>\n\t<b>\n</b>', 's.conf:1:1: <a> is never closed; add </a>', { line: 1, column: 1 }],
    ['<a>\n</a>\n<a>', 's.conf:3:1: <a> is never closed; add </a>', { line: 3, column: 1 }],
    ['\ufeff<a', 's.conf:1:1: "<a" begins a domain but has no ">"', { line: 1, column: 1 }],
    ['<>\n</>', 's.conf:1:1: a domain needs a name', { line: 1, column: 1 }],
    ['<a/b>', 's.conf:1:1: the domain name "a/b" contains "/"', { line: 1, column: 1 }],
    ['<a<b>', 's.conf:1:1: the domain name "a<b" contains "<"', { line: 1, column: 1 }],
    [
      'x\n  path = C:\\dir',
      's.conf:2:12: "\\\\d" is not an escape; write a backslash as \\\\; the escapes are \\\\ \\r \\n \\t \\=',
      { line: 2, column: 12 },
    ],
    ['a = b\\', 's.conf:1:6: "\\\\" is not an escape;', { line: 1, column: 6 }],
    [' \\x = b', 's.conf:1:2: "\\\\x" is not an escape;', { line: 1, column: 2 }],
  ])('refuses %j', (text, message, where) => {
    const error = failure(() => TarsConfig.parse(text, { file: 's.conf' }));
    expect(error).toBeInstanceOf(ConfigException);
    expect(error.message.startsWith(message), error.message).toBe(true);
    expect(error.where).toEqual({ file: 's.conf', ...where });
  });

  it('names line and column when there is no file', () => {
    const error = failure(() => TarsConfig.parse('\n  </a>'));
    expect(error.message).toMatch(/^line 2, column 3: <\/a> closes nothing/);
    expect(error.where).toEqual({ line: 2, column: 3 });
  });

  it('allows 100 nested domains and no more', () => {
    expect(TarsConfig.parse(nested(100)).get(`${'/a'.repeat(100)}<x>`)).toBe('1');
    const error = failure(() => TarsConfig.parse(nested(101)));
    expect(error.message).toBe('line 101, column 1: <a> is nested too deep; at most 100 domains may be open');
    expect(failure(() => TarsConfig.parse(nested(200_000))).where.line).toBe(101);
  });

  it.each<[string, string]>([
    ['many keys', '<a>\n' + Array.from({ length: 60_000 }, (_, i) => `key${i} = value`).join('\n') + '\n</a>'],
    ['one repeated key', 'key = v\n'.repeat(130_000)],
    ['one line of escapes', `a = ${'\\\\'.repeat(524_288)}`],
    ['one line of blanks and a letter', `a = b${' '.repeat(1_048_576)}c`],
    ['a repeated domain', '<a>\nx=1\n</a>\n'.repeat(80_000)],
    ['many domains', Array.from({ length: 50_000 }, (_, i) => `<domain${i}>\n</domain${i}>`).join('\n')],
    ['blank lines', ' \n'.repeat(524_288)],
  ])('reads and writes a mebibyte of %s in little time', (_, text) => {
    expect(text.length).toBeGreaterThan(1_000_000);
    const begin = performance.now();
    const config = TarsConfig.parse(text);
    const again = TarsConfig.parse(config.toString());
    again.joinConfig(config, true);
    expect(performance.now() - begin).toBeLessThan(2000);
    expect(again.toString()).toBe(config.toString());
  });
});

describe('paths', () => {
  const config = TarsConfig.parse('x=1\n<a>\ny<z=2\n</a>');

  it('address the root and keys with brackets', () => {
    expect(config.get('/<x>')).toBe('1');
    expect(config.get('/a<y<z>')).toBe('2');
    expect(config.hasDomain('/')).toBe(true);
    expect(config.hasDomainVector('/')).toBe(true);
    expect(TarsConfig.parse('x=1').hasDomainVector('/')).toBe(false);
  });

  it.each<[string, () => unknown, RegExp]>([
    ['get without slash', () => config.get('a<x>'), /"a<x>" does not begin with "\/"/],
    ['get of nothing', () => config.get(''), /does not begin with "\/"/],
    ['get without key', () => config.get('/a'), /"\/a" names no key; write it as "\/a<key>"/],
    ['get without closing bracket', () => config.get('/a<x'), /does not end with ">"/],
    ['getDomainMap with key', () => config.getDomainMap('/a<x>'), /names a key where a domain is meant/],
    ['hasDomain without slash', () => config.hasDomain('a'), /does not begin/],
    ['positionOf without slash', () => config.positionOf('a'), /does not begin/],
    ['set too deep', () => config.set(`${'/a'.repeat(101)}<x>`, '1'), /names 101 domains; at most 100/],
    ['insertDomain with a slash', () => config.insertDomain('/', 'a/b'), /contains "\/"/],
    ['insertDomain without name', () => config.insertDomain('/', ''), /a domain needs a name/],
  ])('are refused: %s', (_, run, message) => {
    const error = failure(run);
    expect(error).toBeInstanceOf(ConfigException);
    expect(error.message).toMatch(message);
  });
});

describe('changes', () => {
  it('sets, erases and inserts', () => {
    const config = TarsConfig.parse('<a>\nx=1\ny=2\n</a>');
    config.set('/a<x>', '3');
    config.set('/b/c<z>', '4');
    expect([...config.getDomainMap('/a')]).toEqual([
      ['x', '3'],
      ['y', '2'],
    ]);
    expect(config.get('/b/c<z>')).toBe('4');
    expect(config.positionOf('/a<x>')).toBeUndefined();
    expect(config.erase('/a<x>')).toBe(true);
    expect(config.erase('/a<x>')).toBe(false);
    expect(config.erase('/nowhere<x>')).toBe(false);
    expect(config.getDomainKey('/a')).toEqual(['y']);
    expect(config.eraseDomain('/b/c')).toBe(true);
    expect(config.eraseDomain('/b/c')).toBe(false);
    expect(config.eraseDomain('/nowhere/c')).toBe(false);
    expect(config.eraseDomain('/')).toBe(false);
    expect(config.getDomainVector('/b')).toEqual([]);
    expect(config.insertDomain('/new', 'sub')).toBe(false);
    expect(config.hasDomain('/new')).toBe(false);
    expect(config.insertDomain('/new', 'sub', true)).toBe(true);
    expect(config.insertDomain('/new', 'sub')).toBe(true);
    expect(config.getDomainVector('/new')).toEqual(['sub']);
    expect(config.insertDomainParam('/other', new Map([['k', 'v']]))).toBe(false);
    expect(config.insertDomainParam('/other', new Map([['k', 'v']]), true)).toBe(true);
    expect(
      config.insertDomainParam('/other', [
        ['k', 'w'],
        ['l', ''],
      ]),
    ).toBe(true);
    expect([...config.getDomainMap('/other')]).toEqual([
      ['k', 'w'],
      ['l', ''],
    ]);
  });

  it('returns copies', () => {
    const config = TarsConfig.parse('<a>\nx=1\n</a>');
    config.getDomainMap('/a').set('x', '2');
    config.getDomainKey('/a').push('z');
    config.getDomainLine('/a').pop();
    config.getDomainVector('/').pop();
    expect(config.get('/a<x>')).toBe('1');
    expect(config.getDomainLine('/a')).toEqual(['x=1']);
    expect(config.getDomainVector('/')).toEqual(['a']);
  });

  it.each([
    [false, 'x=1\n<a>\n  y=1\n  z=2\n</a>\n<b>\n  u=2\n</b>\n'],
    [true, 'x=2\n<a>\n  y=2\n  z=2\n</a>\n<b>\n  u=2\n</b>\n'],
  ])('joins two configurations, update %j', (update, expected) => {
    const one = TarsConfig.parse('x=1\n<a>\ny=1\n</a>', { file: 'one.conf' });
    const other = TarsConfig.parse('x=2\n<a>\nz=2\ny=2\n</a>\n<b>\nu=2\n</b>', { file: 'other.conf' });
    const before = other.toString();
    one.joinConfig(other, update);
    expect(one.toString()).toBe(expected);
    expect(one.positionOf('/a<y>')?.file).toBe(update ? 'other.conf' : 'one.conf');
    expect(one.positionOf('/b')?.file).toBe('other.conf');
    one.set('/b<u>', 'changed');
    one.joinConfig(one, true);
    expect(other.toString()).toBe(before);
  });
});

describe('TarsConfig.toString', () => {
  it('escapes', () => {
    const config = TarsConfig.parse('');
    config.set('/<a=b>', '\\ \r\n\t=');
    expect(config.toString()).toBe('a\\=b=\\\\ \\r\\n\\t\\=\n');
  });

  it.each([
    ['<x', '', /key "<x" cannot be written: a line that begins with "<"/],
    ['#x', '', /a line that begins with "#"/],
    [' x', '', /spaces around a key are lost/],
    ['x', 'y ', /spaces around its value "y " are lost/],
  ])('refuses the key %j with the value %j', (key, value, message) => {
    const config = TarsConfig.parse('');
    config.set(`/<${key}>`, value);
    expect(failure(() => config.toString()).message).toMatch(message);
  });
});

describe('TarsConfig.fromObject', () => {
  it('makes domains of objects and text of values', () => {
    const config = TarsConfig.fromObject({
      top: 1,
      tars: { application: { enableset: false, server: { app: 'Test', 'A.B.CAdapter': { threads: 2, on: true } } } },
      empty: {},
    });
    expect(config.get('/<top>')).toBe('1');
    expect(config.get('/tars/application<enableset>')).toBe('n');
    expect(config.get('/tars/application/server/A.B.CAdapter<on>')).toBe('y');
    expect(config.get('/tars/application/server/A.B.CAdapter<threads>')).toBe('2');
    expect(config.getDomainVector('/')).toEqual(['tars', 'empty']);
    expect(config.positionOf('/<top>')).toBeUndefined();
  });

  const circular: Record<string, unknown> = {};
  circular['again'] = circular;

  it.each<[Record<string, unknown>, RegExp]>([
    [{ a: { b: null } }, /^\/a<b> of the configuration object is null; expected a string, finite number/],
    [{ a: { b: undefined } }, /^\/a<b> .* is undefined/],
    [{ b: ['x'] }, /^\/<b> .* is an array/],
    [{ b: Number.NaN }, /^\/<b> .* is NaN/],
    [{ b: () => 1 }, /^\/<b> .* is function/],
    [{ a: { 'b/c': {} } }, /^the domain name "b\/c" contains "\/", in \/a/],
    [{ ' b': {} }, /begins or ends with a blank/],
    [circular, /nested too deep, or contains itself/],
  ])('refuses case %#', (object, message) => {
    expect(failure(() => TarsConfig.fromObject(object as ConfigObject)).message).toMatch(message);
  });
});
