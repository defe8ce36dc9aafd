import { isSocketPath } from '../transport/socket-path.js';
import { AccessList } from './access-list.js';
import type { AdapterConfig } from './adapter-config.js';
import type { Admission } from './admission.js';
import type { RejectReason } from './bind-adapter.js';
import { addressGroup, plainIp } from './peer-address.js';

/**
 * Who may connect to an adapter, and how many of one address (`allow`, `deny`, `order`, `maxconnsperip`).
 *
 * The endpoint says what a peer without an address is: on a Unix socket a peer whose rights the file has decided about, everywhere else
 * a peer of which nothing is known, and which is refused. Nothing that a peer does makes it a Unix peer.
 */
export class PeerGate {
  readonly #access: AccessList;
  readonly #isUnix: boolean;
  readonly #maxPerIp: number;
  readonly #prefixBits: number;
  /** How many places each address has; empty unless `maxconnsperip` is set. */
  readonly #perIp = new Map<string, number>();

  constructor({ allow, deny, order, endpoint, maxConnsPerIp, ipv6PrefixBits }: AdapterConfig) {
    this.#access = new AccessList(allow, deny, order);
    this.#isUnix = isSocketPath(endpoint);
    this.#maxPerIp = maxConnsPerIp;
    this.#prefixBits = ipv6PrefixBits;
  }

  /** Whether the sender of a datagram, or the peer of a connection, is let in by the lists. */
  isAllowed(address: string | undefined): boolean {
    const ip = plainIp(address);
    return ip === undefined ? this.#isUnix : this.#access.isAllowed(ip);
  }

  /** Takes a place for a peer; says why not, when there is none for it. */
  enter(address: string | undefined): Admission | RejectReason {
    if (!this.isAllowed(address)) return 'denied';
    const ip = plainIp(address);
    if (ip === undefined || this.#maxPerIp === 0) return { ip: ip ?? '', leave: nothing };
    const group = addressGroup(ip, this.#prefixBits);
    const count = this.#perIp.get(group) ?? 0;
    if (count >= this.#maxPerIp) return 'maxconnsperip';
    this.#perIp.set(group, count + 1);
    return new CountedPlace(ip, group, this.#perIp);
  }
}

function nothing(): void {}

/** A place that counts for an address. */
class CountedPlace implements Admission {
  readonly ip: string;
  readonly #group: string;
  readonly #perIp: Map<string, number>;
  #isOver = false;

  constructor(ip: string, group: string, perIp: Map<string, number>) {
    this.ip = ip;
    this.#group = group;
    this.#perIp = perIp;
  }

  leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const count = this.#perIp.get(this.#group) ?? 0;
    if (count > 1) this.#perIp.set(this.#group, count - 1);
    else this.#perIp.delete(this.#group);
  }
}
