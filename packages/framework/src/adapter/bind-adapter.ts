import type { Endpoint } from '@tarsier/protocol';
import type { AdapterConfig } from './adapter-config.js';
import type { AdapterCounters } from './adapter-counters.js';

/** Why a connection was not accepted. */
export type RejectReason = 'denied' | 'maxconns' | 'maxconnsperip';

/**
 * One listening endpoint, with its limits and its figures.
 *
 * Source: TC_EpollServer::BindAdapter (util/include/util/tc_epoll_server.h).
 */
export interface BindAdapter {
  readonly config: AdapterConfig;
  /** What has been counted since it began. */
  readonly counters: Readonly<AdapterCounters>;
  /** Name of the section in the configuration. */
  getName(): string;
  /** Full name of the servant, as `App.Server.Obj`. */
  getServantName(): string;
  /** Where it listens; once it does, with the port that the system chose if the configuration left it open. */
  getEndpoint(): Endpoint;
  getMaxConns(): number;
  /** Connections open now. */
  getNowConnection(): number;
  /** Requests accepted and not finished. */
  getRequestsInProgress(): number;
  /** Serves each connection's requests one at a time, as `ordered = y` does. To be called before the port opens. */
  enableQueueMode(): void;
}
