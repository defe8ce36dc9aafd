/** Members of the base class of generated servants, `TarsServant`. A test compares them. */
export const servantMembers: ReadonlySet<string> = new Set([
  'constructor',
  'tarsInterface',
  'getName',
  'getApplication',
  'initialize',
  'destroy',
  'doRequest',
  'onDispatch',
  'doNoServant',
  'doNoFunc',
  'doClose',
  'onOverload',
  'goaway',
  'attach',
]);

/** Members of the base class of generated proxies, `TarsProxy`. A test compares them. */
export const proxyMembers: ReadonlySet<string> = new Set(['constructor']);
