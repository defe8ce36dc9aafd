import type { Current } from '@tarsier/framework';
import type { PushRefusal } from '../session/push-refusal.js';
import type { JoinOptions } from './push-hub-options.js';
import type { PushMember } from './push-member.js';

/** Whether a client may be in a group: true when it may; a text for its user, or a {@link PushRefusal}, when not. */
export type SubscribeDecision = boolean | string | PushRefusal;

/** Who is behind a connection; undefined or a {@link PushRefusal} when it is refused. */
export type Identity = JoinOptions | PushRefusal | undefined;

/** What a servant decides for the sessions of its clients; see `PushServant`. */
export interface ServantHooks {
  identify(current: Current, credentials: Buffer): Identity | Promise<Identity>;
  maySubscribe(member: PushMember, group: string): SubscribeDecision | Promise<SubscribeDecision>;
  mayKeep(member: PushMember, group: string): SubscribeDecision | Promise<SubscribeDecision>;
}
