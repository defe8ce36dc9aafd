import type { Bytes } from '@tarsier/protocol';
import type { SendQueue } from '@tarsier/protocol/internal';
import type { ConnectionLimits } from './connection-limits.js';
import { FlowCheck } from './flow-check.js';
import { HeldPackets } from './held-packets.js';
import type { SendDrop, SendLimit } from './send-drop.js';
import type { Debtor, SendLedger } from './send-ledger.js';

/** Of packets that are held one by one, so many bytes go to the socket at a time: those in the socket cannot be given up. */
const BATCH_BYTES = 65_536;

/** The connection, as its backlog sees it. */
export interface BacklogOwner extends Debtor {
  readonly isOpen: boolean;
  readonly limits: ConnectionLimits;
  readonly ledger: SendLedger;
  /** Bytes that lie in the socket. */
  readonly socketBytes: number;
  /** Bytes that have left the process. */
  readonly sentBytes: number;
  /** Packets were not sent. @param hasAnswers whether answers to requests are among them. */
  dropped(drop: SendDrop, hasAnswers: boolean): void;
  /** Serves no more requests until the peer has read. */
  hold(): void;
  /** {@link SendBacklog.dueMs} has changed. */
  schedule(): void;
}

/**
 * What waits for a peer from the moment on at which its socket had enough, until it takes bytes again; and the limits on that, with
 * what happens when one is reached. Connections whose peers keep up have none.
 */
export class SendBacklog {
  readonly #owner: BacklogOwner;
  readonly #queue: SendQueue;
  /** Present where the oldest may be given up. */
  readonly #held: HeldPackets | undefined;
  #sinceMs: number;
  #packets = 0;
  #owedBytes = 0;
  #waiters: ((isOpen: boolean) => void)[] | undefined;
  /** Looks whether it goes on at all; present once a limit was reached. */
  #flow: FlowCheck | undefined;

  constructor(owner: BacklogOwner, queue: SendQueue, nowMs: number) {
    this.#owner = owner;
    this.#queue = queue;
    this.#held = owner.limits.sendPolicy === 'drop-oldest' ? new HeldPackets() : undefined;
    this.#sinceMs = nowMs;
    this.#owe(owner.socketBytes);
  }

  /** Bytes that wait for the peer, those in the socket included. */
  get owedBytes(): number {
    return this.#owedBytes;
  }

  /** Bytes of packets that are held one by one. */
  get heldBytes(): number {
    return this.#held?.length ?? 0;
  }

  /** When {@link SendBacklog.check} shall be called; Infinity when it need not. */
  get dueMs(): number {
    const { maxSendAgeMs, sendPolicy } = this.#owner.limits;
    const isAged = maxSendAgeMs > 0 && (sendPolicy === 'close' || sendPolicy === 'drop-oldest');
    const agedMs = isAged ? this.#oldestMs + maxSendAgeMs : Number.POSITIVE_INFINITY;
    return Math.min(agedMs, this.#flow?.dueMs ?? agedMs);
  }

  /** Since when the oldest that can still be given up waits, or else since when the socket takes nothing. */
  get #oldestMs(): number {
    return this.#held === undefined ? this.#sinceMs : this.#held.oldestMs;
  }

  #owe(bytes: number): void {
    this.#owedBytes += bytes;
    this.#owner.ledger.owe(this.#owner, bytes);
  }

  // --- what comes ----------------------------------------------------------------------------------------------------------

  /** Takes a packet, unless that breaks a limit; the policy is carried out then. False when it was not taken. */
  send(bytes: Bytes, isAnswer: boolean, nowMs: number): boolean {
    const { limits } = this.#owner;
    const limit = this.#exceeded(bytes.length, nowMs);
    if (limit !== undefined && !this.#makeRoom(limit, bytes.length, isAnswer, nowMs)) {
      if (!(isAnswer && limits.sendPolicy === 'wait')) return false;
      // The limit holds for what comes next.
      this.#owner.hold();
    }
    this.#packets++;
    this.#owe(bytes.length);
    if (this.#held === undefined) this.#queue.push(bytes);
    else this.#hold(this.#held, bytes, nowMs, isAnswer);
    return true;
  }

  #hold(held: HeldPackets, bytes: Bytes, nowMs: number, isAnswer: boolean): void {
    held.push(bytes, nowMs, isAnswer);
    if (held.size === 1 && this.#owner.limits.maxSendAgeMs > 0) this.#owner.schedule();
  }

  /** The limit that one more packet would break. */
  #exceeded(size: number, nowMs: number): SendLimit | undefined {
    const { limits, ledger } = this.#owner;
    if (this.#owedBytes + size > limits.maxSendBytes) return 'backpacketlimit';
    const packets = this.#held === undefined ? this.#packets : this.#held.size;
    if (limits.maxSendPackets > 0 && packets >= limits.maxSendPackets) return 'backpacketcount';
    if (limits.maxSendAgeMs > 0 && nowMs - this.#oldestMs >= limits.maxSendAgeMs) return 'backpacketage';
    return ledger.total + size > ledger.limit ? 'sendbufferlimit' : undefined;
  }

  #makeRoom(limit: SendLimit, size: number, isAnswer: boolean, nowMs: number): boolean {
    const owner = this.#owner;
    const { sendPolicy } = owner.limits;
    if (sendPolicy === 'close') {
      const left = limit === 'sendbufferlimit' ? this.#closeOthers(size, nowMs) : limit;
      if (left !== undefined) owner.giveUp(left);
      return left === undefined && owner.isOpen;
    }
    if (this.#flow === undefined) {
      this.#flow = new FlowCheck(nowMs, owner.sentBytes);
      owner.schedule();
    }
    // Whoever is told of it may close the connection.
    if (sendPolicy === 'drop-oldest' && this.#dropFor(limit, size, nowMs)) return owner.isOpen;
    if (sendPolicy !== 'wait') owner.dropped({ limit, action: 'refused', packets: 1, bytes: size }, isAnswer);
    return false;
  }

  /** All that waits in the process is too much: those go for whom most waits, until there is room or it is this one's turn. */
  #closeOthers(size: number, nowMs: number): SendLimit | undefined {
    for (;;) {
      const limit = this.#exceeded(size, nowMs);
      const largest = limit === 'sendbufferlimit' ? this.#owner.ledger.largest() : undefined;
      if (largest === undefined || largest === this.#owner) return limit;
      largest.giveUp('sendbufferlimit');
    }
  }

  #dropFor(limit: SendLimit, size: number, nowMs: number): boolean {
    // What lies in the socket cannot be given up.
    if (this.#owedBytes - this.heldBytes + size > this.#owner.limits.maxSendBytes) return false;
    const isEnough = (): boolean => this.#exceeded(size, nowMs) === undefined;
    this.#dropWhile(limit, () => !isEnough());
    return isEnough();
  }

  #dropWhile(limit: SendLimit, isTooMuch: () => boolean): void {
    const held = this.#held;
    let packets = 0;
    let bytes = 0;
    let hasAnswers = false;
    while (isTooMuch()) {
      const oldest = held?.shift();
      if (oldest === undefined) break;
      hasAnswers ||= held?.wasAnswer === true;
      packets++;
      bytes += oldest.length;
      this.#owedBytes -= oldest.length;
      this.#owner.ledger.pay(oldest.length);
    }
    if (packets > 0) this.#owner.dropped({ limit, action: 'dropped', packets, bytes }, hasAnswers);
  }

  // --- what goes -----------------------------------------------------------------------------------------------------------

  /** Moves packets that are held to the queue: a batch, or all. */
  release(isAll: boolean): void {
    const held = this.#held;
    let room = isAll ? Number.POSITIVE_INFINITY : BATCH_BYTES;
    while (held !== undefined && room > 0) {
      const bytes = held.shift();
      if (bytes === undefined) return;
      room -= bytes.length;
      this.#queue.push(bytes);
    }
  }

  /** The socket takes bytes again. Whether it has taken all that waited. */
  drained(): boolean {
    const queue = this.#queue;
    do {
      this.release(!this.#owner.isOpen);
      queue.drained();
    } while (!queue.isBlocked && this.heldBytes > 0);
    return !queue.isBlocked;
  }

  /** The socket has taken what it had, and has enough again. */
  renew(nowMs: number): void {
    const { ledger, socketBytes } = this.#owner;
    this.#sinceMs = nowMs;
    this.#packets = 0;
    ledger.settle(this.#owner, this.#owedBytes);
    this.#owedBytes = 0;
    this.#owe(socketBytes + this.heldBytes);
  }

  /** Whoever waits for room is told when there is some; false when the connection ended. */
  whenWritable(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiters ??= [];
      this.#waiters.push(resolve);
    });
  }

  /** The peer has caught up, or is gone. */
  end(isOpen: boolean): void {
    this.#owner.ledger.settle(this.#owner, this.#owedBytes);
    this.#owedBytes = 0;
    const waiters = this.#waiters ?? [];
    this.#waiters = undefined;
    for (const resolve of waiters) resolve(isOpen);
  }

  /** The clock: gives up what is too old, or the whole connection. */
  check(nowMs: number): void {
    const owner = this.#owner;
    const { maxSendAgeMs, minSendBytes, sendPolicy } = owner.limits;
    const isOld = (): boolean => nowMs - this.#oldestMs >= maxSendAgeMs;
    if (this.#flow?.isStuck(nowMs, owner.sentBytes, minSendBytes) === true) owner.giveUp('backpacketmin');
    else if (maxSendAgeMs === 0) return;
    else if (sendPolicy === 'drop-oldest') this.#dropWhile('backpacketage', isOld);
    else if (sendPolicy === 'close' && isOld()) owner.giveUp('backpacketage');
  }
}
