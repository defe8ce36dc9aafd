import type { Endpoint } from '@tarsier/protocol';

/** What an object string says. */
export interface ResolveTarget {
  /** Object name, as `App.Server.Obj`. */
  readonly name: string;
  /** The endpoints behind the `@`, those that have to be looked up (`discovery`) included; empty when there are none. */
  readonly endpoints: readonly Endpoint[];
  /** Whose servers are meant, as `app.sz.1`; absent for those of all sets, and where there are endpoints. */
  readonly setName?: string;
}

/** Takes what a resolver finds. Either may be called at any time until the session is stopped, also from within `watch`. */
export interface ResolveWatcher {
  /**
   * The nodes of the object are these now, all of them, with nothing left to look up; an empty list means that there are none. Calls that
   * wait fail then, and say the reason of the last `failed`, if any.
   *
   * @param inactive nodes that the object has too, and that must not be called now. `hash` counts them, so that the other nodes keep their keys.
   */
  update(endpoints: readonly Endpoint[], inactive?: readonly Endpoint[]): void;
  /** They could not be looked up; those known stay in use. The resolver tries again by itself. */
  failed(error: Error): void;
}

/** One object being looked up. */
export interface ResolveSession {
  /** Looks again soon: nodes do not answer. May be called often. */
  refresh(): void;
  /** Nothing is told any more, and nothing is left behind. */
  stop(): void;
}

/** Finds the nodes of an object: a list, DNS, a registry. Source: EndpointManager, QueryEpBase (TarsCpp). */
export interface Resolver {
  /** Short name for messages, as `dns`. */
  readonly name: string;
  /** Whether it can look this one up; the first resolver of a communicator that can is taken. */
  canResolve(target: ResolveTarget): boolean;
  /** Begins to look up, and goes on until the session is stopped. */
  watch(target: ResolveTarget, watcher: ResolveWatcher): ResolveSession;
}
