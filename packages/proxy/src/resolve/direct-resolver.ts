import type { Resolver, ResolveSession, ResolveTarget, ResolveWatcher } from './resolver.js';

/** The endpoints that stand in the object string; they never change. */
export class DirectResolver implements Resolver {
  readonly name = 'direct';

  canResolve(target: ResolveTarget): boolean {
    return target.endpoints.length > 0;
  }

  watch(target: ResolveTarget, watcher: ResolveWatcher): ResolveSession {
    watcher.update(target.endpoints);
    return { refresh: () => undefined, stop: () => undefined };
  }
}
