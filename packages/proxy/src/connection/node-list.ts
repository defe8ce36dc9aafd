import type { Endpoint } from '@tarsier/protocol';
import { callBack, shownValue, watchResult } from '@tarsier/protocol/internal';
import type { CallCarrier, PendingCall } from '../call/pending-call.js';
import type { Resolver, ResolveSession, ResolveTarget, ResolveWatcher } from '../resolve/resolver.js';
import { AdapterProxy, type NodeContext } from './adapter-proxy.js';
import { causeText } from './connection-end.js';
import { takeAll } from './take-all.js';

/** Who uses the nodes: the proxy. */
export interface NodeListOwner extends NodeContext {
  /** The nodes have changed: `retired` calls waited at nodes that are gone, `resolved` calls for the first nodes. */
  nodesChanged(resolved: readonly PendingCall[], retired: readonly PendingCall[]): void;
  /** The nodes could not be looked up; those known stay in use. */
  resolveFailed(error: Error): void;
}

/** What a {@link NodeList} is made of. */
export interface NodeListInit {
  readonly owner: NodeListOwner;
  readonly target: ResolveTarget;
  readonly resolver: Resolver;
}

/**
 * The nodes of one proxy, as its resolver has them now; and where calls wait until they are known.
 *
 * A node is the same for as long as its key is. One that is gone takes no new calls and finishes those that it has.
 */
export class NodeList implements CallCarrier, ResolveWatcher {
  readonly endpoint = '';
  readonly nodeState = '';
  readonly #owner: NodeListOwner;
  readonly #target: ResolveTarget;
  readonly #resolver: Resolver;
  #session: ResolveSession | undefined;
  /** Tells the sessions apart: one that was stopped says nothing any more. */
  #watching = 0;
  /** The program has set the nodes itself. */
  #isPinned = false;
  readonly #leaving = new Set<AdapterProxy>();
  readonly #waiting = new Set<PendingCall>();
  /** Those in use; a new array whenever they change. */
  nodes: readonly AdapterProxy[] = [];
  /** Those that must not be called; likewise. */
  inactive: readonly AdapterProxy[] = [];
  /** Why they could not be looked up; undefined when they could. */
  error: Error | undefined;
  /** Whether the nodes are known, if only that there are none. */
  isResolved = false;
  /** Whether the resolver is asked, or needs not be. */
  isWatching = false;
  /** The program wants connections: it asked for them, or a node is in use. Until it closes the proxy. */
  isWanted = false;

  constructor({ owner, target, resolver }: NodeListInit) {
    this.#owner = owner;
    this.#target = target;
    this.#resolver = resolver;
  }

  /** Those in use, those that are leaving, and those that must not be called. */
  get all(): readonly AdapterProxy[] {
    return [...this.nodes, ...this.#leaving, ...this.inactive];
  }

  get resolverName(): string {
    return this.#isPinned ? 'updateEndpoints' : this.#resolver.name;
  }

  leave(call: PendingCall): void {
    this.#waiting.delete(call);
  }

  /** Takes a call until the nodes are known; false when too many wait. */
  wait(call: PendingCall, nowMs: number, limit: number): boolean {
    if (this.#waiting.size >= limit) return false;
    call.wait(nowMs, true);
    call.place = this;
    this.#waiting.add(call);
    return true;
  }

  /** The resolver may be a program's own. */
  readonly #resolverFailed = (cause: unknown): void => {
    this.failed(cause instanceof Error ? cause : new Error(causeText(cause)));
  };

  /** Begins to ask the resolver, unless it does already. What it finds may come before this returns. */
  watch(): void {
    if (this.isWatching) return;
    this.isWatching = true;
    if (this.#isPinned) return;
    const watching = ++this.#watching;
    const isCurrent = (): boolean => this.#watching === watching;
    try {
      const session = this.#resolver.watch(this.#target, {
        update: (endpoints, inactive) => {
          if (isCurrent()) this.update(endpoints, inactive);
        },
        failed: (error) => {
          if (isCurrent()) this.failed(error);
        },
      });
      if (typeof session?.stop !== 'function' || typeof session.refresh !== 'function') {
        watchResult(session, this.#resolverFailed);
        throw new Error(`watch of the resolver must return a session, found ${shownValue(session)}`);
      }
      // What it found at once may have made the program close the proxy.
      if (isCurrent()) this.#session = session;
      else callBack(() => session.stop(), this.#resolverFailed);
    } catch (cause) {
      this.#resolverFailed(cause);
    }
  }

  /** Stops asking; the nodes known stay, and the next call asks again. */
  stop(): void {
    this.isWatching = false;
    this.isWanted = false;
    this.#watching++;
    const session = this.#session;
    this.#session = undefined;
    callBack(() => session?.stop(), this.#resolverFailed);
  }

  /** Nodes do not answer: they may have moved. */
  refresh(): void {
    const session = this.#session;
    callBack(() => session?.refresh(), this.#resolverFailed);
  }

  /** Sets the nodes; the resolver is asked no more. */
  pin(endpoints: readonly Endpoint[]): void {
    this.stop();
    this.#isPinned = true;
    this.error = undefined;
    this.isWatching = true;
    this.update(endpoints);
  }

  update(endpoints: readonly Endpoint[], inactive: readonly Endpoint[] = []): void {
    const { closings } = this.#owner;
    if (endpoints.length > 0) this.error = undefined;
    this.isResolved = true;
    this.isWanted ||= this.nodes.some((node) => node.isWanted);
    const known = new Map(this.nodes.map((node) => [node.address.key, node]));
    // The same address twice is one node.
    const next = new Map<string, AdapterProxy>();
    for (const address of endpoints) {
      const node = known.get(address.key) ?? next.get(address.key) ?? new AdapterProxy(address, this.#owner);
      if (node.address !== address && known.has(address.key)) node.address = address;
      known.delete(address.key);
      next.set(address.key, node);
    }
    this.nodes = [...next.values()];
    this.inactive = inactive.map(
      (address) =>
        this.inactive.find((node) => node.address.key === address.key) ?? new AdapterProxy(address, this.#owner, true),
    );
    for (const node of known.values()) this.#leaving.add(node);
    const retired: PendingCall[] = [];
    for (const node of known.values()) retired.push(...node.retire());
    if (this.#owner.closings === closings) {
      this.#owner.nodesChanged(this.takeWaiting(), retired);
      return;
    }
    // A listener has closed the proxy: that holds for the calls between two nodes too.
    this.#owner.failAll(retired);
  }

  failed(error: Error): void {
    this.error = error;
    this.#owner.resolveFailed(error);
  }

  /** Takes the calls that wait for the nodes out. */
  takeWaiting(): PendingCall[] {
    return takeAll(this.#waiting);
  }

  gone(node: AdapterProxy): void {
    this.#leaving.delete(node);
  }
}
