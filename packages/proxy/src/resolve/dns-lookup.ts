/** An address of a host. */
export interface DnsAddress {
  /** IPv4 or IPv6, without brackets. */
  readonly address: string;
  /** How long it may be kept; absent where that is not known. */
  readonly ttlMs?: number;
}

/** One SRV record. Source: RFC 2782. */
export interface DnsService {
  readonly host: string;
  readonly port: number;
  /** The lowest is called; the others stand by. */
  readonly priority: number;
  /** Share of the calls among those of the same priority. */
  readonly weight: number;
}

/**
 * Asks the DNS, or what stands for it. That there is no record may be told by an empty array or by a rejection.
 *
 * The signal says that nobody waits for the answer any more.
 */
export interface DnsLookup {
  /** The addresses of a host: A and AAAA records. */
  addresses(host: string, signal: AbortSignal): Promise<readonly DnsAddress[]>;
  /** The SRV records of a name, as `_push._tcp.example.com`. */
  services(name: string, signal: AbortSignal): Promise<readonly DnsService[]>;
}
