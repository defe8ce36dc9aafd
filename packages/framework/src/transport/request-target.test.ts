import { describe, expect, it } from 'vitest';
import { requestTarget } from './request-target.js';

const ask = (url: string, rawHeaders: string[] = ['Host', 'a.example:81'], minor = 1) =>
  requestTarget({ url, rawHeaders, httpVersionMajor: 1, httpVersionMinor: minor });

describe('requestTarget', () => {
  it.each([
    ['/push', '/push', 'a.example', 81],
    ['/push?x=1', '/push', 'a.example', 81],
    ['/push?x=/y', '/push', 'a.example', 81],
    ['//evil/push', '//evil/push', 'a.example', 81],
    ['http://b.example/push?x', '/push', 'b.example', undefined],
    ['WSS://B.example:443', '/', 'b.example', 443],
    ['https://b.example?x', '/', 'b.example', undefined],
  ])('reads %s', (url, path, host, port) => {
    expect(ask(url)).toEqual({ path, authority: { host, port } });
  });

  it.each(['*', 'a.example:81', 'push', '', 'ftp://a/', 'http:///push', 'http://ann@a/push', '/push#x', 'http://a/#x'])(
    'refuses %j',
    (url) => {
      expect(ask(url)).toEqual(expect.any(String));
    },
  );

  it.each<[string, string[]]>([
    ['no Host', ['Origin', 'Host']],
    ['two Hosts', ['Host', 'a', 'X', 'y', 'hOST', 'a']],
    ['an empty Host', ['Host', '']],
    ['a Host that is none', ['Host', 'a/b']],
  ])('refuses %s, in both forms of the target', (_what, headers) => {
    expect(ask('/push', headers)).toEqual(expect.any(String));
    expect(ask('http://a/push', headers)).toEqual(expect.any(String));
  });

  it('refuses HTTP/1.0', () => {
    expect(ask('/push', ['Host', 'a'], 0)).toEqual(expect.any(String));
  });
});
