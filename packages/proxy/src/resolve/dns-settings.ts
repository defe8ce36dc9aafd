/** What the properties of a communicator say of the DNS. */
export interface DnsSettings {
  /** Addresses of servers; empty for the resolver of the system. Property `dns-servers`. */
  readonly servers: string;
  /** `4`, `6`, or empty or `0` for both. Property `dns-family`. */
  readonly family: string;
  /** Property `dns-refresh-interval`. */
  readonly refreshMs: number;
}
