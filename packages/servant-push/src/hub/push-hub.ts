import {
  type Bytes,
  bytesOf,
  type Current,
  checkDurationMs,
  Emitter,
  LOG,
  TarsException,
  type TimeSource,
} from '@tarsier/framework';
import type { Backplane, BackplanePort, BackplaneState, PresenceState, Undelivered } from '../backplane/backplane.js';
import { defaultBackplane } from '../local/default-backplane.js';
import type { HubSession } from '../session/hub-session.js';
import { HubSessions, type SessionHost } from '../session/hub-sessions.js';
import { type SessionLimits, sessionLimits } from '../session/session-limits.js';
import type { GroupSource } from '../session/session-record.js';
import { FanOut } from './fan-out.js';
import { guarded } from './guarded.js';
import type { HubEvents } from './hub-events.js';
import { hubLimits } from './hub-limits.js';
import { AddressKind, addressOf, type HubMessage, newMessage } from './hub-message.js';
import { checkedProtocol, type HubProtocol, rawProtocol } from './hub-protocol.js';
import type { HubStats } from './hub-stats.js';
import { systemTime } from './hub-time.js';
import { keptGroup } from './kept-text.js';
import { matchesLabels } from './labels.js';
import { HubLedger, type Overflow } from './member-backlog.js';
import { type Push, PushState } from './push.js';
import type { JoinOptions, PushHubOptions } from './push-hub-options.js';
import { type LeaveReason, type MemberHost, PushMember } from './push-member.js';
import type { PushOptions } from './push-options.js';
import { type MemberFilter, PushTarget, type TargetHost } from './push-target.js';
import type { Roster } from './roster.js';
import { Rosters } from './rosters.js';

const SWEEP_MS = 1000;
const ALL = addressOf(AddressKind.ALL, '');

/**
 * Pushes to connections by group, user or label, whatever their number and however slow some of them are.
 *
 * ```ts
 * const hub = new PushHub();
 * hub.join(current, { user: 'ann', groups: ['room:7'] }); // in doRequest
 * hub.group('room:7').push(packet);
 * hub.leave(current); // in doClose
 * ```
 */
export class PushHub extends Emitter<HubEvents> implements TargetHost, MemberHost, SessionHost, BackplanePort {
  readonly backplane: Backplane;
  readonly protocol: HubProtocol;
  /** @internal */
  readonly limits: MemberHost['limits'];
  /** @internal */
  readonly ledger: HubLedger;
  /** @internal */
  readonly fanOut: FanOut;
  /** @internal */
  readonly sessionLimits: SessionLimits;
  /** @internal Present where the protocol has sessions. */
  readonly sessions: HubSessions | undefined;
  /** @internal */
  readonly time: TimeSource;
  readonly #members = new Map<number, PushMember>();
  readonly #rosters: Rosters<PushMember>;
  readonly #behind = new Set<PushMember>();
  readonly #all = new PushTarget(this, ALL, '');
  readonly #opened: void | Promise<void>;
  #stopSweeping: (() => void) | undefined;
  #isClosed = false;
  readonly #counts = { pushes: 0, joins: 0, leaves: 0, overflows: 0 };
  readonly #away = { outages: 0, undelivered: 0 };

  /** @throws TarsException `TARSIER_INVALID_ARGUMENT` for limits that make no sense. */
  constructor(options: PushHubOptions = {}) {
    super((fault, event) => {
      // A listener of error is not told of its own fault.
      if (event === 'error') LOG.error('a listener of error threw', { err: fault });
      else this.failed(fault);
    });
    this.time = options.time ?? systemTime;
    this.protocol = checkedProtocol(options.protocol ?? rawProtocol);
    this.limits = hubLimits(options.limits);
    this.ledger = new HubLedger(this.limits.totalBytes);
    this.fanOut = new FanOut(
      { now: () => performance.now(), defer: (run) => process.nextTick(run), yield: (run) => setImmediate(run) },
      checkDurationMs('sliceMs', options.sliceMs ?? 4),
      (error) => this.failed(error),
    );
    this.sessionLimits = sessionLimits(options.sessions);
    const log = { ageMs: 2 * this.sessionLimits.windowMs, ...options.log };
    this.backplane = options.backplane ?? defaultBackplane(log, () => this.time.now());
    this.#rosters = new Rosters(this.backplane);
    const { session } = this.protocol;
    this.sessions = session === undefined ? undefined : new HubSessions(this, session, this.sessionLimits);
    this.#opened = this.backplane.open(this);
    if (this.#opened instanceof Promise) this.#opened.catch((error: unknown) => this.failed(error));
  }

  /** Resolves when the backplane is there; `local` is at once. Nothing has to wait for it. */
  async ready(): Promise<void> {
    await this.#opened;
  }

  // --- members ---------------------------------------------------------------------------------------------------------------

  /**
   * Pushes to a connection from now on. Called again for the same connection it gives the same member, and lets it into more groups.
   *
   * @returns its member; of a connection that has ended already, one that is in nothing (`isGone`): an async handler may come that late.
   */
  join(current: Current, options: JoinOptions = {}): PushMember {
    const known = this.#members.get(current.getUId());
    if (known !== undefined) {
      if (options.labels !== undefined) known.setLabels(options.labels);
      for (const group of options.groups ?? []) known.join(group);
      return known;
    }
    return this.admit(current, options, 'program');
  }

  /** @internal A new member; who let it into its groups decides who is asked for them when its client comes back. */
  admit(current: Current, options: JoinOptions, source: GroupSource): PushMember {
    const member = this.candidate(current, options);
    // What is wrong with a name is told before anything is done.
    const groups = Array.from(options.groups ?? [], keptGroup);
    this.#add(member);
    for (const group of groups) member.joinFor(source, group);
    return member;
  }

  #add(member: PushMember): PushMember {
    if (this.#isClosed || !member.current.connectionExists()) {
      member.detach();
      return member;
    }
    this.#members.set(member.uid, member);
    this.#counts.joins++;
    member.enter(ALL);
    if (member.user !== '') member.enter(addressOf(AddressKind.USER, member.user));
    this.#stopSweeping ??= this.time.every(SWEEP_MS, () => this.#sweep(), false);
    this.emit('join', member);
    return member;
  }

  /**
   * Ends it: in `doClose`, or earlier. A session that its client has not ended waits for another connection.
   *
   * @returns true once for each that has joined.
   */
  leave(current: Current, reason?: LeaveReason): boolean {
    const member = this.#members.get(current.getUId());
    if (member === undefined) return false;
    const why = reason ?? (member.current.connectionExists() ? 'left' : 'closed');
    this.#members.delete(member.uid);
    this.#counts.leaves++;
    const { session } = member;
    member.detach();
    if (session !== undefined) this.sessions?.detached(session, why);
    this.emit('leave', member, why);
    return true;
  }

  /** The member of a connection. */
  member(current: Current): PushMember | undefined {
    return this.#members.get(current.getUId());
  }

  /** All members of this node, in the order in which they came. */
  members(): IterableIterator<PushMember> {
    return this.#members.values();
  }

  /** How many members this node has. */
  get size(): number {
    return this.#members.size;
  }

  /** How many members a group has, on all nodes; {@link PushHub.presence} tells what the answer is worth. */
  count(group: string): number {
    const address = addressOf(AddressKind.GROUP, group);
    return this.countHere(address) + this.backplane.elsewhere(address);
  }

  /** How many members of this node a group has. */
  localCount(group: string): number {
    return this.countHere(addressOf(AddressKind.GROUP, group));
  }

  /** How many nodes there are, and whether everything is known of them. */
  presence(): PresenceState {
    return this.backplane.presence();
  }

  /** The groups that have members here, and how many. */
  groups(): Map<string, number> {
    return this.#rosters.groups();
  }

  /** Whether a user has a connection, on any node; {@link PushHub.presence} tells what a `false` is worth. */
  isOnline(user: string): boolean {
    const address = addressOf(AddressKind.USER, user);
    return this.#rosters.has(address) || this.backplane.elsewhere(address) > 0;
  }

  /** Tells each member that joins, until the returned function is called. */
  onJoin(listener: (member: PushMember) => void): () => void {
    this.on('join', listener);
    return () => this.off('join', listener);
  }

  /** Tells each member that leaves, and why, until the returned function is called. */
  onLeave(listener: (member: PushMember, reason: LeaveReason) => void): () => void {
    this.on('leave', listener);
    return () => this.off('leave', listener);
  }

  // --- pushing ---------------------------------------------------------------------------------------------------------------

  /** Everybody in a group. */
  group(name: string): PushTarget {
    return new PushTarget(this, addressOf(AddressKind.GROUP, name), name);
  }

  /** Every connection of a user. */
  user(name: string): PushTarget {
    return new PushTarget(this, addressOf(AddressKind.USER, name), name);
  }

  /** Every connection. */
  all(): PushTarget {
    return this.#all;
  }

  /** Those with certain labels, or for whom a function is true; see {@link PushTarget.where}. */
  where(filter: MemberFilter): PushTarget {
    return this.#all.where(filter);
  }

  /** @internal */
  membersOf(address: string): readonly PushMember[] {
    return this.#rosters.snapshot(address);
  }

  /** @internal */
  pushToAddress(
    { address, name }: PushTarget,
    payload: Bytes | string,
    options: PushOptions | undefined,
    filter: MemberFilter | undefined,
  ): Push {
    const isLocal = typeof filter === 'function';
    const push = new PushState();
    const message = this.#message(address, name, payload, options, isLocal ? undefined : filter, push);
    if (isLocal)
      this.#hand(
        message,
        this.membersOf(address),
        guarded(filter, false, (error) => this.failed(error)),
      );
    else this.backplane.publish(message);
    return push;
  }

  /** @internal */
  pushTo(member: PushMember, payload: Bytes | string, options: PushOptions | undefined): PushState {
    const push = new PushState();
    const { session } = member;
    if (session === undefined) {
      this.#hand(this.#message('', member.user, payload, options, undefined, push), [member], undefined);
    } else {
      const address = addressOf(AddressKind.SESSION, session.id);
      this.backplane.publish(this.#message(address, member.user, payload, options, undefined, push));
    }
    return push;
  }

  #message(
    address: string,
    name: string,
    payload: Bytes | string,
    options: PushOptions | undefined,
    where: HubMessage['where'],
    push: PushState,
  ): HubMessage {
    if (this.#isClosed) throw new TarsException('the hub is closed', { code: 'TARSIER_CLOSED' });
    const bytes = typeof payload === 'string' ? payload : bytesOf(payload, 'push');
    this.#counts.pushes++;
    return newMessage(address, name, bytes, options, where, push);
  }

  /** @internal */
  deliver(message: HubMessage): void {
    const { where, isRepeated } = message;
    let filter = where === undefined ? undefined : (member: PushMember) => matchesLabels(member.labels, where);
    if (isRepeated) {
      const fits = filter;
      filter = (member) => member.session !== undefined && (fits?.(member) ?? true);
    }
    this.#hand(message, this.membersOf(message.address), filter);
  }

  /** @internal */
  checkEncoding(message: HubMessage): void {
    this.protocol.encode(message);
  }

  /** @internal The packet of a push that came by the log, which is made only when somebody wants it. */
  encoded(message: HubMessage): Bytes {
    message.bytes ??= this.protocol.encode(message);
    return message.bytes;
  }

  /** @internal The packet with its id, for a session that may have had the push under it elsewhere. */
  named(message: HubMessage): Bytes {
    const { name, id } = message;
    if (name === id) return this.encoded(message);
    message.namedBytes ??= this.protocol.encode({ ...message, id: name });
    return message.namedBytes;
  }

  #hand(
    message: HubMessage,
    members: readonly PushMember[],
    filter: ((member: PushMember) => boolean) | undefined,
  ): void {
    const { push } = message;
    if (push !== undefined) push.sequence = message.sequence;
    // What other nodes push to nobody here is not encoded.
    if (members.length > 0 || !this.backplane.isShared) this.encoded(message);
    if (members.length === 0) push?.finish();
    // Only members are given to it.
    else this.fanOut.add(message, members, filter as ((receiver: object) => boolean) | undefined);
  }

  // --- what members and backplane need -----------------------------------------------------------------------------------------

  /** @internal */
  now(): number {
    return this.time.now();
  }

  /** @internal */
  roster(address: string): Roster<PushMember> {
    return this.#rosters.of(address);
  }

  /** @internal */
  counted(address: string): void {
    this.backplane.changed(address);
  }

  /** @internal */
  countHere(address: string): number {
    return this.#rosters.size(address);
  }

  /** @internal */
  addresses(): IterableIterator<string> {
    return this.#rosters.addresses();
  }

  /** @internal */
  get windowMs(): number {
    return this.sessions?.windowMs ?? 0;
  }

  /** @internal Every member was handed all that was pushed up to this number. */
  get handedSequence(): number {
    return this.fanOut.pending === 0 ? this.backplane.lastSequence : this.fanOut.doneSequence;
  }

  /** @internal */
  stateChanged(state: BackplaneState, reason: string): void {
    if (state === 'down') this.#away.outages++;
    else this.sessions?.saveAll();
    this.emit('backplane', state, reason);
  }

  /** @internal */
  epochChanged(): void {
    this.fanOut.renumber();
    this.sessions?.expireAll();
  }

  /** @internal */
  lost(from: number, to: number): void {
    this.sessions?.lost(from, to);
  }

  /** @internal */
  released(sessionId: string): void {
    this.sessions?.released(sessionId);
  }

  /** @internal */
  undelivered(pushes: Undelivered): void {
    this.#away.undelivered += pushes.pushes;
    this.emit('undelivered', pushes);
  }

  /** @internal */
  emptied({ address }: Roster<PushMember>): void {
    this.#rosters.emptied(address);
  }

  /** @internal */
  groupChanged(member: PushMember, address: string, isIn: boolean): void {
    this.sessions?.groupChanged(member, address, isIn);
  }

  /** @internal */
  behind(member: PushMember, isBehind: boolean): void {
    if (isBehind) this.#behind.add(member);
    else this.#behind.delete(member);
  }

  /** @internal */
  overflowed(member: PushMember, overflow: Overflow): void {
    this.#counts.overflows++;
    this.emit('overflow', member, overflow);
  }

  /** @internal */
  tellGap(member: PushMember, from: number, to: number): void {
    this.sessions?.tellGap(member, from, to);
  }

  /** @internal */
  catchUp(member: PushMember, session: HubSession): boolean {
    return this.sessions?.catchUp(member, session) ?? true;
  }

  /** @internal */
  expired({ user, id }: HubSession): void {
    if (!this.#isClosed) this.emit('expire', user, id);
  }

  /** @internal */
  failed(error: unknown): void {
    LOG.error('a push hub has a fault that nobody waits for', { err: error });
    this.emit('error', error);
  }

  /** @internal A member that is in nothing yet: its rights are asked for. */
  candidate(current: Current, { user = '', labels = {} }: JoinOptions): PushMember {
    return new PushMember(this, current, user, labels);
  }

  /** @internal Goes on with a session over the connection of a candidate. */
  resumeSession(member: PushMember, session: HubSession, sequence: number, hasEarly: boolean): void {
    this.sessions?.release(session);
    this.leave(member.current, 'left');
    this.#add(member);
    if (member.isGone) return;
    session.hasEarly = hasEarly;
    this.sessions?.resume(member, session, sequence);
    this.emit('resume', member);
  }

  #sweep(): void {
    try {
      const nowMs = this.time.now();
      for (const member of Array.from(this.#behind)) member.expire(nowMs);
      this.sessions?.sweep(nowMs);
      this.backplane.sweep();
    } catch (error) {
      this.failed(error);
    }
  }

  /** What it has done, and what it holds. */
  stats(): HubStats {
    return {
      ...this.#counts,
      members: this.#members.size,
      behind: this.#behind.size,
      waitingBytes: this.ledger.bytes,
      fanOuts: this.fanOut.pending,
      groups: this.#rosters.groupCount,
      sessions: this.sessions?.size ?? 0,
      away: this.sessions?.away ?? 0,
      resumes: this.sessions?.resumes ?? 0,
      gaps: this.sessions?.gaps ?? 0,
      backplane: { name: this.backplane.name, state: this.backplane.state, ...this.#away },
    };
  }

  /** Lets all members go, without closing their connections, and ends the sessions; later pushes throw. Belongs into `destroyApp`. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    for (const member of Array.from(this.#members.values())) this.leave(member.current, 'shutdown');
    this.#isClosed = true;
    this.#stopSweeping?.();
    this.sessions?.close();
    await this.backplane.close();
  }
}
