import type { HubSession } from './hub-session.js';
import { networkOf } from './network-of.js';
import { OwnerSets } from './owner-sets.js';
import type { SessionLimits } from './session-limits.js';

/**
 * The sessions without a connection, and whose they are. Where there are too many, whoever has most loses first: so opening and dropping
 * sessions ends no others than one's own.
 */
export class AwaySessions implements Iterable<HubSession> {
  readonly #limits: SessionLimits;
  /** Who is away longest comes first. */
  readonly #all = new Set<HubSession>();
  readonly #ofUsers = new OwnerSets<HubSession>();
  readonly #ofNetworks = new OwnerSets<HubSession>();

  constructor(limits: SessionLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): IterableIterator<HubSession> {
    return this.#all.values();
  }

  add(session: HubSession): void {
    this.#all.add(session);
    if (session.user !== '') this.#ofUsers.add(session.user, session);
    this.#ofNetworks.add(networkOf(session.address), session);
  }

  delete(session: HubSession): void {
    if (!this.#all.delete(session)) return;
    this.#ofUsers.delete(session.user, session);
    this.#ofNetworks.delete(networkOf(session.address), session);
  }

  /** One that has to end, because a session was added; undefined when there is room. */
  tooMany({ user, address }: HubSession): HubSession | undefined {
    const { maxAway, maxAwayPerUser, maxAwayPerAddress } = this.#limits;
    const ofUser = this.#ofUsers.of(user);
    if (ofUser.size > maxAwayPerUser) return firstOf(ofUser);
    const ofNetwork = this.#ofNetworks.of(networkOf(address));
    if (ofNetwork.size > maxAwayPerAddress) return firstOf(ofNetwork);
    return this.#all.size > maxAway ? firstOf(this.#ofNetworks.largest) : undefined;
  }
}

function firstOf(sessions: ReadonlySet<HubSession>): HubSession | undefined {
  const [first] = sessions;
  return first;
}
