import type { Endpoint } from '@tarsier/protocol';
import type { ConnectionLimits } from '../connection/connection-limits.js';
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
  /** Requests accepted and not finished; 0: no limit. */
  readonly queueCap: number;
  /** Longest wait of a request before its handler runs, in ms; 0: no limit. */
  readonly queueTimeoutMs: number;
  /** As configured: `tars`, or any other word for a protocol of the servant's own; absent where nothing was said. */
  readonly protocol: string | undefined;
}
