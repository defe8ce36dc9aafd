import { describe, expect, it } from 'vitest';
import { parseAuthority } from './authority.js';

describe('parseAuthority', () => {
  it.each([
    ['www.example.org', 'www.example.org', undefined],
    ['WWW.Example.ORG.:8443', 'www.example.org', 8443],
    ['a:', 'a', undefined],
    ['my_service:0', 'my_service', 0],
    ['10.1.2.3:65535', '10.1.2.3', 65_535],
    ['[::1]', '[::1]', undefined],
    ['[FD00:0:0::1]:80', '[fd00::1]', 80],
    ['[::ffff:10.0.0.1]:1', '[::ffff:a00:1]', 1],
  ])('reads %s', (text, host, port) => {
    expect(parseAuthority(text)).toEqual({ host, port });
  });

  it.each([
    '',
    ':80',
    '.',
    'a..b',
    '.a',
    'a..',
    'a:b',
    'a:65536',
    'a:-1',
    'a: 1',
    'a:1:2',
    'a:000001',
    '::1',
    '[::1',
    '::1]',
    '[a]',
    '[fe80::1%25eth0]',
    '[]',
    'a b',
    'ann@a',
    'a/b',
    'a,b',
    'a%2eb',
    'ü.example',
    'a\u212a',
    'http://a',
  ])('refuses %j', (text) => {
    expect(parseAuthority(text)).toBeUndefined();
  });
});
