import { type Bytes, type Current, TarsException, type TimeSource } from '@tarsier/framework';
import type { Backplane, LogAnswer } from '../backplane/backplane.js';
import { after } from '../client/session-time.js';
import { AddressKind, addressOf, type HubMessage } from '../hub/hub-message.js';
import type { SessionHooks, SessionNotice } from '../hub/hub-protocol.js';
import { matchesLabels } from '../hub/labels.js';
import { type LeaveReason, type PushMember, READ_BYTES } from '../hub/push-member.js';
import { sendAll } from '../hub/send-all.js';
import { HubSession } from './hub-session.js';
import type { SessionLimits } from './session-limits.js';
import { isSessionRecord, type SessionRecord } from './session-record.js';
import { SessionStore } from './session-store.js';

/** The hub, as its sessions see it. */
export interface SessionHost {
  readonly backplane: Backplane;
  now(): number;
  readonly time: TimeSource;
  leave(current: Current, reason: LeaveReason): boolean;
  expired(session: HubSession): void;
  failed(error: unknown): void;
  /** Every member was handed all that was pushed up to this number. */
  readonly handedSequence: number;
  encoded(message: HubMessage): Bytes;
  /** The packet with its id. */
  named(message: HubMessage): Bytes;
}

/** What a client that comes back says of itself. */
export interface ResumePoint {
  readonly session: string;
  readonly epoch: string;
  readonly sequence: number;
  readonly subscriptions?: number;
}

/** So many addresses of a record are stored in a millisecond at most, on average. */
const RECORD_PER_MS = 50;

/** So often a client that gets nothing is told its position, as a part of the window; its record is stored as often. */
const REFRESH = 0.5;

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
    session.setLabels = member.labelsSet;
    this.#attach(member, session);
    this.#hold(session, addressOf(AddressKind.ALL, ''));
    this.#hold(session, addressOf(AddressKind.SESSION, session.id));
    if (member.user !== '') this.#hold(session, addressOf(AddressKind.USER, member.user));
    for (const group of member.groups) this.#holdGroup(session, member, addressOf(AddressKind.GROUP, group));
    member.enter(addressOf(AddressKind.SESSION, session.id));
    return session;
  }

  /**
   * Stores it where other nodes find it; a promise when that takes time. However often it is called it is stored once in a tick, and seldomer
   * where it has many groups: its record has them all.
   */
  save(session: HubSession): void | Promise<void> {
    if (!this.#host.backplane.isShared) return;
    session.saving ??= this.#saveSoon(session);
    return session.saving;
  }

  async #saveSoon(session: HubSession): Promise<void> {
    const waitMs = session.savedMs + session.addresses.size / RECORD_PER_MS - this.#host.now();
    // What changes until then is in the record.
    if (session.savedMs > 0 && waitMs >= 1) await delay(this.#host.time, Math.ceil(waitMs));
    else await Promise.resolve();
    session.saving = undefined;
    // One that is over must not come back.
    if (this.has(session)) await this.#saveNow(session);
  }

  #saveNow(session: HubSession): void | Promise<void> {
    session.savedMs = this.#host.now();
    return this.#host.backplane.saveSession(session.record());
  }

  /** The backplane has its engine again: it may have missed something. */
  saveAll(): void {
    for (const session of this.#store.values()) void this.save(session);
  }

  /** The client was sent everything up to this number. */
  position(session: HubSession): number {
    if (session.isBehind) return session.sentSequence;
    session.sentSequence = Math.max(session.sentSequence, this.#host.handedSequence);
    return session.sentSequence;
  }

  #holdGroup(session: HubSession, member: PushMember, address: string): void {
    const source = member.sourceOf(address);
    if (source === 'program') session.sources.delete(address);
    else session.sources.set(address, source);
    this.#hold(session, address);
  }

  #attach(member: PushMember, session: HubSession): void {
    session.member = member;
    member.session = session;
    session.toldMs = this.#host.now();
    this.#store.attached(session, member.current.getIp());
  }

  #hold(session: HubSession, address: string): void {
    if (session.addresses.has(address)) return;
    session.addresses.set(address, this.#host.backplane.lastSequence);
    this.#host.backplane.retain(address);
  }

  /**
   * The session that a client may go on with; undefined when there is none. It is taken from whoever has it.
   *
   * @param address where the client is.
   */
  find(point: ResumePoint, address = ''): HubSession | undefined | Promise<HubSession | undefined> {
    const { backplane } = this.#host;
    // Before an engine was ever reached it is not known whose numbers these are.
    if (backplane.epoch !== '' && point.epoch !== backplane.epoch) return undefined;
    // Another node may have been ahead of this one.
    if (point.sequence > backplane.lastSequence && !backplane.isShared) return undefined;
    const session = this.#store.get(point.session);
    if (session !== undefined) {
      if ((point.subscriptions ?? 0) <= session.subscriptions) return session;
      // It has been at another node since, which could not say so.
      this.released(session.id);
    }
    const record = backplane.takeSession(point.session);
    return record instanceof Promise
      ? record.then((one) => this.#taken(one, point, address))
      : this.#taken(record, point, address);
  }

  /** Whether it is a session of this node still. */
  has(session: HubSession): boolean {
    return this.#store.get(session.id) === session;
  }

  #taken(record: SessionRecord | undefined, point: ResumePoint, address: string): HubSession | undefined {
    if (record === undefined || point.epoch !== this.#host.backplane.epoch) return undefined;
    if (!isSessionRecord(record)) {
      this.#host.failed(notARecord());
      return undefined;
    }
    const known = this.#store.get(record.id);
    if (known !== undefined) {
      known.version = Math.max(known.version, record.version);
      return known;
    }
    // Its node died before it could store what it had told the client: going on would lose pushes without a word.
    if ((point.subscriptions ?? 0) > record.subscriptions) {
      void this.#host.backplane.forgetSession(record);
      return undefined;
    }
    const session = HubSession.of(record);
    this.#store.add(session);
    session.address = address;
    for (const address of session.addresses.keys()) this.#host.backplane.retain(address);
    // Until it has a connection: whoever asked for it may be gone.
    this.#store.detached(session, this.#host.now());
    return session;
  }

  /** Goes on with a session over the connection of a new member: it gets what it has missed. */
  resume(member: PushMember, session: HubSession, sequence: number): void {
    this.release(session);
    // What it has acknowledged it does not need again, whatever it says.
    session.sentSequence = Math.max(session.ackedSequence, sequence);
    session.ackedSequence = session.sentSequence;
    session.resumes++;
    this.resumes++;
    this.#attach(member, session);
    for (const address of session.addresses.keys()) member.enter(address);
    member.beginCatchUp(session);
    member.renewLabels(member.labels, session.setLabels);
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

  groupChanged(member: PushMember, address: string, isIn: boolean): void {
    const { session } = member;
    if (session === undefined) return;
    if (isIn) this.#holdGroup(session, member, address);
    else this.#drop(session, address);
    void this.save(session);
  }

  /** Takes an address from a session: nothing that was pushed to it is sent any more. */
  #drop(session: HubSession, address: string): void {
    session.sources.delete(address);
    if (session.addresses.delete(address)) this.#host.backplane.release(address);
  }

  /** Takes groups from a session that has no connection: its client may not have them any more. */
  dropGroups(session: HubSession, groups: Iterable<string>): void {
    for (const group of groups) this.#drop(session, addressOf(AddressKind.GROUP, group));
  }

  /** The connection of a session is gone; unless it was on purpose, the session waits for another. */
  detached(session: HubSession, reason: LeaveReason): void {
    session.isBehind = false;
    if (reason === 'left' || reason === 'expired') this.#store.end(session);
    else {
      this.#store.detached(session, this.#host.now());
      // A hub that closes lets go of its sessions at once.
      if (reason === 'shutdown' && this.#host.backplane.isShared) void this.#saveNow(session);
      else void this.save(session);
    }
  }

  #ended(session: HubSession): void {
    this.#releaseAddresses(session);
    void this.#host.backplane.forgetSession(session.record());
    if (session.member === undefined) this.#host.expired(session);
  }

  #releaseAddresses(session: HubSession): void {
    for (const address of session.addresses.keys()) this.#host.backplane.release(address);
  }

  /** Another node has it: its connection here is half-open most of the time. */
  released(id: string): void {
    const session = this.#store.get(id);
    if (session === undefined) return;
    this.release(session);
    this.#store.drop(session);
    this.#releaseAddresses(session);
  }

  /** The log is another one: nobody can go on. */
  expireAll(): void {
    for (const session of Array.from(this.#store.values())) {
      const { member } = session;
      if (member === undefined) this.#store.end(session);
      else {
        this.notify(member.current, { kind: 'expired' });
        this.#host.leave(member.current, 'expired');
      }
    }
  }

  /** Pushes cannot be had any more, and nobody knows for whom they were. */
  lost(from: number, to: number): void {
    for (const session of this.#store.values()) {
      // Who is behind, or away, meets the hole when it reads the log.
      if (session.member === undefined || session.isBehind) continue;
      session.sentSequence = Math.max(session.sentSequence, to);
      this.gaps++;
      this.notify(session.member.current, { kind: 'gap', from, to });
    }
  }

  sweep(nowMs: number): void {
    this.#store.sweep(nowMs);
    if (!this.#host.backplane.isShared) return;
    const everyMs = this.windowMs * REFRESH;
    for (const session of this.#store.values()) {
      if (session.member === undefined) continue;
      if (nowMs - session.toldMs >= everyMs) this.#tellPosition(session, session.member.current, nowMs);
      if (nowMs - session.savedMs >= everyMs) void this.save(session);
    }
  }

  /** Whoever gets nothing for long would seem to have missed all that the log does not keep any more. */
  #tellPosition(session: HubSession, current: Current, nowMs: number): void {
    const before = session.sentSequence;
    const sequence = this.position(session);
    session.toldMs = nowMs;
    if (sequence > before) this.notify(current, { kind: 'position', sequence });
  }

  close(): void {
    // Where others can go on with them they are not over.
    if (this.#host.backplane.isShared)
      for (const session of Array.from(this.#store.values())) this.#store.drop(session);
    else this.#store.clear();
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
    const packets: Bytes[] = [];
    for (const message of messages) {
      if (!session.addresses.has(message.address)) continue;
      if (message.where !== undefined && !matchesLabels(labels, message.where)) continue;
      const bytes = this.#encoded(message, session.hasEarly);
      if (bytes !== undefined) packets.push(bytes);
      else {
        // In its place: a client takes what comes behind a gap for newer.
        sendAll(member.current, packets.splice(0));
        this.tellGap(member, message.sequence, message.sequence);
      }
    }
    sendAll(member.current, packets);
    session.sentSequence = Math.max(session.sentSequence, upTo);
    if (isEnd) session.isBehind = false;
  }

  #encoded(message: HubMessage, isNamed: boolean): Bytes | undefined {
    try {
      return isNamed ? this.#host.named(message) : this.#host.encoded(message);
    } catch (error) {
      this.#host.failed(error);
      return undefined;
    }
  }

  tellGap(member: PushMember, from: number, to: number): void {
    this.gaps++;
    this.notify(member.current, { kind: 'gap', from, to });
  }

  notify(current: Current, notice: SessionNotice, requestId = 0): void {
    current.trySend(this.#hooks.encode(notice, requestId));
  }
}

function delay(time: TimeSource, ms: number): Promise<void> {
  return new Promise((resolve) => {
    after(time, ms, resolve);
  });
}

function notARecord(): TarsException {
  return new TarsException(
    'the record of a session in the engine is none; does something else use the same name there?',
    { code: 'TARSIER_PUSH_ENGINE' },
  );
}
