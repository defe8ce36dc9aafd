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
  /** Connections refused because of `maxconnsperip`. */
  overMaxConnsPerIp: number;
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
  /**
   * What a transport, or Tarsier itself, has thrown where nothing may be thrown: not what handlers throw. Each has cost one peer its
   * connection, or a datagram its answer. Please report those that are not of a transport of your own.
   */
  faults: number;
  /** Connections closed because of what the peer sent. */
  protocolErrors: number;
  /** Datagrams, or rests of them, that form no packet. */
  datagramsDropped: number;
  /** Datagrams that could not be sent: too large, no room, or the network refused them. */
  datagramsUnsent: number;
  /** Packets refused because too much waited for their peer. */
  sendRefused: number;
  /** Packets given up after they were taken, with `sendpolicy = drop-oldest`. */
  sendDropped: number;
  /** Connections closed because their peer did not read. */
  sendClosed: number;
  /** How often a peer was not read from for a while because of `maxpacketrate`. */
  rateLimited: number;
  /** How often a peer was not read from for a while because of `queuecapperconn`. */
  requestsHeld: number;
  /** Connections closed because of `packettimeout`. */
  packetTimeouts: number;
  /** Connections closed because nothing came for the idle time, `-t` of the endpoint. */
  idleTimeouts: number;
  /** Connections closed because of `emptyconntimeout`. */
  emptyConnTimeouts: number;
}

/** Counters at zero. */
export function newAdapterCounters(): AdapterCounters {
  return {
    accepted: 0,
    closed: 0,
    denied: 0,
    overMaxConns: 0,
    overMaxConnsPerIp: 0,
    handshakesFailed: 0,
    requests: 0,
    overloaded: 0,
    queueTimeouts: 0,
    handlerErrors: 0,
    faults: 0,
    protocolErrors: 0,
    datagramsDropped: 0,
    datagramsUnsent: 0,
    sendRefused: 0,
    sendDropped: 0,
    sendClosed: 0,
    rateLimited: 0,
    requestsHeld: 0,
    packetTimeouts: 0,
    idleTimeouts: 0,
    emptyConnTimeouts: 0,
  };
}
