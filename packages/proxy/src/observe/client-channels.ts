import type { RequestPacket, ResponsePacket, TarsException } from '@tarsier/protocol';

/** Where messages for observers go; a `Channel` of `node:diagnostics_channel` is one. */
export interface Publisher {
  /** Whether anybody listens; messages are only made then. */
  readonly hasSubscribers: boolean;
  publish(message: object): void;
}

/**
 * One call, as the channels `tracing:tarsier.client.call:*` show it: the same object at each of its events, so that observers may keep
 * something of theirs in it.
 */
export interface CallMessage {
  /** Object name, as `App.Server.Obj`. */
  readonly object: string;
  readonly request: RequestPacket;
  /** Nobody waits for an answer. */
  readonly isOneWay: boolean;
  /** The node that answered, or that failed it; empty until then. */
  endpoint: string;
  /** Set before `asyncStart` and `asyncEnd` when it was answered. */
  response?: ResponsePacket;
  /** Set before `error` when it failed. */
  error?: TarsException;
}

/** A connection of a proxy: channels `tarsier.client.connect` and `tarsier.client.close`. */
export interface ClientConnectionMessage {
  readonly object: string;
  readonly endpoint: string;
  /** Why it ended, unless one of the two sides closed it on purpose. */
  readonly error?: TarsException;
}

/** A packet that belonged to no call: channels `tarsier.client.push` and `tarsier.client.drop`. */
export interface ClientPacketMessage {
  readonly object: string;
  readonly endpoint: string;
  /** Absent for a datagram that could not be decoded. */
  readonly response?: ResponsePacket;
  /** Of `drop`: why nobody got it. */
  readonly reason?: string;
}

/** The channels of clients; see docs/guides/observability.md. */
export interface ClientChannels {
  /** `start`: it begins. `end`: it was handed over. `asyncStart`, `asyncEnd`: before and after its result is told. `error`: it failed. */
  readonly call: Readonly<Record<'start' | 'end' | 'asyncStart' | 'asyncEnd' | 'error', Publisher>>;
  readonly connect: Publisher;
  readonly close: Publisher;
  readonly push: Publisher;
  readonly drop: Publisher;
}
