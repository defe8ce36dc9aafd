import { randomBytes } from 'node:crypto';
import type { Labels } from '../hub/labels.js';
import { AwaySessions } from './away-sessions.js';
import { HubSession } from './hub-session.js';
import type { SessionLimits } from './session-limits.js';

/** The sessions of this node. */
export class SessionStore {
  readonly limits: SessionLimits;
  readonly #onEnd: (session: HubSession) => void;
  readonly #all = new Map<string, HubSession>();
  readonly #away: AwaySessions;

  /** @param onEnd is told of each that is over. */
  constructor(limits: SessionLimits, onEnd: (session: HubSession) => void) {
    this.limits = limits;
    this.#onEnd = onEnd;
    this.#away = new AwaySessions(limits);
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

  /** @param address where its connection comes from. */
  attached(session: HubSession, address: string): void {
    this.#away.delete(session);
    session.detachedMs = 0;
    session.address = address;
  }

  detached(session: HubSession, nowMs: number): void {
    session.member = undefined;
    session.detachedMs = nowMs;
    this.#away.add(session);
    const last = this.#away.tooMany(session);
    if (last !== undefined) this.end(last);
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
