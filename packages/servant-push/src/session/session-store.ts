import { randomBytes } from 'node:crypto';
import type { Labels } from '../hub/labels.js';
import { HubSession } from './hub-session.js';

/** How long sessions are kept, and how many. */
export interface SessionLimits {
  /** How long a client may be away, in ms. */
  readonly windowMs: number;
  /** Sessions without a connection that are kept; beyond it the one that is away longest goes first. */
  readonly maxAway: number;
}

export const defaultSessionLimits: SessionLimits = { windowMs: 30_000, maxAway: 100_000 };

/** The sessions of this node. */
export class SessionStore {
  readonly limits: SessionLimits;
  readonly #onEnd: (session: HubSession) => void;
  readonly #all = new Map<string, HubSession>();
  /** Those without a connection; who is away longest comes first. */
  readonly #away = new Set<HubSession>();

  /** @param onEnd is told of each that is over. */
  constructor(limits: SessionLimits, onEnd: (session: HubSession) => void) {
    this.limits = limits;
    this.#onEnd = onEnd;
  }

  get size(): number {
    return this.#all.size;
  }

  get away(): number {
    return this.#away.size;
  }

  open(user: string, labels: Labels, sequence: number): HubSession {
    return this.add(new HubSession(randomBytes(18).toString('base64url'), user, labels, sequence));
  }

  add(session: HubSession): HubSession {
    this.#all.set(session.id, session);
    return session;
  }

  get(id: string): HubSession | undefined {
    return this.#all.get(id);
  }

  attached(session: HubSession): void {
    session.detachedMs = 0;
    this.#away.delete(session);
  }

  detached(session: HubSession, nowMs: number): void {
    session.member = undefined;
    session.detachedMs = nowMs;
    this.#away.add(session);
    if (this.#away.size > this.limits.maxAway) this.#endFirst();
  }

  end(session: HubSession): void {
    this.#away.delete(session);
    if (this.#all.delete(session.id)) this.#onEnd(session);
  }

  /** Lets it go without an end: another node has it. */
  drop(session: HubSession): void {
    this.#away.delete(session);
    this.#all.delete(session.id);
  }

  values(): IterableIterator<HubSession> {
    return this.#all.values();
  }

  #endFirst(): void {
    for (const first of this.#away) {
      this.end(first);
      return;
    }
  }

  /** Ends those whose window is over. */
  sweep(nowMs: number): void {
    for (const session of this.#away) {
      if (nowMs - session.detachedMs < this.limits.windowMs) return;
      this.end(session);
    }
  }

  clear(): void {
    for (const session of this.#all.values()) this.end(session);
  }
}
