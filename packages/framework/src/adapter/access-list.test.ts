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
    ['*', '', 'allow,deny', '11.20.30.40', false],
    ['10.*', '', 'allow,deny', '10.20.30.40', false],
    ['', '10.1.*.*', 'allow,deny', '10.1.2.3', false],
    ['', '10.1.*.*', 'allow,deny', '10.2.2.3', true],
    ['10.1.2.3', '10.1.*.*', 'allow,deny', '10.1.2.3', true],
    ['10.1.2.3', '10.1.*.*', 'deny,allow', '10.1.2.3', false],
    ['10.1.2.3', '10.9.*.*', 'deny,allow', '10.1.2.3', true],
    ['::1', '', 'allow,deny', '::1', true],
    ['::1', '', 'allow,deny', '::2', false],
  ];
  it.each(cases)('allow %j deny %j %s: %s → %s', (allow, deny, order, ip, isAllowed) => {
    expect(new AccessList(allow, deny, order).isAllowed(ip)).toBe(isAllowed);
  });
});
