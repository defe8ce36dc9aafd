/**
 * The client of the TARS servant model: communicators, proxies, calls and pushes over any protocol.
 *
 * @module @tarsier/proxy
 */

export type { CallOptions } from './call/call-options.js';
export { Communicator, type CommunicatorOptions, type ServantProxyClass } from './communicator.js';
export type { CommunicatorContext } from './communicator-context.js';
export type { PropertyValue } from './communicator-properties.js';
export type { CheckTimeoutInfo } from './endpoints/check-timeout-info.js';
export type { EndpointState, NodeFigures, NodeState } from './endpoints/endpoint-state.js';
export type { KeyedProxy } from './keyed-proxy.js';
export type { CallMessage, ClientConnectionMessage, ClientPacketMessage } from './observe/client-channels.js';
export type { ProxyStatistics } from './observe/proxy-statistics.js';
export { EndpointF } from './registry/endpoint-f.js';
export { type FoundNodes, QueryF, QueryFProxy } from './registry/query-f.js';
export type { PropertyPolicy, PropertyReport, ServedRequest, StatReport } from './report/stat-report.js';
export type { DnsAddress, DnsLookup, DnsService } from './resolve/dns-lookup.js';
export { DnsResolver, type DnsResolverInit } from './resolve/dns-resolver.js';
export type { Resolver, ResolveSession, ResolveTarget, ResolveWatcher } from './resolve/resolver.js';
export { ServantProxy, type ServantProxyInit } from './servant-proxy.js';
export { type DispatchCallback, type DispatchResult, ServantProxyCallback } from './servant-proxy-callback.js';
export type { DropReason, ServantProxyEvents } from './servant-proxy-events.js';
export type { TarsCallOptions, TextMap } from './tars/tars-call-options.js';
export { TarsProxy } from './tars/tars-proxy.js';
export { TarsPrxCallback } from './tars/tars-prx-callback.js';
export type { ConnectOptions, ForwardProxy, TlsOptions } from './transport/connect-options.js';
export type { Transport, TransportConnection, TransportHandlers } from './transport/transport.js';
