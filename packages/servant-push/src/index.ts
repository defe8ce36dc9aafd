/**
 * Push made easy: the loop and the register for a first server, and the hub for groups, slow readers, sessions and many nodes.
 *
 * @module @tarsier/servant-push
 */
export type {
  Backplane,
  BackplanePort,
  BackplaneState,
  LogAnswer,
  LogRequest,
  PresenceState,
  Undelivered,
} from './backplane/backplane.js';
export { LocalBackplane } from './backplane/local-backplane.js';
export type { LogLimits } from './backplane/push-log.js';
export { ClusterBackplane, type ClusterLimits, type ClusterOptions } from './cluster/cluster-backplane.js';
export type { Engine, EnginePort, LogEntry, LogInfo, StoredRecord } from './cluster/engine.js';
export type { Delivery, DeliveryLimits, HubLimitOptions, OverflowPolicy } from './hub/delivery.js';
export type { HubEvents } from './hub/hub-events.js';
export type { HubMessage } from './hub/hub-message.js';
export type { HubProtocol, OutgoingPush, SessionHooks, SessionNotice, SessionRequest } from './hub/hub-protocol.js';
export type { HubStats } from './hub/hub-stats.js';
export type { LabelMatch, Labels } from './hub/labels.js';
export type { Overflow, OverflowLimit } from './hub/member-backlog.js';
export type { Push, PushCounts, RemoteFate } from './hub/push.js';
export { PushHub } from './hub/push-hub.js';
export type { JoinOptions, PushHubOptions } from './hub/push-hub-options.js';
export type { LeaveReason, PushMember } from './hub/push-member.js';
export type { PushOptions } from './hub/push-options.js';
export { PushServant } from './hub/push-servant.js';
export type { MemberFilter, PushTarget } from './hub/push-target.js';
export type { Identity, ServantHooks, SubscribeDecision } from './hub/servant-hooks.js';
export { type LocalOptions, local } from './local/local.js';
export { type PushAllOptions, PushRegister, type PushReport, type PushResult } from './push-register.js';
export { PushThread } from './push-thread.js';
export { PushRefusal, type PushRefusalOptions } from './session/push-refusal.js';
export type { SessionLimits } from './session/session-limits.js';
export type { GroupSource, SessionRecord } from './session/session-record.js';
export type { SessionRefusal } from './session/session-refusal.js';
export { type PushFrames, type PushFramesOptions, pushFrames } from './wire/push-frames.js';
export type { CallRequest } from './wire/server-half.js';
