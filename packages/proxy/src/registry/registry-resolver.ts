import { type Logger, parseObjectString, TarsRegistryException, type TimeSource } from '@tarsier/protocol';
import { causeText } from '../connection/connection-end.js';
import type { Resolver, ResolveSession, ResolveTarget, ResolveWatcher } from '../resolve/resolver.js';
import { EndpointCache } from './endpoint-cache.node.js';
import { RegistryLink } from './registry-link.js';
import { RegistrySession, type RegistrySessionInit } from './registry-session.js';
import type { ProxyMaker, RegistrySettings } from './registry-settings.js';

/** What a registry is asked by. */
export interface RegistryResolverInit {
  readonly settings: RegistrySettings;
  readonly maker: ProxyMaker;
  readonly logger: Logger;
  readonly time: TimeSource;
}

/**
 * Asks a TARS registry (`QueryF`) for the nodes of objects that have no endpoints of their own.
 *
 * Source: EndpointManager, QueryEpBase (servant/libservant/EndpointManager.cpp).
 */
class RegistryResolver implements Resolver {
  readonly name = 'registry';
  readonly #init: RegistrySessionInit;

  constructor(init: RegistrySessionInit) {
    this.#init = init;
  }

  canResolve({ endpoints }: ResolveTarget): boolean {
    return endpoints.length === 0;
  }

  watch(target: ResolveTarget, watcher: ResolveWatcher): ResolveSession {
    return new RegistrySession(target, watcher, this.#init);
  }
}

/**
 * The resolver for the property `locator`. Connects nothing yet.
 *
 * @throws TarsRegistryException when that is no object with endpoints.
 */
export function registryResolver({ settings, maker, logger, time }: RegistryResolverInit): Resolver {
  const { locator } = settings;
  checkLocator(locator);
  const link = maker.stringToProxy(RegistryLink as never, locator) as RegistryLink;
  link.openKeepalive(false);
  return new RegistryResolver({ link, settings, cache: new EndpointCache(settings, logger), logger, time });
}

function checkLocator(locator: string): void {
  let problem = 'it has no endpoints';
  try {
    if (parseObjectString(locator).endpoints.length > 0) return;
  } catch (cause) {
    problem = causeText(cause);
  }
  throw new TarsRegistryException(
    `property locator: expected an object with endpoints, as tars.tarsregistry.QueryObj@tcp -h 10.0.0.1 -p 17890, found "${locator}": ${problem}`,
    { where: { key: 'locator' } },
  );
}
