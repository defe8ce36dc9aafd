import type { Bytes, ByteVector, ProxyProtocol, ResponsePacket } from '@tarsier/protocol';
import type { SessionRefusal } from '../session/session-refusal.js';

/** What a client asks of its session, as bytes; see `SessionRequest` for what each means. */
export interface SessionCalls {
  /**
   * @param hasEarly some pushes came under an id only, and are still to come with a number.
   * @param credentials for `PushServant.identify`; 65535 bytes at most.
   */
  open(hasEarly: boolean, credentials?: Uint8Array): SessionCall;
  /** @param subscriptions how many subscriptions of the session the server has confirmed. */
  resume(
    session: string,
    epoch: string,
    sequence: number,
    subscriptions: number,
    hasEarly: boolean,
    credentials?: Uint8Array,
  ): SessionCall;
  /** Gets no answer. */
  ack(sequence: number): SessionCall;
  subscribe(group: string): SessionCall;
  unsubscribe(group: string): SessionCall;
}

/** One call of the session: name and body, as `rpcCall` takes them. */
export interface SessionCall {
  readonly func: string;
  readonly body: Bytes;
}

/** What a packet of the server means for the session. */
export type SessionNews =
  | {
      readonly kind: 'push';
      readonly sequence: number;
      readonly topic: string;
      /** '' for nearly all; see `OutgoingPush.id`. */
      readonly id: string;
      readonly payload: ByteVector;
    }
  | {
      readonly kind: 'opened';
      readonly session: string;
      readonly epoch: string;
      readonly sequence: number;
      readonly windowMs: number;
    }
  | { readonly kind: 'resumed'; readonly sequence: number }
  | { readonly kind: 'expired' }
  | { readonly kind: 'gap'; readonly from: number; readonly to: number }
  | { readonly kind: 'position'; readonly sequence: number }
  | { readonly kind: 'subscribed'; readonly group: string; readonly sequence: number }
  | { readonly kind: 'unsubscribed'; readonly group: string }
  /** A group: the answer to a subscription, or what a session that goes on has lost. */
  | ({ readonly kind: 'refused'; readonly group: string } & SessionRefusal)
  /** The session. */
  | ({ readonly kind: 'denied' } & SessionRefusal);

/** How a `PushSession` speaks a protocol: the client's half of `SessionHooks`. */
export interface SessionProtocol {
  readonly proxyProtocol: ProxyProtocol;
  readonly calls: SessionCalls;
  /** What a packet means for the session; undefined for those that belong to the program. */
  read(response: ResponsePacket): SessionNews | undefined;
}
