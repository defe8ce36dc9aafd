import type { DecodeLimits, Endpoint } from '@tarsier/protocol';
import type { ConnectionLimits } from '../connection/connection-limits.js';
import type { ServerTlsConfig } from '../transport/server-tls-config.js';
import type { WebSocketConfig } from '../transport/web-socket-config.js';
import type { AccessOrder } from './access-list.js';

/** One adapter section of the configuration, checked and with defaults filled in. */
export interface AdapterConfig extends ConnectionLimits {
  /** Name of the section. */
  readonly name: string;
  /** Full name of the servant, as `App.Server.Obj`. */
  readonly servant: string;
  readonly endpoint: Endpoint;
  readonly allow: string;
  readonly deny: string;
  readonly order: AccessOrder;
  /** Connections at a time; 0: no limit. */
  readonly maxConns: number;
  /** Connections of one address at a time, from accept to close; 0: no limit. */
  readonly maxConnsPerIp: number;
  /** So many leading bits of an IPv6 address count as one address in `maxConnsPerIp`; 1 to 128. */
  readonly ipv6PrefixBits: number;
  /** Requests accepted and not finished; 0: no limit. */
  readonly queueCap: number;
  /** Packets of one datagram that are served; Infinity: no limit. */
  readonly maxDatagramPackets: number;
  /** Longest wait of a request before its handler runs, in ms; 0: no limit. */
  readonly queueTimeoutMs: number;
  /** What decoding one TARS request may cost. */
  readonly decodeLimits: DecodeLimits;
  /** The versions of TARS requests that are taken: some of 1, 2, 3 and 5; undefined for all. */
  readonly tarsVersions: ReadonlySet<number> | undefined;
  /** Time for the handshake of TLS or WebSocket, in ms. */
  readonly handshakeTimeoutMs: number;
  /** Whether TARS callers get the text of every exception, as in TarsCpp. */
  readonly sendsExceptionTexts: boolean;
  /** Absent unless the endpoint is `ssl` or `wss`. */
  readonly tls?: ServerTlsConfig;
  /** Absent unless the endpoint is `ws` or `wss`. */
  readonly webSocket?: WebSocketConfig;
  /** As configured: `tars`, or any other word for a protocol of the servant's own; absent where nothing was said. */
  readonly protocol: string | undefined;
}

/** How many requests an adapter takes before it refuses: 4/5 of `queuecap`; Infinity: no limit. */
export function admittedOf(queueCap: number): number {
  return queueCap > 0 ? Math.max(1, Math.floor((queueCap * 4) / 5)) : Number.POSITIVE_INFINITY;
}
