import type { ByteVector, PacketParser, TarsException, TimeSource } from '@tarsier/protocol';
import type { BlockPool, FlushList, TimerWheel } from '@tarsier/protocol/internal';
import type { BindAdapter } from '../adapter/bind-adapter.js';
import type { Current } from '../current.js';
import type { ConnectionLimits } from './connection-limits.js';
import type { HandlerResult } from './handler-result.js';
import type { Peer } from './peer.js';

/** What connections share: one clock, one list of flushes, one pool of send blocks. */
export interface ConnectionServices {
  readonly flushList: FlushList;
  readonly pool: BlockPool;
  readonly wheel: TimerWheel;
  readonly time: TimeSource;
}

/** What a connection needs of the adapter that accepted it. */
export interface ConnectionHost extends BindAdapter {
  readonly services: ConnectionServices;
  readonly limits: ConnectionLimits;
  readonly parser: PacketParser;
  /**
   * Takes one more request in.
   *
   * @returns false when it is refused (too many are in progress); the refusal has been seen to.
   */
  admit(current: Current): boolean;
  /** Runs the handler. Counts, and lets its exceptions through. */
  handle(current: Current, response: ByteVector): HandlerResult;
  /** An admitted request is over. */
  release(): void;
  /** An admitted request waited longer than `queuetimeout`; it will not be handled. */
  isTooLate(waitedMs: number): boolean;
  /** A handler threw or rejected. */
  onHandlerError(connection: Peer, error: unknown): void;
  /** The peer sent what the protocol does not allow, or too much. `head` is the begin of what is buffered. */
  onProtocolError(connection: Peer, error: TarsException, head: Uint8Array): void;
  /** A packet was refused because the send queue is full. */
  onSendRefused(connection: Peer): void;
  /** The connection is gone; called once. */
  onClosed(connection: Peer): void;
}
