import type { ByteVector, PacketParser, TarsException } from '@tarsier/protocol';
import type { BlockPool, FlushList, TimerWheel } from '@tarsier/protocol/internal';
import type { Current } from '../current.js';
import type { Connection } from './connection.js';
import type { ConnectionLimits } from './connection-limits.js';

/** What a request handler came to: its result, or nothing when it did not say. */
export type HandlerResult = number | void | Promise<number | void>;

/** What connections share: one clock, one list of flushes, one pool of send blocks. */
export interface ConnectionServices {
  readonly flushList: FlushList;
  readonly pool: BlockPool;
  readonly wheel: TimerWheel;
}

/** What a connection needs of the adapter that accepted it. */
export interface ConnectionHost {
  readonly services: ConnectionServices;
  readonly limits: ConnectionLimits;
  readonly parser: PacketParser;
  /**
   * Takes one more request in.
   *
   * @returns false when it is refused (queue full, overload); the refusal has been seen to.
   */
  admit(current: Current): boolean;
  /** Runs the handler. Counts, and lets its exceptions through. */
  handle(current: Current, response: ByteVector): HandlerResult;
  /** An admitted request is over. */
  release(): void;
  /** An admitted request waited longer than `queuetimeout`; it will not be handled. */
  isTooLate(waitedMs: number): boolean;
  /** A handler threw or rejected. */
  onHandlerError(connection: Connection, error: unknown): void;
  /** The peer sent what the protocol does not allow, or too much. `head` is the begin of what is buffered. */
  onProtocolError(connection: Connection, error: TarsException, head: Uint8Array): void;
  /** A packet was refused because the send queue is full. */
  onSendRefused(connection: Connection): void;
  /** The connection is gone; called once. */
  onClosed(connection: Connection): void;
}
