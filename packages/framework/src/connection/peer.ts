import type { Bytes, TarsException } from '@tarsier/protocol';
import type { BindAdapter } from '../adapter/bind-adapter.js';
import type { CloseType } from '../close-type.js';
import type { SendResult } from './send-result.js';

/** A connection as those see it who answer and push over it. */
export interface Peer {
  readonly adapter: BindAdapter;
  readonly uid: number;
  readonly ip: string;
  readonly port: number;
  readonly isOpen: boolean;
  /** Bytes that wait to be sent, those in the socket included. */
  readonly pendingBytes: number;
  /** Whether the socket has said that it has enough, and has not drained since. */
  readonly isCongested: boolean;
  /** Since when it is silent, in ms of the application's clock. */
  readonly receivedMs: number;
  /** Whether it is the sender of a datagram, hence anybody: what is sent to it may hit somebody else. */
  readonly isDatagram: boolean;
  /** The socket, or what stands for one. */
  readonly carrier: object | undefined;
  /** Why it ended; meaningful when it has. */
  readonly closeType: CloseType;
  /** What broke it, if something did. */
  readonly error: TarsException | undefined;
  /** Queues bytes. `isAnswer`: to a request that waits for it. */
  send(bytes: Bytes, isAnswer?: boolean): SendResult;
  /** Sends, and hands everything that was sent to the network now. */
  sendNow(bytes: Bytes): SendResult;
  /** Resolves when the peer is not behind any more: true; or when it is gone: false. */
  whenWritable(): Promise<boolean>;
  /** Closes when what was sent has left. */
  close(): void;
  /** Takes no more requests: it will be closed when the one that runs is answered. */
  closeAfterAnswer(): void;
  /** What serves a request of it threw, and the exception goes no further. @returns what the peer may be told of it. */
  handlerFailed(error: unknown): string;
  /** The answer announced by `setResponse(false)` was given. */
  lateAnswerSent(): void;
}
