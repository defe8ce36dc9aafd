import type { ResponsePacket, TarsException } from '@tarsier/protocol';
import type { PendingCall } from '../call/pending-call.js';
import type { PendingCalls } from '../call/pending-calls.js';
import type { ClientRuntime } from '../client-runtime.js';
import type { ClientSettings } from '../communicator-properties.js';
import type { ProxyNotifier } from '../observe/proxy-notifier.js';
import type { ConnectOptions } from '../transport/connect-options.js';
import type { LinkClocks } from './link-watch.js';

/** What the connections of one proxy have in common. */
export interface ConnectionContext {
  readonly objectName: string;
  readonly runtime: ClientRuntime;
  readonly settings: ClientSettings;
  /** Tells the program what belongs to no call. */
  readonly notifier: ProxyNotifier;
  readonly calls: PendingCalls;
  readonly connectOptions: ConnectOptions;
  /** The clocks that watch its connections now. */
  readonly linkClocks: LinkClocks;
  /** Whether the server may send something at any time. */
  readonly expectsPushes: boolean;
  /** Ends a call with an exception. */
  fail(call: PendingCall, error: TarsException): void;
  /** Ends calls because this side was closed: the proxy, unless another reason is given. */
  failAll(calls: Iterable<PendingCall>, reason?: string): void;
  /** Hands an answer to its call, which was taken out of `calls`. */
  answered(call: PendingCall, response: ResponsePacket, endpoint: string): void;
  /** Whether a call is made again because of this answer; it is at another place then. */
  retriesResult(call: PendingCall, response: ResponsePacket): boolean;
  /** A one-way call was handed to the network and is taken out of `calls`. */
  sentOneWay(call: PendingCall): void;
}
