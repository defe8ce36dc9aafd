import { type Bytes, type Current, SendResult } from '@tarsier/framework';
import type { Peer } from '@tarsier/framework/internal';
import type { HubSession } from '../session/hub-session.js';
import type { GroupSource } from '../session/session-record.js';
import type { HubLimits } from './delivery.js';
import type { FanOut, Receiver } from './fan-out.js';
import { AddressKind, addressOf, type HubMessage } from './hub-message.js';
import { keptGroup, keptLabels, keptText, MAX_USER_BYTES } from './kept-text.js';
import type { Labels } from './labels.js';
import { BATCH_BYTES, type HubLedger, MemberBacklog, type Overflow } from './member-backlog.js';
import type { PushState } from './push.js';
import type { PushOptions } from './push-options.js';
import type { Roster, RosterEntry } from './roster.js';
import { sendAll } from './send-all.js';

/** Why a member is none any more. */
export type LeaveReason =
  /** Its connection ended; `current.getCloseType()` in `doClose` says how. */
  | 'closed'
  /** `hub.leave` was called while the connection lives on. */
  | 'left'
  /** It was too far behind, and the policy is to close. */
  | 'overflow'
  /** Its session went on over another connection. */
  | 'replaced'
  /** `identify` says that its client may not be here any more. */
  | 'refused'
  /** Its session is over, because the log is another one: the client has to open a new one. */
  | 'expired'
  /** The hub was closed. */
  | 'shutdown';

const GROUP = addressOf(AddressKind.GROUP, '');

/** A roster that a member is in, and where it stands there. */
interface Place {
  readonly roster: Roster<PushMember>;
  index: number;
}

/** What became of a push for one member. */
type Taking = 'sent' | 'queued' | 'coalesced' | 'dropped' | 'gone';

/** The hub, as its members see it. */
export interface MemberHost {
  readonly limits: HubLimits;
  readonly ledger: HubLedger;
  readonly fanOut: FanOut;
  now(): number;
  roster(address: string): Roster<PushMember>;
  /** Nobody is in it any more. */
  emptied(roster: Roster<PushMember>): void;
  /** An address has one member more or less. */
  counted(address: string): void;
  groupChanged(member: PushMember, address: string, isIn: boolean): void;
  failed(error: unknown): void;
  pushTo(member: PushMember, payload: Bytes | string, options: PushOptions | undefined): PushState;
  /** It is behind, or not any more. */
  behind(member: PushMember, isBehind: boolean): void;
  overflowed(member: PushMember, overflow: Overflow): void;
  leave(current: Current, reason: LeaveReason): boolean;
  /** The packet of a push with its id. */
  named(message: HubMessage): Bytes;
  /** Sends what a session has to be told. */
  tellGap(member: PushMember, from: number, to: number): void;
  /** Reads on in the log for a member whose session is behind; false when it takes time, and `goOn` is called later. */
  catchUp(member: PushMember, session: HubSession): boolean;
}

/**
 * One connection that is pushed to: who is behind it, and in which groups it is.
 *
 * It lives as long as its connection. What outlives that is its session, if it has one.
 */
export class PushMember implements Receiver, RosterEntry {
  // What every push looks at stands first, so that it shares a line of the cache: with ten thousand members none is in it before.
  readonly #peer: Peer;
  #isGone = false;
  /** Present while it is behind. */
  #backlog: MemberBacklog | undefined;
  /** @internal */
  session: HubSession | undefined;
  /** The way to its connection; it keeps no request. */
  readonly current: Current;
  /** Name of the user, '' when none was given. */
  readonly user: string;
  /** When it joined, in ms since 1970. */
  readonly joinedMs: number;
  readonly #host: MemberHost;
  #labels: Labels;
  #setLabels: Labels = {};
  /** The addresses that it is in, and where it stands in each of their rosters. */
  readonly #places = new Map<string, Place>();
  #groupCount = 0;
  /** Who let it into groups, where that was not the program. */
  #sources: Map<string, GroupSource> | undefined;
  /** Sequences that were dropped, until it can be told. */
  #gap: { from: number; to: number } | undefined;

  /** @internal */
  constructor(host: MemberHost, current: Current, user: string, labels: Labels) {
    this.#peer = current.peer;
    this.#host = host;
    this.current = current.forPush();
    this.user = keptText(user, MAX_USER_BYTES, 'the name of the user');
    this.#labels = keptLabels(labels);
    this.joinedMs = Date.now();
  }

  /** Number of its connection, as `current.getUId()`. */
  get uid(): number {
    return this.current.getUId();
  }

  get labels(): Labels {
    return this.#labels;
  }

  /**
   * Sets labels; those that are not named stay. They stay too when the client goes on over another connection, over what `identify` says then.
   *
   * @throws TarsException `TARSIER_PUSH_LIMIT` when all labels take more than 8192 bytes.
   */
  setLabels(labels: Labels): void {
    this.#labels = keptLabels({ ...this.#labels, ...labels });
    this.#setLabels = keptLabels({ ...this.#setLabels, ...labels });
    this.#storeLabels();
  }

  /** @internal Its user has these labels now; those that were set later stay. */
  renewLabels(labels: Labels, setLabels: Labels): void {
    this.#labels = keptLabels({ ...labels, ...setLabels });
    this.#setLabels = setLabels;
    this.#storeLabels();
  }

  /** @internal Those of its labels that `setLabels` has set. */
  get labelsSet(): Labels {
    return this.#setLabels;
  }

  #storeLabels(): void {
    const { session } = this;
    if (session === undefined) return;
    session.labels = this.#labels;
    session.setLabels = this.#setLabels;
  }

  /** The groups that it is in. */
  get groups(): string[] {
    const groups: string[] = [];
    for (const address of this.#places.keys()) {
      if (address.startsWith(GROUP)) groups.push(address.slice(GROUP.length));
    }
    return groups;
  }

  /** How many they are. */
  get groupCount(): number {
    return this.#groupCount;
  }

  /** When its peer last sent something, in ms since 1970. */
  get lastSeenMs(): number {
    return this.current.getLastRecvTime();
  }

  /** Whether it reads slower than it is sent to. */
  get isBehind(): boolean {
    return this.#backlog !== undefined;
  }

  /** Bytes that wait for it: here, and in its connection. */
  get waitingBytes(): number {
    return (this.#backlog?.bytes ?? 0) + this.current.getSendQueueLength();
  }

  /** Whether it is in the hub no more. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Secret of its session; '' when it has none. */
  get sessionId(): string {
    return this.session?.id ?? '';
  }

  /**
   * Lets it into a group; false when it is in it already, or gone.
   *
   * @throws TarsException `TARSIER_PUSH_LIMIT` for a name of more than 65535 bytes.
   */
  join(group: string): boolean {
    return this.#joinAs(group, 'program');
  }

  /** @internal As {@link PushMember.join}, in the name of somebody else: they are asked again when the client comes back. */
  joinFor(source: GroupSource, group: string): boolean {
    return this.#joinAs(group, source);
  }

  #joinAs(group: string, source: GroupSource): boolean {
    if (this.#isGone) return false;
    const name = keptGroup(group);
    const address = addressOf(AddressKind.GROUP, name);
    const isNew = this.enter(address);
    if (isNew) {
      if (source !== 'program') {
        this.#sources ??= new Map();
        this.#sources.set(address, source);
      }
      this.#host.groupChanged(this, address, true);
    } else if (source === 'program') {
      this.#sources?.delete(address);
      this.session?.sources.delete(address);
    }
    return isNew;
  }

  /** Takes it out of a group; false when it was not in it. */
  leave(group: string): boolean {
    const address = addressOf(AddressKind.GROUP, group);
    const place = this.#places.get(address);
    if (place === undefined) return false;
    this.#exit(address, place);
    this.#sources?.delete(address);
    // What waits for it of the group is not for it any more.
    this.#backlog?.forget(address);
    this.#host.groupChanged(this, address, false);
    return true;
  }

  /** Whether it is in a group. */
  isIn(group: string): boolean {
    return this.#places.has(addressOf(AddressKind.GROUP, group));
  }

  /** Sends one push to this member only. */
  push(payload: Bytes | string, options?: PushOptions): PushState {
    return this.#host.pushTo(this, payload, options);
  }

  /** @internal Lets it into the roster of an address. */
  enter(address: string): boolean {
    if (this.#places.has(address)) return false;
    const roster = this.#host.roster(address);
    this.#places.set(address, { roster, index: roster.add(this) });
    if (address.startsWith(GROUP)) this.#groupCount++;
    this.#host.counted(address);
    return true;
  }

  /** @internal Who let it into a group. */
  sourceOf(address: string): GroupSource {
    return this.#sources?.get(address) ?? this.session?.sources.get(address) ?? 'program';
  }

  /** @internal */
  moved(roster: object, index: number): void {
    const place = this.#places.get((roster as Roster<PushMember>).address);
    if (place !== undefined) place.index = index;
  }

  #exit(address: string, { roster, index }: Place): void {
    roster.remove(index);
    this.#places.delete(address);
    if (address.startsWith(GROUP)) this.#groupCount--;
    this.#host.counted(address);
    if (roster.size === 0) this.#host.emptied(roster);
  }

  /** @internal It is gone: takes it out of everything. */
  detach(): void {
    this.#isGone = true;
    for (const [address, place] of this.#places) this.#exit(address, place);
    this.#backlog?.clear();
    if (this.#backlog !== undefined) this.#host.behind(this, false);
    this.#backlog = undefined;
  }

  // --- delivery ------------------------------------------------------------------------------------------------------------

  /** @internal */
  deliver(messages: readonly HubMessage[]): void {
    const peer = this.#peer;
    const last = messages.length - 1;
    for (let i = 0; i <= last; i++) {
      const message = messages[i] as HubMessage;
      const { push } = message;
      const taken = this.#take(message, peer, i === last);
      if (push === undefined) continue;
      if (taken === 'sent') push.sent++;
      else if (taken === 'queued') push.queued++;
      else if (taken === 'coalesced') push.coalesced++;
      else if (taken === 'gone') push.gone++;
      else push.dropped++;
    }
  }

  #take(message: HubMessage, peer: Peer, isLast: boolean): Taking {
    if (this.#isGone || !peer.isOpen) return 'gone';
    const { session } = this;
    return session === undefined
      ? this.#send(message, message.bytes as Bytes, peer, isLast)
      : this.#takeForSession(message, session, peer, isLast);
  }

  #takeForSession(message: HubMessage, session: HubSession, peer: Peer, isLast: boolean): Taking {
    const { sequence } = message;
    // It has read on in the log, which is ahead of what is handed out.
    if (sequence > 0 && sequence <= session.sentSequence) return 'sent';
    const bytes = session.hasEarly ? this.#host.named(message) : (message.bytes as Bytes);
    const taken = this.#send(message, bytes, peer, isLast);
    if (taken === 'sent' && sequence > 0) session.sentSequence = sequence;
    return taken;
  }

  #send(message: HubMessage, bytes: Bytes, peer: Peer, isLast: boolean): Taking {
    if (this.#backlog === undefined && !peer.isCongested) {
      // The writes are the larger part of the work: so they count for the slice.
      const result = isLast ? peer.sendNow(bytes) : peer.send(bytes);
      if (result !== SendResult.REFUSED) return 'sent';
      if (!peer.isOpen) return 'gone';
    }
    return this.#wait(message, bytes);
  }

  #wait(message: HubMessage, bytes: Bytes): 'queued' | 'coalesced' | 'dropped' {
    const backlog = this.#fallBehind();
    if (this.session !== undefined && message.sequence > 0) {
      // The log has it: it is read from there when the member has caught up that far. It was sent all that came before.
      if (!this.session.isBehind) this.session.sentSequence = Math.max(this.session.sentSequence, message.sequence - 1);
      this.session.isBehind = true;
      return 'queued';
    }
    const taken = backlog.add(message, bytes, this.#host.now());
    if (taken !== 'closed') return taken;
    this.#close();
    return 'dropped';
  }

  #close(): void {
    this.current.close();
    this.#host.leave(this.current, 'overflow');
  }

  #fallBehind(): MemberBacklog {
    if (this.#backlog !== undefined) return this.#backlog;
    const { limits, ledger } = this.#host;
    const backlog = new MemberBacklog(limits, ledger, (overflow, sequences) => {
      this.#overflowed(overflow, sequences);
    });
    this.#backlog = backlog;
    this.#host.behind(this, true);
    this.#goOnWhenWritable();
    return backlog;
  }

  #overflowed(overflow: Overflow, sequences: readonly number[]): void {
    const [first] = sequences;
    if (first !== undefined) this.missed(first, sequences.at(-1) ?? first);
    this.#host.overflowed(this, overflow);
  }

  /** @internal It will not get these; it is told as soon as it reads. */
  missed(from: number, to: number): void {
    const gap = this.#gap;
    this.#gap = gap === undefined ? { from, to } : { from: Math.min(gap.from, from), to: Math.max(gap.to, to) };
  }

  #goOnWhenWritable(): void {
    this.current
      .whenWritable()
      .then((isOpen) => {
        if (isOpen) this.goOn();
      })
      .catch((error: unknown) => {
        this.#host.failed(error);
        // It comes back, and gets what it has missed.
        this.current.close();
      });
  }

  /** @internal Sends what waits, until the connection has enough again. */
  goOn(): void {
    const { current, session } = this;
    for (;;) {
      if (this.#isGone || !current.connectionExists()) return;
      if (current.isCongested()) {
        this.#goOnWhenWritable();
        return;
      }
      if (this.#gap !== undefined) {
        const { from, to } = this.#gap;
        this.#gap = undefined;
        this.#host.tellGap(this, from, to);
      }
      if (session?.isBehind === true) {
        if (!this.#host.catchUp(this, session)) return;
        continue;
      }
      const waiting = this.#backlog?.take() ?? [];
      if (waiting.length === 0) break;
      sendAll(current, waiting);
    }
    this.#backlog = undefined;
    this.#host.behind(this, false);
  }

  /** @internal It reads from the log what its session has missed. */
  beginCatchUp(session: HubSession): void {
    this.session = session;
    session.isBehind = true;
    this.#fallBehind();
  }

  /** @internal Gives up what has waited too long. */
  expire(nowMs: number): void {
    if (this.#backlog?.expire(nowMs) === false) this.#close();
  }
}

/** Bytes that are read from the log at a time. */
export const READ_BYTES: number = BATCH_BYTES;
