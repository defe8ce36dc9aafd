import { describe, expect, it } from 'vitest';
import { type Authority, parseAuthority } from './authority.js';
import { OriginList, originProblem, type PageScheme } from './origin-list.js';

function asked(text: string): Authority {
  const authority = parseAuthority(text);
  if (authority === undefined) throw new Error(text);
  return authority;
}

describe('OriginList without entries', () => {
  const list = new OriginList([]);
  it.each<[boolean, string, string, PageScheme]>([
    [true, 'https://www.example.org', 'www.example.org', 'http'],
    [true, 'https://www.example.org', 'www.example.org:443', 'http'],
    [true, 'http://www.example.org', 'www.example.org:80', 'http'],
    [true, 'http://www.example.org:80', 'www.example.org', 'http'],
    [true, 'HTTPS://WWW.example.org', 'www.EXAMPLE.org.:443', 'https'],
    [true, 'http://127.0.0.1:8080', '127.0.0.1:8080', 'http'],
    [true, 'http://[::1]:8080', '[0:0::1]:8080', 'http'],
    [false, 'https://www.example.org', 'www.example.org:8443', 'http'],
    [false, 'https://www.example.org', 'www.example.org:80', 'http'],
    [false, 'http://www.example.org', 'www.example.org:443', 'http'],
    [false, 'https://evil.example', 'www.example.org:443', 'http'],
    [false, 'http://www.example.org', 'www.example.org', 'https'],
    [false, 'x://127.0.0.1:8080', '127.0.0.1:8080', 'http'],
    [false, 'null', 'null', 'http'],
    [false, '', 'www.example.org', 'http'],
    [false, 'https://www.example.org, https://evil.example', 'www.example.org', 'http'],
    [false, 'https://www.example.org/', 'www.example.org', 'http'],
    [false, 'https://evil@www.example.org', 'www.example.org', 'http'],
  ])('%s: a page of %s that asks %s (pages come by %s)', (isAllowed, origin, host, scheme) => {
    expect(list.allows(origin, asked(host), scheme)).toBe(isAllowed);
  });

  it('lets who is no page in', () => {
    expect(list.allows(undefined, asked('a'), 'http')).toBe(true);
  });
});

describe('OriginList', () => {
  it.each<[boolean, string, string]>([
    [true, 'https://app.example', 'https://app.example'],
    [true, 'https://app.example', 'https://app.example:443'],
    [true, 'https://App.example.:443', 'https://app.EXAMPLE'],
    [true, 'http://app.example:80', 'http://app.example'],
    [true, 'https://*.app.example', 'https://a.b.app.example'],
    [true, 'https://*.app.example:8443', 'https://a.app.example:8443'],
    [true, 'capacitor://localhost', 'capacitor://localhost'],
    [true, 'http://[::1]:3000', 'http://[0::1]:3000'],
    [true, '*', 'https://evil.example'],
    [true, '*', 'null'],
    [false, 'https://app.example', 'http://app.example'],
    [false, 'https://app.example', 'https://app.example:8443'],
    [false, 'https://app.example', 'https://www.app.example'],
    [false, 'https://app.example', 'https://app.example.evil.example'],
    [false, 'https://*.app.example', 'https://app.example'],
    [false, 'https://*.app.example', 'https://evilapp.example'],
    [false, 'https://*.app.example', 'https://a.app.example:8443'],
    [false, 'https://*.app.example:8443', 'https://a.app.example'],
    [false, 'https://app.example', 'null'],
    // The host that is asked passes by itself no more.
    [false, 'https://app.example', 'http://asked.example:8080'],
  ])('%s: %s for a page of %s', (isAllowed, entry, origin) => {
    expect(originProblem(entry)).toBeUndefined();
    expect(new OriginList([entry]).allows(origin, asked('asked.example:8080'), 'http')).toBe(isAllowed);
  });

  it.each([
    'a.example',
    'https://',
    'https://*',
    'https://*.',
    'https://a.example/',
    'https://a.*.example',
    'https://*.[::1]',
    'https://a.example:x',
    '*.example',
    'null',
    '//a',
  ])('says that %s is no entry', (entry) => {
    expect(originProblem(entry)).toEqual(expect.any(String));
  });
});
