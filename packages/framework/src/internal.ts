/**
 * For the sibling packages and the checks of the project only; no promise is made about what stands here.
 *
 * @packageDocumentation
 */
export type { ConfigKey } from './config/config-key.js';
export { adapterKeys, serverKeys } from './config/config-keys.js';
export {
  adapterKeysRefused,
  adapterKeysWithoutEffect,
  serverKeysWithoutEffect,
} from './config/keys-without-effect.js';
export type { Peer } from './connection/peer.js';
export { RegisteredServant, RegisteredServer } from './registry/registered-server.js';
export { RegistryF, RegistryFProxy } from './registry/registry-f.js';
export { type MeetingPlace, meetingPlace } from './workers/worker-link.js';
