import type { BackplaneState, Undelivered } from '../backplane/backplane.js';
import type { Overflow } from './member-backlog.js';
import type { LeaveReason, PushMember } from './push-member.js';

/** What a hub tells. */
export interface HubEvents {
  /** A connection is pushed to from now on. */
  join: [member: PushMember];
  /** It is not any more; comes once for each that joined. */
  leave: [member: PushMember, reason: LeaveReason];
  /** A member is so far behind that something was given up. */
  overflow: [member: PushMember, overflow: Overflow];
  /** A session went on over another connection. */
  resume: [member: PushMember];
  /** A session is over: its client was away too long. */
  expire: [user: string, sessionId: string];
  /** The engine of the backplane is there again, or away; why is for people. */
  backplane: [state: BackplaneState, reason: string];
  /** Pushes that other nodes do not get, because the engine is away; told together, at most once a second for each class. */
  undelivered: [pushes: Undelivered];
  /** Something that no caller can be told of: a listener or a filter threw, a push of another node cannot be encoded. */
  error: [error: unknown];
}
