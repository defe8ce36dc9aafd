import { describe, expect, it } from 'vitest';
import { parseAuthority } from './authority.js';
import { HostList, hostProblem } from './host-list.js';

describe('HostList', () => {
  it.each<[boolean, string, string]>([
    [true, 'www.example.org', 'WWW.example.org.:8443'],
    [true, 'www.example.org:443', 'www.example.org:443'],
    [true, '*.example.org', 'a.b.example.org'],
    [true, '10.0.0.1', '10.0.0.1:80'],
    [true, '::1', '[::1]:80'],
    [true, '[0::1]:80', '[::1]:80'],
    [false, 'www.example.org', 'evil.example'],
    [false, 'www.example.org', 'a.www.example.org'],
    [false, 'www.example.org:443', 'www.example.org:80'],
    [false, 'www.example.org:443', 'www.example.org'],
    [false, '*.example.org', 'example.org'],
    [false, '*.example.org', 'evilexample.org'],
  ])('%s: %s when %s is asked for', (isServed, entry, text) => {
    expect(hostProblem(entry)).toBeUndefined();
    const authority = parseAuthority(text);
    expect(authority !== undefined && new HostList([entry]).serves(authority)).toBe(isServed);
  });

  it('serves every name without entries', () => {
    expect(new HostList([]).serves({ host: 'a', port: 1 })).toBe(true);
  });

  it.each(['*', '*.', 'https://a', 'a/b', 'a:b', '*.[::1]', 'a.*', 'a..b'])('says that %s is no entry', (entry) => {
    expect(hostProblem(entry)).toEqual(expect.any(String));
  });
});
