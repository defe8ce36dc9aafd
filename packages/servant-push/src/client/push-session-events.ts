import type { ByteVector, ReqMessage } from '@tarsier/protocol';

/** One push, as the session hands it out. */
export interface SessionPush {
  /** Its number; 0 for pushes that are not kept (`latest`, `volatile`), or not yet, in an outage of the hub's engine. */
  readonly sequence: number;
  readonly topic: string;
  /** Valid for as long as it is kept. */
  readonly payload: ByteVector;
}

/** What a `PushSession` tells. An exception of a listener is reported by `error` and does no other harm. */
export interface PushSessionEvents {
  push: [push: SessionPush];
  /** Pushes with numbers between these were meant for this session and cannot be given any more. */
  gap: [gap: { readonly from: number; readonly to: number }];
  /** The session was unknown to the server, or away too long: a new one begins, and what came in between is lost. */
  sessionExpired: [];
  /** There is a session, a new one or after a loss the same one. */
  open: [info: { readonly isResumed: boolean }];
  /** The connection ended; the session goes on as soon as there is another. */
  lost: [error: Error | undefined];
  /** Something else came from the server of its own accord. */
  message: [message: ReqMessage];
  /** A listener threw, or the server refused what it had allowed before. */
  error: [error: unknown];
}
