import { networkInterfaces } from 'node:os';

/**
 * Whether an address belongs to this machine: a loopback address, or that of one of its interfaces now. A program that connects to an
 * address of its own machine comes from that same address.
 */
export function isOwnAddress(ip: string): boolean {
  if (ip.startsWith('127.') || ip === '::1') return true;
  // A link-local address has the name of its interface behind it.
  const bare = ip.split('%', 1)[0];
  return Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === bare));
}
