import { nearestName } from '@tarsier/protocol/internal';

/**
 * The names of all properties, in Node and in browsers. `communicator-properties.ts` and the options of each environment have their
 * defaults and checks; docs/reference/configuration.md lists them, and a test compares the three.
 */
export const knownProperties: ReadonlySet<string> = new Set([
  'sync-invoke-timeout',
  'async-invoke-timeout',
  'connect-timeout',
  'min-timeout',
  'timeoutcheckinterval',
  'reconnect-min-interval',
  'reconnect-max-interval',
  'sendqueuelimit',
  'recvbufferlimit',
  'decodelimit',
  'decodetime',
  'keep-alive-interval',
  'silence-timeout',
  'write-stall-timeout',
  'dns-refresh-interval',
  'refresh-endpoint-interval',
  'report-interval',
  'report-timeout',
  'max-report-size',
  'retry-budget-min',
  'retry-budget-ratio',
  'ca',
  'cert',
  'key',
  'ciphers',
  'tls-servername',
  'tls-verify',
  'dns-servers',
  'dns-family',
  'locator',
  'enableset',
  'setdivision',
  'cache-file',
  'datapath',
  'modulename',
  'nodename',
  'stat',
  'property',
  'proxy',
]);

/** Properties of TARS that have no effect here: a configuration that TarsCpp reads too may have them. */
const withoutEffect: ReadonlySet<string> = new Set([
  'asyncthread',
  'asyncqueuecap',
  'async-callback-queuecap',
  'netthread',
  'sendthread',
  'recvthread',
  'sample-rate',
  'sample-address',
  'max-sample-count',
  'hasstat',
  'logsize',
  'lognum',
  'logpath',
  'loglevel',
  'slavename',
  'report-mode',
  'setnewendpointselectmode',
]);

/** What is said of a property that there is not; undefined for those that there are. */
export function unknownProperty(name: string): string | undefined {
  if (knownProperties.has(name) || withoutEffect.has(name)) return undefined;
  const meant = nearestName(name, knownProperties);
  return meant === undefined ? 'no such property is known' : `no such property is known; did you mean ${meant}?`;
}
