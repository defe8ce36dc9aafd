/**
 * The lab: a network in memory with a virtual clock and scripted faults, a kit that checks protocols, fake peers.
 *
 * @module @tarsier/testing
 */
export { checkProtocol } from './check-protocol/check-protocol.js';
export {
  ProtocolFault,
  type ProtocolFaultCode,
  type ProtocolFaultInit,
  type ProtocolHalf,
  protocolFaultCodes,
} from './check-protocol/protocol-fault.js';
export type {
  CheckedProtocol,
  CheckProtocolOptions,
  ProtocolParts,
  ProtocolReport,
  ProtocolSample,
} from './check-protocol/protocol-options.js';
export { Lab, type LabOptions, lab } from './lab/lab.js';
export { LabError } from './lab-error.js';
export type { DatagramLink } from './network/datagram-link.js';
export { type Cut, type Direction, FaultScript } from './network/faults.js';
export type { ClientAddress, LinkPlace, MemoryLink } from './network/memory-link.js';
export {
  type CrashOptions,
  type LinkFilter,
  MemoryNetwork,
  type MemoryNetworkOptions,
  type NetworkLink,
} from './network/memory-network.js';
export type { TraceEvent } from './network/trace.js';
export {
  FakePeer,
  type FakePeerOptions,
  type FakeServerOptions,
  fakeClient,
  fakeServer,
  type ScriptWriter,
} from './peers/fake-peer.js';
export { hex } from './peers/hex.js';
export type { Expected, PeerScript, Sent, SlowSending } from './peers/peer-script.js';
export { Random } from './random.js';
export { type RunLimit, VirtualTime, type VirtualTimeOptions } from './time/virtual-time.js';
