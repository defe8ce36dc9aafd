import { Endpoint } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { adminAdapterConfig } from '../admin/admin-adapter.js';
import type { AdapterConfig } from './adapter-config.js';
import { addressGroup, plainIp } from './peer-address.js';
import { PeerGate } from './peer-gate.js';

const IP_ENDPOINTS = [
  'tcp -h 127.0.0.1 -p 0',
  'tcp -h 0.0.0.0 -p 10099',
  'tcp -h localhost -p 10099',
  'ssl -h ::1 -p 0',
  'ws -h 127.0.0.1 -p 0',
  'wss -h :: -p 0',
  'udp -h 127.0.0.1 -p 0',
  'udp -h localhost -p 0',
];
const UNIX_ENDPOINTS = ['tcp -h /tmp/a.sock', 'ssl -h /tmp/a.sock -p 0', 'ws -h /tmp/a.sock', 'wss -h /tmp/a.sock'];
const NO_ADDRESS = [undefined, '', 'undefined', 'unix', '10.0.0', '999.1.1.1'];
const LISTS: Partial<AdapterConfig>[] = [{}, { allow: '*' }, { allow: '10.0.0.1' }, { deny: '10.0.0.1' }];

function gate(endpoint: string, config: Partial<AdapterConfig> = {}): PeerGate {
  const base = adminAdapterConfig(Endpoint.parse(endpoint), '*');
  return new PeerGate({ ...base, allow: '', ...config });
}

const isIn = (entered: ReturnType<PeerGate['enter']>) => typeof entered === 'object';

describe('a peer of which nothing is known', () => {
  it.each(IP_ENDPOINTS)('is refused by %s, whatever the lists are', (endpoint) => {
    for (const lists of LISTS) {
      for (const address of NO_ADDRESS) {
        expect(gate(endpoint, lists).enter(address)).toBe('denied');
        expect(gate(endpoint, lists).isAllowed(address)).toBe(false);
      }
    }
  });

  it.each(IP_ENDPOINTS)('is refused by an administration port at %s', (endpoint) => {
    const admin = new PeerGate(adminAdapterConfig(Endpoint.parse(endpoint), ''));
    for (const address of [...NO_ADDRESS, '192.0.2.1', '2001:db8::1']) expect(admin.enter(address)).toBe('denied');
    expect(isIn(admin.enter('127.0.0.1'))).toBe(true);
  });

  it.each(UNIX_ENDPOINTS)('is a peer of the Unix socket of %s, without limits of addresses', (endpoint) => {
    for (const lists of LISTS) {
      const here = gate(endpoint, { ...lists, maxConnsPerIp: 1 });
      for (let i = 0; i < 3; i++) expect(here.enter(undefined)).toMatchObject({ ip: '' });
    }
  });

  it('is asked for its address where it has one, on a Unix socket too', () => {
    expect(gate('tcp -h /tmp/a.sock', { deny: '10.0.0.1' }).enter('10.0.0.1')).toBe('denied');
  });
});

describe('plainIp', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::ffff:10.0.0.1', '10.0.0.1'],
    ['::FFFF:10.0.0.1', '10.0.0.1'],
    ['::ffff:a00:1', '10.0.0.1'],
    ['0:0:0:0:0:ffff:10.0.0.1', '10.0.0.1'],
    ['::1', '::1'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['1::ffff:10.0.0.1', '1::ffff:10.0.0.1'],
    ['', undefined],
    [undefined, undefined],
    ['a.example', undefined],
  ])('%s is %s', (address, ip) => {
    expect(plainIp(address)).toBe(ip);
  });

  it('does not let the lists be passed in another spelling', () => {
    const here = gate('tcp -h :: -p 1', { deny: '10.1.*.*;192.0.2.0/24' });
    for (const address of ['::ffff:10.1.2.3', '::ffff:a01:203', '::ffff:192.0.2.7', '::ffff:c000:207']) {
      expect(here.enter(address)).toBe('denied');
    }
  });
});

describe('maxconnsperip', () => {
  it.each([
    ['10.0.0.1', 64, '10.0.0.1'],
    ['2001:db8:1:2:3:4:5:6', 64, '2001:db8:1:2:0:0:0:0/64'],
    ['2001:db8:1:2::1', 64, '2001:db8:1:2:0:0:0:0/64'],
    ['2001:db8:1:2ff::1', 56, '2001:db8:1:200:0:0:0:0/56'],
    ['2001:db8::1', 128, '2001:db8::1'],
    ['fe80::1%eth0', 64, 'fe80:0:0:0:0:0:0:0/64'],
    ['ffff::', 1, '8000:0:0:0:0:0:0:0/1'],
    ['::1', 127, '0:0:0:0:0:0:0:0/127'],
    ['1:2:3:4:5:6:1.2.3.4', 112, '1:2:3:4:5:6:102:0/112'],
  ])('counts %s with %d bits as %s', (ip, bits, group) => {
    expect(addressGroup(ip, bits)).toBe(group);
  });

  it('counts the addresses of one IPv6 network as one, and those of another apart', () => {
    const here = gate('tcp -h :: -p 1', { maxConnsPerIp: 2 });
    expect(isIn(here.enter('2001:db8:0:1::1'))).toBe(true);
    expect(isIn(here.enter('2001:db8:0:1::2'))).toBe(true);
    expect(here.enter('2001:db8:0:1:ffff::3')).toBe('maxconnsperip');
    expect(isIn(here.enter('2001:db8:0:2::1'))).toBe(true);
    expect(isIn(here.enter('10.0.0.1'))).toBe(true);
    expect(isIn(here.enter('10.0.0.2'))).toBe(true);
  });

  it('counts each IPv6 address by itself with ipv6prefix = 128', () => {
    const here = gate('tcp -h :: -p 1', { maxConnsPerIp: 1, ipv6PrefixBits: 128 });
    expect(isIn(here.enter('2001:db8::1'))).toBe(true);
    expect(isIn(here.enter('2001:db8::2'))).toBe(true);
    expect(here.enter('2001:db8::1')).toBe('maxconnsperip');
  });

  it('gives a place back once, however often it is told', () => {
    const here = gate('tcp -h :: -p 1', { maxConnsPerIp: 2 });
    const first = here.enter('10.0.0.1');
    expect(isIn(here.enter('::ffff:10.0.0.1'))).toBe(true);
    expect(here.enter('10.0.0.1')).toBe('maxconnsperip');
    if (typeof first === 'object') for (let i = 0; i < 3; i++) first.leave();
    expect(isIn(here.enter('10.0.0.1'))).toBe(true);
    expect(here.enter('10.0.0.1')).toBe('maxconnsperip');
  });
});
