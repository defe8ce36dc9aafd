import { channel, type TracingChannel, tracingChannel } from 'node:diagnostics_channel';
import type { ByteVector, TarsException } from '@tarsier/protocol';
import type { BindAdapter, RejectReason } from '../adapter/bind-adapter.js';
import type { HandlerResult } from '../connection/handler-result.js';
import type { Peer } from '../connection/peer.js';
import type { SendDrop } from '../connection/send-drop.js';
import type { SendResult } from '../connection/send-result.js';
import type { Current } from '../current.js';

/** One packet that is served, as the channels `tracing:tarsier.server.request:*` show it: the same object at each of its events. */
export interface RequestMessage {
  readonly current: Current;
  /** What the handler has left there when it ends is sent, unless `current.isResponse()` is false. */
  readonly response: ByteVector;
  /** What the handler gave back. */
  result?: unknown;
  /** What it threw. */
  error?: unknown;
}

/** Channels `tarsier.server.connection` and `tarsier.server.close`. The Current has no request. */
export interface ConnectionMessage {
  readonly current: Current;
  /** Of `close`: what broke it, if something did; `current.getCloseType()` says why it ended. */
  readonly error?: TarsException;
}

/** Channel `tarsier.server.reject`: a connection was refused at once. */
export interface RejectMessage {
  readonly adapter: BindAdapter;
  readonly ip: string;
  readonly reason: RejectReason;
}

/** Channel `tarsier.server.send`: a packet was given to a connection. */
export interface SendMessage {
  readonly adapter: BindAdapter;
  /** Number of the connection. */
  readonly uid: number;
  /** Length of the packet in bytes. */
  readonly bytes: number;
  readonly result: SendResult;
}

/** Channel `tarsier.server.drop`: packets did not go to a peer that does not read, or it was closed for it. */
export interface DropMessage {
  readonly current: Current;
  readonly drop: SendDrop;
}

/** Channel `tarsier.server.overload`: a request was refused because too many are in progress. */
export interface OverloadMessage {
  readonly current: Current;
}

/** A channel whose messages have one type. */
interface MessageChannel<M extends object> {
  readonly hasSubscribers: boolean;
  publish(message: M): void;
}

/** The channels of `node:diagnostics_channel` that servers publish on; see docs/guides/observability.md. */
export const serverChannels: {
  readonly request: TracingChannel<RequestMessage, RequestMessage>;
  readonly connection: MessageChannel<ConnectionMessage>;
  readonly close: MessageChannel<ConnectionMessage>;
  readonly reject: MessageChannel<RejectMessage>;
  readonly send: MessageChannel<SendMessage>;
  readonly drop: MessageChannel<DropMessage>;
  readonly overload: MessageChannel<OverloadMessage>;
} = {
  request: tracingChannel('tarsier.server.request'),
  connection: channel('tarsier.server.connection'),
  close: channel('tarsier.server.close'),
  reject: channel('tarsier.server.reject'),
  send: channel('tarsier.server.send'),
  drop: channel('tarsier.server.drop'),
  overload: channel('tarsier.server.overload'),
};

export function publishSend({ adapter, uid }: Peer, bytes: number, result: SendResult): void {
  serverChannels.send.publish({ adapter, uid, bytes, result });
}

/**
 * Runs a handler between `start` and `end`, in the stores that observers have bound to `start` (`AsyncLocalStorage`); `asyncStart` and
 * `asyncEnd` follow when its promise settles, `error` when it failed.
 */
export function traceRequest(message: RequestMessage, run: () => HandlerResult): HandlerResult {
  const { start, end, error } = serverChannels.request;
  return start.runStores(message, () => {
    try {
      const result = run();
      if (typeof result === 'object') return traceEnd(message, result);
      message.result = result;
      return result;
    } catch (fault) {
      message.error = fault;
      error.publish(message);
      throw fault;
    } finally {
      end.publish(message);
    }
  });
}

async function traceEnd(message: RequestMessage, promise: Promise<unknown>): Promise<void> {
  const { asyncStart, asyncEnd, error } = serverChannels.request;
  try {
    message.result = await promise;
    asyncStart.publish(message);
  } catch (fault) {
    message.error = fault;
    error.publish(message);
    asyncStart.publish(message);
    throw fault;
  } finally {
    asyncEnd.publish(message);
  }
}
