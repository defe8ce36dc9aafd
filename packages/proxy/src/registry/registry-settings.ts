/** What the properties of a communicator say of the registry. */
export interface RegistrySettings {
  /** Object string of the registry, as `tars.tarsregistry.QueryObj@tcp -h 10.0.0.1 -p 17890`. Property `locator`. */
  readonly locator: string;
  /** Time between two looks in ms. Property `refresh-endpoint-interval`. */
  readonly refreshMs: number;
  /** Where nodes are kept for the day the registry is away; empty for nowhere. Properties `cache-file`, `datapath`. */
  readonly cacheFile: string;
  /** The set of this client, as `app.sz.1`; empty when it is in none. Properties `enableset` and `setdivision`. */
  readonly setDivision: string;
  /** Name of the machine, for a registry that knows where machines stand; may be empty. Property `nodename`. */
  readonly nodeName: string;
}

/**
 * Makes the proxy to the registry: the communicator. It names no class, so that what an environment is does not depend on which build of
 * them is meant.
 */
export interface ProxyMaker {
  stringToProxy(Class: never, text: string): unknown;
}
