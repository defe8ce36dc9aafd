/**
 * The client of a push hub: sessions that survive their connections. Runs in Node and in browsers.
 *
 * @module @tarsier/servant-push/client
 */
export { type PushFrames, type PushFramesOptions, pushFrames } from '../wire/push-frames.js';
export type { CallRequest } from '../wire/server-half.js';
export { PushSession, type PushSessionOptions, type PushSessionState } from './push-session.js';
export type { PushSessionEvents, SessionPush } from './push-session-events.js';
export type { SessionCall, SessionCalls, SessionNews, SessionProtocol } from './session-protocol.js';
