import { isIP } from 'node:net';

const GROUPS = 8;
const GROUP_BITS = 16;
const V6_BITS = 128;
const MAPPED = 0xffff;

/**
 * The address of a peer as the rest of the server writes it: of IPv4 in dotted form, of IPv6 as Node prints it. A socket that listens
 * on both families shows an IPv4 peer as `::ffff:10.0.0.1`.
 *
 * @returns undefined for everything that is no IP address: nothing is known of such a peer. Node gives no address for a peer that
 * has reset its connection before it was accepted.
 */
export function plainIp(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const family = isIP(address);
  if (family !== 6) return family === 4 ? address : undefined;
  return mappedIp(address) ?? address;
}

function mappedIp(address: string): string | undefined {
  if (!/^[0:]*:ffff:/i.test(address)) return undefined;
  const groups = groupsOf(address);
  if (groups.slice(0, 5).some((group) => group !== 0) || groups[5] !== MAPPED) return undefined;
  return groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 0xff])
    .join('.');
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): number[] {
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::', 2);
  const before = numbersOf(head);
  if (tail === undefined) return before;
  const after = numbersOf(tail);
  return [...before, ...new Array<number>(GROUPS - before.length - after.length).fill(0), ...after];
}

function numbersOf(text: string): number[] {
  if (text === '') return [];
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
    return [(a << 8) | b, (c << 8) | d];
  });
}

/**
 * What counts as one address in `maxconnsperip`: an IPv4 address, or all IPv6 addresses that begin with the same bits. A subscriber is
 * given at least a /64 (RFC 6177), in which it may use any address.
 *
 * @param ip as {@link plainIp} gives it.
 * @param prefixBits 1 to 128.
 */
export function addressGroup(ip: string, prefixBits: number): string {
  if (prefixBits >= V6_BITS || !ip.includes(':')) return ip;
  const groups = groupsOf(ip).map((group, i) => {
    const bits = Math.min(GROUP_BITS, Math.max(0, prefixBits - i * GROUP_BITS));
    return (group & (MAPPED << (GROUP_BITS - bits)) & MAPPED).toString(16);
  });
  return `${groups.join(':')}/${prefixBits}`;
}
