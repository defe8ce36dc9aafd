/**
 * For the sibling packages only, at exactly the same version; no promise is made about what stands here.
 *
 * @packageDocumentation
 */
export { runCallback } from './call/call-messages.js';
export { ReconnectPolicy } from './connection/reconnect-policy.js';
