/** What the plugin uses of the context of a hook; Vite's and Rollup's have it. */
export interface PluginContext {
  addWatchFile(id: string): void;
  error(error: PluginError): never;
}

/** A fault as bundlers show it. */
export interface PluginError {
  readonly message: string;
  readonly id: string;
  readonly loc: { readonly file: string; readonly line: number; readonly column: number };
  readonly frame: string;
}

/** What `tarsPlugin` makes: a plugin of Vite, Rollup and Rolldown. */
export interface TarsPlugin {
  readonly name: string;
  readonly enforce: 'pre';
  resolveId(source: string, importer?: string): string | undefined;
  load(this: PluginContext, id: string): string | undefined;
}
