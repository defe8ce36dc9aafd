import type { TarsException } from '@tarsier/protocol';
import type { BindAdapter, RejectReason } from './adapter/bind-adapter.js';
import type { SendDrop } from './connection/send-drop.js';
import type { Current } from './current.js';
import type { WorkerExit } from './workers/worker-process.js';

/** Where in an application an error came up. */
export interface ErrorPlace {
  adapter: BindAdapter;
  /** Number of the connection. */
  uid: number;
}

/** The events of an application and what their listeners are given. */
export interface ApplicationEvents {
  /** An adapter accepts connections. */
  listening: [adapter: BindAdapter];
  /** A connection was accepted; the Current has no request and can be pushed to. */
  connection: [current: Current];
  /** A connection has ended, before its `doClose`; `current.getCloseType()` says why. */
  close: [current: Current, error: TarsException | undefined];
  /** A connection was refused at once. */
  reject: [adapter: BindAdapter, ip: string, reason: RejectReason];
  /** A request was refused because too many are in progress. */
  overload: [adapter: BindAdapter];
  /** Packets did not go to a peer that does not read, or it was closed for it. The Current has no request. */
  drop: [current: Current, drop: SendDrop];
  /** A handler failed or a peer broke the protocol. It has been logged and counted; nothing has to be done. */
  error: [error: unknown, place: ErrorPlace];
  /** A worker died untold; it is being replaced. Only in the process that watches over the workers. */
  workerexit: [exit: WorkerExit];
  /** The end has begun: a signal's name, or `terminate`. */
  shutdown: [reason: string];
}
