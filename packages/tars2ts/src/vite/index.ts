/**
 * `.tars` files in Vite, Rollup and Rolldown.
 *
 * @module @tarsier/tars2ts/vite
 */
export type { PluginContext, PluginError, TarsPlugin } from './plugin-types.js';
export { type TarsPluginOptions, tarsPlugin } from './tars-plugin.js';
