import { lowerAscii } from '@tarsier/protocol/internal';

const MAPPED = '::ffff:';

/** What counts as one owner of addresses: an IPv4 address, the first 64 bits of an IPv6 address; any other text is itself. */
export function networkOf(address: string): string {
  const lower = lowerAscii(address);
  if (lower.startsWith(MAPPED) && lower.includes('.')) return lower.slice(MAPPED.length);
  if (!lower.includes(':')) return address;
  const [head = '', tail] = (lower.split('%')[0] ?? '').split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - first.length - last.length);
  const groups = [...first, ...Array.from({ length: zeros }, () => '0'), ...last];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}
