import type { Resolver, ResolveSession, ResolveTarget, ResolveWatcher } from './resolver.js';

/** The endpoints that stand in the object string, when none of them has to be looked up; they never change. */
export class DirectResolver implements Resolver {
  readonly name = 'direct';

  canResolve(target: ResolveTarget): boolean {
    return target.endpoints.length > 0 && target.endpoints.every(({ discovery }) => discovery === '');
  }

  watch(target: ResolveTarget, watcher: ResolveWatcher): ResolveSession {
    watcher.update(target.endpoints);
    return { refresh: () => undefined, stop: () => undefined };
  }
}
