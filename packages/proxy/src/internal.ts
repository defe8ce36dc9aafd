/**
 * For the sibling packages only, at exactly the same version; no promise is made about what stands here.
 *
 * @packageDocumentation
 */
export { checkProperty } from './communicator-properties.js';
export { knownProperties, unknownProperty } from './known-properties.js';
export { systemTime } from './time/system-time.js';
export { type SocketWriter, writeAllTo, writeTo } from './transport/socket-writes.js';
export { tlsFaultOf } from './transport/tls-fault.js';
export { codeOf } from './transport/transport-error.js';
export { sendQueueSize } from './transport/udp-send-queue.js';
export { unixPathProblem } from './transport/unix-path.js';
