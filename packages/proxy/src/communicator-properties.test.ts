import { ConfigException } from '@tarsier/protocol';
import { describe, expect, it } from 'vitest';
import { CommunicatorProperties } from './communicator-properties.js';

describe('CommunicatorProperties', () => {
  it('has the defaults of TARS under its names', () => {
    const settings = new CommunicatorProperties().settings();
    expect(settings).toEqual({
      syncTimeoutMs: 3000,
      asyncTimeoutMs: 5000,
      connectTimeoutMs: 1500,
      minTimeoutMs: 10,
      checkIntervalMs: 10,
      maxWaitingCalls: 100_000,
      reconnectMinMs: 1000,
      reconnectMaxMs: 10_000,
      maxReceiveBytes: 16 * 1024 * 1024,
      decodeUnits: 10_000_000,
      decodeMs: 100,
      keepAliveMs: 30_000,
      silenceMs: 0,
      stallMs: 30_000,
      retryRatio: 0.1,
      retriesPerSecond: 10,
      forwardProxy: undefined,
      dns: { servers: '', family: '', refreshMs: 30_000 },
      tls: { verify: true },
    });
  });

  it('returns what was set, else what is given, else the default, else nothing', () => {
    const properties = new CommunicatorProperties();
    properties.set('modulename', 'Test.Client');
    expect(properties.get('modulename')).toBe('Test.Client');
    expect(properties.get('sync-invoke-timeout')).toBe('3000');
    expect(properties.get('sync-invoke-timeout', '7')).toBe('7');
    expect(properties.get('nobody-knows-it')).toBe('');
  });

  it.each(['0', '-1', '1.5', 'abc', '', '99999999999'])('refuses %j as a time and names the property', (value) => {
    const properties = new CommunicatorProperties();
    const set = () => properties.set('sync-invoke-timeout', value);
    expect(set).toThrow(ConfigException);
    expect(set).toThrow(/sync-invoke-timeout.*expected an integer/);
    expect(properties.settings().syncTimeoutMs).toBe(3000);
  });

  it('replaces everything when given an object, and nothing when one of its values is bad', () => {
    const properties = new CommunicatorProperties();
    properties.set({ a: 'x', sendqueuelimit: 7 });
    expect(() => properties.set({ a: 'y', sendqueuelimit: 'many' })).toThrow(/sendqueuelimit/);
    expect(properties.get('a')).toBe('x');
    properties.set({ b: true });
    expect([properties.get('a'), properties.get('b'), properties.settings().maxWaitingCalls]).toEqual([
      '',
      'true',
      100_000,
    ]);
  });

  it('says when bounds of the backoff contradict each other', () => {
    const properties = new CommunicatorProperties();
    properties.set('reconnect-min-interval', 20_000);
    expect(() => properties.settings()).toThrow(/reconnect-min-interval is 20000, above reconnect-max-interval 10000/);
  });

  it('verifies servers unless it is told clearly not to', () => {
    const properties = new CommunicatorProperties();
    expect([properties.get('tls-verify'), properties.settings().tls.verify]).toEqual(['y', true]);
    for (const no of ['n', 'N', '0', 'false', false, 0]) {
      properties.set('tls-verify', no);
      expect(properties.settings().tls.verify, String(no)).toBe(false);
    }
    for (const yes of ['y', '1', 'True', true]) {
      properties.set('tls-verify', yes);
      expect(properties.settings().tls.verify, String(yes)).toBe(true);
    }
    for (const word of ['no', '', 'off', '2']) {
      expect(() => properties.set('tls-verify', word)).toThrow(/property tls-verify: expected y or n/);
    }
  });

  it('hands the properties for TLS on, those of an object before its own', () => {
    const properties = new CommunicatorProperties();
    properties.set({ ca: '/a', cert: '/b', key: '/c', ciphers: 'HIGH', 'tls-servername': 'one.example' });
    const all = { ca: '/a', cert: '/b', key: '/c', ciphers: 'HIGH', servername: 'one.example', verify: true };
    expect(properties.settings().tls).toEqual(all);
    const own = new Map([
      ['ca', '/own'],
      ['tls-verify', 'n'],
    ]);
    expect(properties.settings(own).tls).toEqual({ ...all, ca: '/own', verify: false });
  });
});
