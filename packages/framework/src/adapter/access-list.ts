import { BlockList, isIP, isIPv4 } from 'node:net';
import { isOwnAddress } from './own-address.js';

/** The order in which the two lists are asked. */
export type AccessOrder = 'allow,deny' | 'deny,allow';

/** The pattern for every address of this machine, of loopback and of its interfaces. */
export const THIS_MACHINE = 'thismachine';

const V4_BITS = 32;
const V6_BITS = 128;
const PIECE = /^(?:\*|\d{1,3})$/;
const MAX_PIECE = 255;

function patternError(pattern: string): RangeError {
  return new RangeError(`${JSON.stringify(pattern)} is none of these`);
}

/** The addresses of one list: single ones, networks, and IPv4 addresses in which `*` stands for a piece. */
class Addresses {
  readonly #networks = new BlockList();
  /** Patterns with `*`: each piece is a number, or undefined for any. */
  readonly #patterns: (readonly (string | undefined)[])[] = [];
  #isAll = false;
  #isOwn = false;
  readonly isEmpty: boolean;

  constructor(text: string) {
    const patterns = text.split(/[;,\s]+/).filter((pattern) => pattern !== '');
    this.isEmpty = patterns.length === 0;
    for (const pattern of patterns) this.#add(pattern);
  }

  #add(pattern: string): void {
    // The form in which a socket for both families would show an IPv4 peer.
    const [address = '', prefix, ...more] = pattern.replace(/^::ffff:(?=[\d.]+$)/i, '').split('/');
    if (more.length > 0) throw patternError(pattern);
    if (pattern === '*') this.#isAll = true;
    else if (pattern === THIS_MACHINE) this.#isOwn = true;
    else if (prefix !== undefined) this.#addNetwork(pattern, address, prefix);
    else if (isIP(address) !== 0) this.#networks.addAddress(address, isIPv4(address) ? 'ipv4' : 'ipv6');
    else this.#addPieces(pattern);
  }

  #addNetwork(pattern: string, address: string, prefix: string): void {
    const family = isIP(address);
    const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (family === 0 || bits < 0 || bits > (family === 4 ? V4_BITS : V6_BITS)) throw patternError(pattern);
    this.#networks.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  }

  #addPieces(pattern: string): void {
    const pieces = pattern.split('.');
    if (pieces.length !== 4 || pieces.some((piece) => !PIECE.test(piece) || Number(piece) > MAX_PIECE)) {
      throw patternError(pattern);
    }
    this.#patterns.push(pieces.map((piece) => (piece === '*' ? undefined : String(Number(piece)))));
  }

  /** An address, of IPv4 in dotted form. */
  has(ip: string): boolean {
    const family = isIP(ip);
    if (family === 0) return false;
    if (this.#isAll || (this.#isOwn && isOwnAddress(ip))) return true;
    if (this.#networks.check(ip, family === 4 ? 'ipv4' : 'ipv6')) return true;
    if (family === 6 || this.#patterns.length === 0) return false;
    const pieces = ip.split('.');
    return this.#patterns.some((pattern) => pattern.every((piece, i) => piece === undefined || piece === pieces[i]));
  }
}

/**
 * Which addresses may connect to an adapter.
 *
 * Patterns are separated by `;`, `,` or spaces. Each is an address of IPv4 or IPv6, a network as `10.0.0.0/8` or `fd00::/8`, or an IPv4
 * address in which `*` stands for one piece (`10.1.*.*`); `*` alone is everybody, and `thismachine` every address of this machine. The lists are asked in `order`; the first match decides. No match at all:
 * accepted if and only if the allow list is empty. What is no IP address is never accepted, whatever the lists are: `PeerGate` knows
 * which peers have none.
 *
 * Source: TC_EpollServer::BindAdapter::isIpAllow (TarsCpp), and RFC 4632 for networks.
 */
export class AccessList {
  /**
   * Checks one of the lists.
   *
   * @throws RangeError that quotes a pattern that is none of these.
   */
  static check(list: string): void {
    void new Addresses(list);
  }

  readonly #allow: Addresses;
  readonly #deny: Addresses;
  readonly #order: AccessOrder;
  /** Most adapters let everybody in; they are not to pay for it at each accept. */
  readonly #isOpen: boolean;

  /** @throws RangeError that quotes a pattern that is none of these. */
  constructor(allow: string, deny: string, order: AccessOrder) {
    this.#allow = new Addresses(allow);
    this.#deny = new Addresses(deny);
    this.#order = order;
    this.#isOpen = this.#allow.isEmpty && this.#deny.isEmpty;
  }

  /** Whether an address (IPv4 in dotted form, IPv6 as Node prints it) may connect. */
  isAllowed(ip: string): boolean {
    if (isIP(ip) === 0) return false;
    if (this.#isOpen) return true;
    const isAllowed = this.#allow.has(ip);
    const isDenied = this.#deny.has(ip);
    if (isAllowed && (this.#order === 'allow,deny' || !isDenied)) return true;
    if (isDenied) return false;
    return this.#allow.isEmpty;
  }
}
