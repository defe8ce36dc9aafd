import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AccessList, type AccessOrder } from './access-list.js';

describe('AccessList', () => {
  const cases: [string, string, AccessOrder, string, boolean][] = [
    ['', '', 'allow,deny', '1.2.3.4', true],
    ['1.2.3.4', '', 'allow,deny', '1.2.3.4', true],
    ['1.2.3.4', '', 'allow,deny', '1.2.3.5', false],
    ['1.2.3.4;5.6.7.8', '', 'allow,deny', '5.6.7.8', true],
    ['1.2.3.4 , 5.6.7.8', '', 'allow,deny', '5.6.7.8', true],
    ['10.*.*.*', '', 'allow,deny', '10.20.30.40', true],
    ['10.*.*.*', '', 'allow,deny', '11.20.30.40', false],
    ['*.*.*.*', '', 'allow,deny', '11.20.30.40', true],
    ['*', '', 'allow,deny', '11.20.30.40', true],
    ['*', '', 'allow,deny', 'fd00::1', true],
    ['10.0.0.0/8', '', 'allow,deny', '10.255.0.1', true],
    ['10.0.0.0/8', '', 'allow,deny', '11.0.0.1', false],
    ['0.0.0.0/0', '', 'allow,deny', '11.0.0.1', true],
    ['10.0.0.7/32', '', 'allow,deny', '10.0.0.6', false],
    ['fd00::/8', '', 'allow,deny', 'fd12::1', true],
    ['fd00::/8', '', 'allow,deny', 'fe00::1', false],
    ['fd00::/8', '', 'allow,deny', '10.0.0.1', false],
    ['0:0:0:0:0:0:0:1', '', 'allow,deny', '::1', true],
    ['::ffff:10.0.0.1', '', 'allow,deny', '10.0.0.1', true],
    ['10.1.*.7;10.0.0.0/24 10.9.9.9', '', 'allow,deny', '10.1.200.7', true],
    ['10.1.*.7;10.0.0.0/24 10.9.9.9', '', 'allow,deny', '10.0.0.200', true],
    ['10.1.*.7;10.0.0.0/24 10.9.9.9', '', 'allow,deny', '10.9.9.9', true],
    ['10.1.*.7;10.0.0.0/24 10.9.9.9', '', 'allow,deny', '10.1.200.8', false],
    ['', '192.168.0.0/16', 'allow,deny', '192.168.4.4', false],
    ['192.168.4.0/24', '192.168.0.0/16', 'allow,deny', '192.168.4.4', true],
    ['192.168.4.0/24', '192.168.0.0/16', 'deny,allow', '192.168.4.4', false],
    ['10.0.0.1', '', 'allow,deny', '', false],
    ['', '10.0.0.1', 'allow,deny', '', false],
    ['', '', 'allow,deny', '', false],
    ['*', '', 'allow,deny', 'undefined', false],
    ['', '10.1.*.*', 'allow,deny', '10.1.2.3', false],
    ['', '10.1.*.*', 'allow,deny', '10.2.2.3', true],
    ['10.1.2.3', '10.1.*.*', 'allow,deny', '10.1.2.3', true],
    ['10.1.2.3', '10.1.*.*', 'deny,allow', '10.1.2.3', false],
    ['10.1.2.3', '10.9.*.*', 'deny,allow', '10.1.2.3', true],
    ['::1', '', 'allow,deny', '::1', true],
    ['thismachine', '', 'allow,deny', '127.0.0.1', true],
    ['thismachine', '', 'allow,deny', '127.8.9.1', true],
    ['thismachine', '', 'allow,deny', '::1', true],
    ['thismachine', '', 'allow,deny', '192.0.2.1', false],
    ['thismachine', '', 'allow,deny', '2001:db8::1', false],
    ['::1', '', 'allow,deny', '::2', false],
  ];
  it.each(cases)('allow %j deny %j %s: %s → %s', (allow, deny, order, ip, isAllowed) => {
    expect(new AccessList(allow, deny, order).isAllowed(ip)).toBe(isAllowed);
  });

  it.each([
    '10.*',
    '10.0.0.0/33',
    'fd00::/129',
    '10.0.0.0/8/8',
    '10.0.0',
    'example.com',
    '300.*.*.*',
    '10.0.0.0/x',
    '/8',
  ])('refuses %j, and quotes it', (pattern) => {
    expect(() => new AccessList(`10.1.1.1;${pattern}`, '', 'allow,deny')).toThrow(JSON.stringify(pattern));
    expect(() => new AccessList('', pattern, 'allow,deny')).toThrow(RangeError);
  });

  it('agrees with a comparison bit by bit', () => {
    const v4 = fc.tuple(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }));
    const v6 = fc.tuple(fc.ipV6(), fc.ipV6(), fc.integer({ min: 0, max: 128 }));
    fc.assert(
      fc.property(fc.oneof(v4, v6), ([network, ip, prefix]) => {
        const expected = bitsOf(network).slice(0, prefix) === bitsOf(ip).slice(0, prefix);
        expect(new AccessList(`${network}/${prefix}`, '', 'allow,deny').isAllowed(ip)).toBe(expected);
        expect(new AccessList('', `${network}/${prefix}`, 'allow,deny').isAllowed(ip)).toBe(!expected);
      }),
      { numRuns: 500 },
    );
  });
});

/** The bits of an address as text. */
function bitsOf(ip: string): string {
  const binary = (n: number, width: number): string => n.toString(2).padStart(width, '0');
  const dotted = (text: string): string =>
    text
      .split('.')
      .map((piece) => binary(Number(piece), 8))
      .join('');
  if (!ip.includes(':')) return dotted(ip);
  const groups = (text: string): string[] =>
    text
      .split(':')
      .filter((group) => group !== '')
      .map((group) => (group.includes('.') ? dotted(group) : binary(Number.parseInt(group, 16), 16)));
  const [head = '', tail] = ip.split('::');
  const before = groups(head).join('');
  if (tail === undefined) return before;
  const after = groups(tail).join('');
  return before + '0'.repeat(128 - before.length - after.length) + after;
}
