/**
 * The server side of Tarsier. Re-exports the client and the protocol, so that one import serves as `servant/Application.h` does.
 *
 * @module @tarsier/framework
 */
export * from '@tarsier/protocol';
export * from '@tarsier/proxy';
export type { AccessOrder } from './adapter/access-list.js';
export type { AdapterConfig } from './adapter/adapter-config.js';
export type { AdapterCounters } from './adapter/adapter-counters.js';
export type { Admission } from './adapter/admission.js';
export type { BindAdapter, RejectReason } from './adapter/bind-adapter.js';
export type { AdminHandler } from './admin/admin-commands.js';
export { Application, type ApplicationOptions } from './application.js';
export type { ApplicationContext } from './application-context.js';
export type { ApplicationEvents, ErrorPlace } from './application-events.js';
export { CloseType, closeTypeName } from './close-type.js';
export type { AdapterSection, ApplicationConfig } from './config/application-config.js';
export type { ConfigSource } from './config/load-config.js';
export type { ConnectionLimits, SendPolicy } from './connection/connection-limits.js';
export type { AlternativeName, NameAttribute, NamePart } from './connection/distinguished-name.js';
export type { HandlerResult } from './connection/handler-result.js';
export type { SendDrop, SendLimit } from './connection/send-drop.js';
export { SendResult } from './connection/send-result.js';
export type { PeerIdentity, TlsInfo } from './connection/tls-info.js';
export type { Wire, WireHandlers } from './connection/wire.js';
export { Current } from './current.js';
export { getLogLevel, LOG, LogLevel, setLogger, setLogLevel } from './log/log.js';
export type { AdapterStats, ApplicationStats } from './observe/application-stats.js';
export type {
  ConnectionMessage,
  DropMessage,
  OverloadMessage,
  RejectMessage,
  RequestMessage,
  SendMessage,
} from './observe/server-channels.js';
export type { ResponseOptions } from './response-options.js';
export { Servant } from './servant.js';
export { type ServantAdapterOptions, type ServantClass, type ServantOptions, servant } from './servant-decorator.js';
export { type ServerBaseInfo, ServerConfig } from './server-config.js';
export { TarsCurrent } from './tars/tars-current.js';
export { TarsServant } from './tars/tars-servant.js';
export type { Acceptor, Listening, ServerTransport } from './transport/server-transport.js';
export type { WorkerStates } from './workers/supervisor.js';
export { workerPlace } from './workers/worker-link.js';
export type { WorkerExit } from './workers/worker-process.js';
