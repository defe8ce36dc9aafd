/**
 * A registry for development and tests: answers `QueryF` as the one of TARS does, and takes the registrations of servers.
 *
 * @module @tarsier/registry
 */
export { RegisteredServant, RegisteredServer, RegistryF, RegistryFProxy } from '@tarsier/framework/internal';
export { type FoundInTable, NodeTable, type NodeTableOptions, type StaticNode } from './node-table.js';
export { RegistryServant } from './registry-servant.js';
export { type RegistryOptions, type RunningRegistry, startRegistry } from './start-registry.js';
export type { TableEntry } from './table-entry.js';
