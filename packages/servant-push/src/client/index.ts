/**
 * The client of a push hub: sessions that survive their connections. Runs in Node and in browsers.
 *
 * @module @tarsier/servant-push/client
 */

export type { SessionRefusal } from '../session/session-refusal.js';
export { type PushFrames, type PushFramesOptions, pushFrames } from '../wire/push-frames.js';
export type { CallRequest } from '../wire/server-half.js';
export type { Credentials } from './credentials.js';
export { PushRefusedException } from './push-refused-exception.js';
export { PushSession, type PushSessionState } from './push-session.js';
export type { PushSessionEvents, SessionPush } from './push-session-events.js';
export type { PushSessionOptions } from './push-session-options.js';
export type { SessionCall, SessionCalls, SessionNews, SessionProtocol } from './session-protocol.js';
