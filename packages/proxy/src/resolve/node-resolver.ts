import type { LookupInit } from '../environment.js';
import { registryResolver } from '../registry/registry-resolver.js';
import { nodeDnsResolver } from './dns-lookup.node.js';
import type { Resolver } from './resolver.js';

/**
 * In Node names are looked up in the DNS, and objects without endpoints at the registry, if there is a `locator`.
 *
 * @throws ConfigException, TarsRegistryException for properties that cannot be used.
 */
export function nodeResolver({ target, settings, maker, logger, time }: LookupInit): Resolver | undefined {
  const { dns, registry } = settings;
  if (target.endpoints.length > 0) return dns && nodeDnsResolver(dns, time);
  return registry && registryResolver({ settings: registry, maker, logger, time });
}
