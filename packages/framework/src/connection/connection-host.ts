import type { ByteVector, PacketParser, TarsException, TimeSource } from '@tarsier/protocol';
import type { BlockPool, FlushList, TimerWheel } from '@tarsier/protocol/internal';
import type { BindAdapter } from '../adapter/bind-adapter.js';
import type { Current } from '../current.js';
import type { Dispatcher } from '../dispatch/dispatcher.js';
import type { ConnectionLimits } from './connection-limits.js';
import type { HandlerResult } from './handler-result.js';
import type { Peer } from './peer.js';
import type { PeerTimes } from './peer-clock.js';
import type { SendDrop } from './send-drop.js';
import type { SendLedger } from './send-ledger.js';

/** What connections share: one clock, one list of flushes, one pool of send blocks. */
export interface ConnectionServices {
  readonly flushList: FlushList;
  readonly pool: BlockPool;
  readonly wheel: TimerWheel;
  readonly time: TimeSource;
  readonly ledger: SendLedger;
}

/** What a connection needs of the adapter that accepted it. */
export interface ConnectionHost extends BindAdapter {
  readonly services: ConnectionServices;
  readonly limits: ConnectionLimits;
  readonly parser: PacketParser;
  readonly dispatcher: Dispatcher;
  /**
   * Whether the peer finds the request of an answer by its place alone: where one cannot be given, the connection has to end, or the next
   * answer would be taken for it.
   */
  readonly answersByOrder: boolean;
  /** Takes one more request in; false when it is to be refused, because too many are in progress. */
  admitRequest(): boolean;
  /** Tells the peer that a request was not admitted, if the servant has words for it, and whoever watches. */
  refuseRequest(current: Current): void;
  /** Runs the handler. Counts, and lets its exceptions through. */
  handle(current: Current, response: ByteVector): HandlerResult;
  /** An admitted request is over. */
  release(): void;
  /** Whether an admitted request has waited longer than `queuetimeout`, or than its caller waits: it is answered, and will not be handled. */
  isTooLate(current: Current, waitedMs: number): boolean;
  /** A handler threw or rejected. @returns what the peer may be told of it. */
  onHandlerError(connection: Peer, error: unknown): string;
  /** The peer sent what the protocol does not allow, or too much. `head` is the begin of what is buffered. */
  onProtocolError(connection: Peer, error: TarsException, head: Uint8Array): void;
  /** Packets do not go to a peer that is behind. */
  onSendDrop(connection: Peer, drop: SendDrop): void;
  /** A peer sends more packets than it may; it is not read from for a while. */
  onRateLimited(connection: Peer): void;
  /** A packet did not complete in time; the connection is being closed. */
  onPacketTimeout(connection: Peer, bufferedBytes: number): void;
  /** Whether a peer has said nothing for too long, or has sent no packet at all: counts it, for its connection is closed then. */
  isSilent(peer: PeerTimes, nowMs: number): boolean;
  /** So many requests of a peer are in progress that it is not read from for a while. */
  onRequestsHeld(connection: Peer): void;
  /** Something threw where nothing may, in a transport or in the framework itself. It has cost this peer its connection, or an answer. */
  onFault(peer: Peer, error: unknown): void;
  /** The connection is gone; called once. */
  onClosed(connection: Peer): void;
}
