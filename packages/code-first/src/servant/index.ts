/**
 * Servants of contracts: the part of code first that needs `@tarsier/framework`.
 *
 * @module @tarsier/code-first/servant
 */
export { CodeFirstServant } from './code-first-servant.js';
export { type ServantBase, type ServantMethods, servantOf } from './servant-of.js';
