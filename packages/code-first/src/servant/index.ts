/**
 * Servants of contracts: the part of code first that needs `@tarsier/framework`.
 *
 * @module @tarsier/code-first/servant
 */
export { DecoratedServant } from './decorated-servant.js';
export { type ServantBase, type ServantMethods, servantOf } from './servant-of.js';
