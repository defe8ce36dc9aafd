/** The order in which the two lists are asked. */
export type AccessOrder = 'allow,deny' | 'deny,allow';

/** A pattern: each piece is a number, or undefined where it was `*`; or the whole text, for anything but IPv4 with `*`. */
type Pattern = string | readonly (string | undefined)[];

function parsePatterns(text: string): Pattern[] {
  return text
    .split(/[;,]/)
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '')
    .map((pattern) => (pattern.includes('*') ? pattern.split('.').map((p) => (p === '*' ? undefined : p)) : pattern));
}

function matches(pattern: Pattern, ip: string): boolean {
  if (typeof pattern === 'string') return pattern === ip;
  const pieces = ip.split('.');
  return (
    pieces.length === pattern.length &&
    pattern.every((piece, i) => (piece === undefined ? pieces[i] !== '' : piece === pieces[i]))
  );
}

/**
 * Which addresses may connect to an adapter.
 *
 * Patterns are separated by `;` or `,`. Each is an address, or an IPv4 address in which `*` stands for one piece
 * (`10.1.*.*`). The lists are asked in `order`; the first match decides. No match at all: accepted if and only if the allow
 * list is empty.
 *
 * Source: TC_EpollServer::BindAdapter::isIpAllow (TarsCpp).
 */
export class AccessList {
  readonly #allow: readonly Pattern[];
  readonly #deny: readonly Pattern[];
  readonly #order: AccessOrder;
  /** Most adapters let everybody in; they are not to pay for it at each accept. */
  readonly #isOpen: boolean;

  constructor(allow: string, deny: string, order: AccessOrder) {
    this.#allow = parsePatterns(allow);
    this.#deny = parsePatterns(deny);
    this.#order = order;
    this.#isOpen = this.#allow.length === 0 && this.#deny.length === 0;
  }

  /** Whether an address (IPv4 in dotted form, IPv6 as Node prints it) may connect. */
  isAllowed(ip: string): boolean {
    if (this.#isOpen) return true;
    const isAllowed = this.#allow.some((pattern) => matches(pattern, ip));
    const isDenied = this.#deny.some((pattern) => matches(pattern, ip));
    if (isAllowed && (this.#order === 'allow,deny' || !isDenied)) return true;
    if (isDenied) return false;
    return this.#allow.length === 0;
  }
}
