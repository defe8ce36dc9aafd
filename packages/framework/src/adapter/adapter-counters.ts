/** What an adapter has counted since it began. */
export interface AdapterCounters {
  /** Connections accepted. */
  accepted: number;
  /** Connections that ended. */
  closed: number;
  /** Connections refused by `allow` and `deny`. */
  denied: number;
  /** Connections refused because of `maxconns`. */
  overMaxConns: number;
  /** Handshakes of TLS or WebSocket that failed. */
  handshakesFailed: number;
  /** Packets given to the servant. */
  requests: number;
  /** Requests refused, by `onOverload`, because 4/5 of `queuecap` were in progress. */
  overloaded: number;
  /** Requests that waited longer than `queuetimeout`. */
  queueTimeouts: number;
  /** Handlers that threw or rejected. */
  handlerErrors: number;
  /** Connections closed because of what the peer sent. */
  protocolErrors: number;
  /** Packets not sent because the peer's send queue was full. */
  sendRefused: number;
}

/** Counters at zero. */
export function newAdapterCounters(): AdapterCounters {
  return {
    accepted: 0,
    closed: 0,
    denied: 0,
    overMaxConns: 0,
    handshakesFailed: 0,
    requests: 0,
    overloaded: 0,
    queueTimeouts: 0,
    handlerErrors: 0,
    protocolErrors: 0,
    sendRefused: 0,
  };
}
