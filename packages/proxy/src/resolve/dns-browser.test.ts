import type { TarsException } from '@tarsier/protocol';
import { expect, it, vi } from 'vitest';
import { Communicator } from '../communicator.js';
import { TestDns } from './dns.testkit.js';
import { DnsResolver } from './dns-resolver.js';

vi.mock('#default-transports', () => import('../transport/default-transports.web.js'));

const OBJECT = 'T.S.Obj@wss -h push.example.com -p 443 -d dns';

it('a browser refuses names that a program would have to look up, at once, and says what to write', () => {
  let caught: TarsException | undefined;
  try {
    new Communicator().stringToProxy(OBJECT);
  } catch (error) {
    caught = error as TarsException;
  }
  expect([caught?.code, caught?.where]).toEqual(['TARSIER_NO_ENDPOINT', { object: 'T.S.Obj' }]);
  expect(caught?.message).toMatch(/^T\.S\.Obj: this browser cannot look names up; leave out -d, or give a DnsResolver/);
});

it('a browser takes a resolver that the program brings', () => {
  const resolvers = [new DnsResolver({ lookup: new TestDns() })];
  expect(new Communicator({}, { resolvers }).stringToProxy(OBJECT).endpoints()).toEqual([]);
});
