import { type Bytes, type ByteVector, bytesOf, type Current, TarsException } from '@tarsier/framework';
import type { SessionRefusal } from '../session/session-refusal.js';
import type { Delivery } from './delivery.js';

/** A push, as the encoder of a protocol is given it. */
export interface OutgoingPush {
  /** What it is about: the name of the group or user, unless the push says otherwise; '' for one to all. */
  readonly topic: string;
  readonly payload: Bytes;
  /** Its number among the reliable pushes of the hub: grows, with gaps; 0 for the other classes. */
  readonly sequence: number;
  readonly delivery: Delivery;
  /** Of `latest`. */
  readonly key: string;
  /**
   * '' for nearly all. A reliable push that had no number when the engine of the backplane went away, or was made until it is back, is delivered
   * twice: at once, without a number and with an id, and later under its number with the same id. Who has had an id leaves the push out.
   */
  readonly id: string;
}

/** What a client asks of its session. */
export type SessionRequest =
  /** For a new session. */
  | {
      readonly kind: 'open';
      readonly requestId: number;
      readonly hasEarly?: boolean;
      /** For `PushServant.identify`; none where it is not told. */
      readonly credentials?: ByteVector | undefined;
    }
  /** To go on with one; it has processed everything up to `sequence` of the log `epoch`. */
  | {
      readonly kind: 'resume';
      readonly requestId: number;
      readonly session: string;
      readonly epoch: string;
      readonly sequence: number;
      /** How many subscriptions the client was told of: a record of the session that knows of fewer is too old. 0 where it is not told. */
      readonly subscriptions?: number;
      /** It had pushes under an id only, at whatever node: so it is told the id of each that comes. True where it is not told. */
      readonly hasEarly?: boolean;
      readonly credentials?: ByteVector | undefined;
    }
  /** It has processed everything up to `sequence`; gets no answer. */
  | { readonly kind: 'ack'; readonly sequence: number }
  | { readonly kind: 'subscribe' | 'unsubscribe'; readonly requestId: number; readonly group: string }
  /** Whether somebody is there. */
  | { readonly kind: 'ping'; readonly requestId: number };

/** What a client is told of its session. */
export type SessionNotice =
  /** It has a new session. */
  | {
      readonly kind: 'opened';
      readonly session: string;
      readonly epoch: string;
      readonly sequence: number;
      /** So long it may be away, in ms. */
      readonly windowMs: number;
    }
  /** It goes on with its session: what it has missed comes next. */
  | { readonly kind: 'resumed'; readonly sequence: number }
  /** The session is unknown, or was away too long; also the answer to a request of a connection that has none. */
  | { readonly kind: 'expired' }
  /** Pushes with numbers between these two, both included, were meant for it and cannot be given any more. */
  | { readonly kind: 'gap'; readonly from: number; readonly to: number }
  /** It was sent everything up to this number that was meant for it: it goes on from there. */
  | { readonly kind: 'position'; readonly sequence: number }
  /** It gets what is pushed to the group behind this number. */
  | { readonly kind: 'subscribed'; readonly group: string; readonly sequence: number }
  | { readonly kind: 'unsubscribed'; readonly group: string }
  /** It does not get a group, or has lost it while it was away. */
  | ({ readonly kind: 'refused'; readonly group: string } & SessionRefusal)
  /** It does not get a session, or may not go on with one. */
  | ({ readonly kind: 'denied' } & SessionRefusal)
  | { readonly kind: 'pong' }
  /** The server ends: the client leaves by itself, and goes on elsewhere. */
  | { readonly kind: 'goodbye' };

/** How a protocol takes part in sessions. */
export interface SessionHooks {
  /** Whether a packet asks something of the session; undefined for those that belong to the servant. */
  read(current: Current): SessionRequest | undefined;
  /** @param requestId of the request that it answers; 0 for what comes by itself. */
  encode(notice: SessionNotice, requestId: number): Bytes;
}

/** How a hub speaks a protocol. Without one, what is pushed are whole packets already. */
export interface HubProtocol {
  /** The packet of a push; called once per push, never per receiver. */
  encode(push: OutgoingPush): Bytes;
  /** Without these there are no sessions. */
  readonly session?: SessionHooks;
}

/** Payloads are packets of the protocol. */
export const rawProtocol: HubProtocol = { encode: ({ payload }) => payload };

/**
 * The same protocol, whose encoders fail where they return what is no bytes.
 *
 * @throws TarsException `TARSIER_INVALID_ARGUMENT` when it has no `encode`, or sessions without `read` and `encode`.
 */
export function checkedProtocol(protocol: HubProtocol): HubProtocol {
  const { session } = protocol;
  const isProtocol =
    typeof protocol.encode === 'function' &&
    (session === undefined || (typeof session.read === 'function' && typeof session.encode === 'function'));
  if (!isProtocol) {
    const text = 'the protocol of a hub needs encode, and for sessions session.read and session.encode';
    throw new TarsException(text, { code: 'TARSIER_INVALID_ARGUMENT', where: { key: 'protocol' } });
  }
  if (protocol === rawProtocol) return protocol;
  const encode = (push: OutgoingPush): Bytes => bytesOf(protocol.encode(push), 'a push (encode of the protocol)');
  if (session === undefined) return { encode };
  return {
    encode,
    session: {
      read: (current) => session.read(current),
      encode: (notice, requestId) =>
        bytesOf(session.encode(notice, requestId), 'a notice (session.encode of the protocol)'),
    },
  };
}
