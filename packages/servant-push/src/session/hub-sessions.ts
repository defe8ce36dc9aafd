import type { Current } from '@tarsier/framework';
import type { Backplane, LogAnswer } from '../backplane/backplane.js';
import { AddressKind, addressOf } from '../hub/hub-message.js';
import type { SessionHooks, SessionNotice } from '../hub/hub-protocol.js';
import { matchesLabels } from '../hub/labels.js';
import { type LeaveReason, type PushMember, READ_BYTES } from '../hub/push-member.js';
import { HubSession, type SessionRecord } from './hub-session.js';
import { type SessionLimits, SessionStore } from './session-store.js';

/** The hub, as its sessions see it. */
export interface SessionHost {
  readonly backplane: Backplane;
  now(): number;
  leave(current: Current, reason: LeaveReason): boolean;
  expired(session: HubSession): void;
  failed(error: unknown): void;
}

/** What a client that comes back says of itself. */
export interface ResumePoint {
  readonly session: string;
  readonly epoch: string;
  readonly sequence: number;
}

/** The sessions of one hub: which connection has which, and what each has missed. */
export class HubSessions {
  readonly #host: SessionHost;
  readonly #hooks: SessionHooks;
  readonly #store: SessionStore;
  /** Notices of a gap that were sent. */
  gaps = 0;
  resumes = 0;

  constructor(host: SessionHost, hooks: SessionHooks, limits: SessionLimits) {
    this.#host = host;
    this.#hooks = hooks;
    this.#store = new SessionStore(limits, (session) => {
      this.#ended(session);
    });
  }

  get size(): number {
    return this.#store.size;
  }

  /** Those without a connection. */
  get away(): number {
    return this.#store.away;
  }

  get windowMs(): number {
    return this.#store.limits.windowMs;
  }

  /** Gives a member that has none a session. */
  open(member: PushMember): HubSession {
    const { backplane } = this.#host;
    const session = this.#store.open(member.user, member.labels, backplane.lastSequence);
    this.#attach(member, session);
    this.#hold(session, addressOf(AddressKind.ALL, ''));
    this.#hold(session, addressOf(AddressKind.SESSION, session.id));
    if (member.user !== '') this.#hold(session, addressOf(AddressKind.USER, member.user));
    for (const group of member.groups) this.#hold(session, addressOf(AddressKind.GROUP, group));
    member.enter(addressOf(AddressKind.SESSION, session.id));
    backplane.saveSession(session.record());
    return session;
  }

  #attach(member: PushMember, session: HubSession): void {
    session.member = member;
    member.session = session;
    this.#store.attached(session);
  }

  #hold(session: HubSession, address: string): void {
    if (session.addresses.has(address)) return;
    session.addresses.set(address, this.#host.backplane.lastSequence);
    this.#host.backplane.retain(address);
  }

  /** The session that a client may go on with; undefined when there is none. It is taken from whoever has it. */
  find(point: ResumePoint): HubSession | undefined | Promise<HubSession | undefined> {
    const { backplane } = this.#host;
    if (point.epoch !== backplane.epoch || point.sequence > backplane.lastSequence) return undefined;
    const session = this.#store.get(point.session);
    if (session !== undefined) return session;
    const record = backplane.takeSession(point.session);
    return record instanceof Promise ? record.then((one) => this.#taken(one)) : this.#taken(record);
  }

  #taken(record: SessionRecord | undefined): HubSession | undefined {
    if (record === undefined) return undefined;
    const known = this.#store.get(record.id);
    if (known !== undefined) return known;
    const session = this.#store.add(HubSession.of(record));
    for (const address of session.addresses.keys()) this.#host.backplane.retain(address);
    return session;
  }

  /** Goes on with a session over the connection of a new member: it gets what it has missed. */
  resume(member: PushMember, session: HubSession, sequence: number): void {
    this.release(session);
    session.sentSequence = sequence;
    session.ackedSequence = Math.max(session.ackedSequence, sequence);
    session.resumes++;
    this.resumes++;
    this.#attach(member, session);
    for (const address of session.addresses.keys()) member.enter(address);
    member.beginCatchUp(session);
  }

  /** Takes the session from the connection that has it, which is half-open most of the time. */
  release(session: HubSession): void {
    const old = session.member;
    if (old === undefined) return;
    old.session = undefined;
    session.member = undefined;
    this.#host.leave(old.current, 'replaced');
    old.current.close();
  }

  ack(session: HubSession, sequence: number): void {
    if (sequence <= session.ackedSequence || sequence > this.#host.backplane.lastSequence) return;
    session.ackedSequence = sequence;
  }

  groupChanged(session: HubSession, group: string, isIn: boolean): void {
    const address = addressOf(AddressKind.GROUP, group);
    if (isIn) this.#hold(session, address);
    else if (session.addresses.delete(address)) this.#host.backplane.release(address);
    this.#host.backplane.saveSession(session.record());
  }

  /** The connection of a session is gone; unless it was on purpose, the session waits for another. */
  detached(session: HubSession, reason: LeaveReason): void {
    session.isBehind = false;
    if (reason === 'left') this.#store.end(session);
    else this.#store.detached(session, this.#host.now());
  }

  #ended(session: HubSession): void {
    for (const address of session.addresses.keys()) this.#host.backplane.release(address);
    this.#host.backplane.forgetSession(session.id);
    if (session.member === undefined) this.#host.expired(session);
  }

  sweep(nowMs: number): void {
    this.#store.sweep(nowMs);
  }

  close(): void {
    this.#store.clear();
  }

  // --- what was missed -------------------------------------------------------------------------------------------------------

  catchUp(member: PushMember, session: HubSession): boolean {
    const answer = this.#host.backplane.read({
      addresses: session.addresses,
      after: session.sentSequence,
      maxBytes: READ_BYTES,
    });
    if (!(answer instanceof Promise)) {
      this.#send(member, session, answer);
      return true;
    }
    answer.then(
      (read) => {
        if (session.member !== member) return;
        this.#send(member, session, read);
        member.goOn();
      },
      (error: unknown) => {
        this.#host.failed(error);
        // It comes back, and asks again.
        member.current.close();
      },
    );
    return false;
  }

  #send(member: PushMember, session: HubSession, { messages, upTo, isEnd, gap }: LogAnswer): void {
    if (gap !== undefined) this.tellGap(member, gap.from, gap.to);
    const { labels } = session;
    member.sendLogged(messages.filter(({ where }) => where === undefined || matchesLabels(labels, where)));
    session.sentSequence = Math.max(session.sentSequence, upTo);
    if (isEnd) session.isBehind = false;
  }

  tellGap(member: PushMember, from: number, to: number): void {
    this.gaps++;
    this.notify(member.current, { kind: 'gap', from, to });
  }

  notify(current: Current, notice: SessionNotice, requestId = 0): void {
    current.trySend(this.#hooks.encode(notice, requestId));
  }
}
