import { Fifo } from '../hub/fifo.js';
import type { HubMessage } from '../hub/hub-message.js';
import { AddressLog } from './address-log.js';
import type { LogAnswer, LogRequest } from './backplane.js';
import { EarliestFirst } from './earliest-first.js';

/** How much is kept for sessions that come back. */
export interface LogLimits {
  /** Bytes and pushes of one address. */
  readonly bytesPerAddress: number;
  readonly pushesPerAddress: number;
  /** Bytes in all. */
  readonly totalBytes: number;
  /** How long a push is kept, in ms. */
  readonly ageMs: number;
}

export const defaultLogLimits: LogLimits = {
  bytesPerAddress: 8_388_608,
  pushesPerAddress: 50_000,
  totalBytes: 134_217_728,
  ageMs: 60_000,
};

/** What a push costs besides its bytes, roughly. */
const OVERHEAD_BYTES = 200;

/**
 * `held`: only addresses that a session here may ask for are kept, and each remembers up to where something was dropped.
 *
 * `mirror`: every address is kept, since a session of another node may come here; what was dropped lies below a floor for all of them.
 */
export type LogMode = 'held' | 'mirror';

/** Pushes in memory that may be asked for again, in the order of their numbers. */
export class PushLog {
  readonly #limits: LogLimits;
  readonly #now: () => number;
  readonly #isMirror: boolean;
  readonly #logs = new Map<string, AddressLog>();
  /** All of a mirror, the oldest first; those that their address has dropped are left out when their turn comes. */
  readonly #order = new Fifo<{ readonly log: AddressLog; readonly sequence: number; readonly atMs: number }>();
  #last = 0;
  #floor = 0;
  #bytes = 0;

  constructor(limits: Partial<LogLimits> = {}, now: () => number = () => performance.now(), mode: LogMode = 'held') {
    this.#limits = { ...defaultLogLimits, ...limits };
    this.#now = now;
    this.#isMirror = mode === 'mirror';
  }

  /** The number of the newest push. */
  get last(): number {
    return this.#last;
  }

  /** Of a mirror: what is not above it may have been dropped. */
  get floor(): number {
    return this.#floor;
  }

  /** What is kept now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Begins anew behind a number. */
  reset(sequence: number): void {
    this.clear();
    this.#last = sequence;
    this.#floor = sequence;
  }

  clear(): void {
    this.#logs.clear();
    while (this.#order.shift() !== undefined);
    this.#bytes = 0;
  }

  /** Everything up to this number is gone, though it never came. */
  lost(sequence: number): void {
    this.#last = Math.max(this.#last, sequence);
    this.#floor = Math.max(this.#floor, sequence);
  }

  /** A push has this number. */
  advance(sequence: number): void {
    this.#last = sequence;
  }

  /** Keeps a push, if somebody may ask for it. */
  keep(message: HubMessage): void {
    const log = this.#isMirror ? this.#logOf(message.address) : this.#logs.get(message.address);
    if (log === undefined) return;
    const { bytesPerAddress, pushesPerAddress, totalBytes } = this.#limits;
    const nowMs = this.#now();
    const held = this.#isMirror ? message.payload.length : 0;
    const logged = { message, size: held + (message.bytes?.length ?? 0) + OVERHEAD_BYTES, atMs: nowMs };
    log.add(logged);
    if (this.#isMirror) this.#order.push({ log, sequence: message.sequence, atMs: nowMs });
    this.#bytes += logged.size;
    if (this.#isMirror) this.#dropOldest(nowMs - this.#limits.ageMs);
    else this.#dropOld(log, nowMs);
    while (log.size > pushesPerAddress || log.bytes > bytesPerAddress) this.#drop(log);
    while (this.#bytes > totalBytes) this.#dropOne();
  }

  #logOf(address: string): AddressLog {
    let log = this.#logs.get(address);
    if (log === undefined) this.#logs.set(address, (log = new AddressLog(address)));
    return log;
  }

  #dropOld(log: AddressLog, nowMs: number): void {
    const { ageMs } = this.#limits;
    for (let { oldest } = log; oldest !== undefined && nowMs - oldest.atMs > ageMs; { oldest } = log) this.#drop(log);
  }

  #drop(log: AddressLog): void {
    this.#bytes -= log.drop()?.size ?? 0;
  }

  /** Of a mirror: drops all that came before, and what addresses have dropped already. */
  #dropOldest(beforeMs: number): void {
    for (let first = this.#order.peek(); first !== undefined; first = this.#order.peek()) {
      if (first.log.oldest?.message.sequence === first.sequence && first.atMs >= beforeMs) return;
      this.#dropFirst();
    }
  }

  /** Takes the oldest of a mirror out: nothing is kept that is older. */
  #dropFirst(): void {
    const first = this.#order.shift();
    if (first === undefined) return;
    const { log, sequence } = first;
    this.#floor = Math.max(this.#floor, sequence);
    if (log.oldest?.message.sequence === sequence) this.#drop(log);
    if (log.size === 0 && this.#logs.get(log.address) === log) this.#logs.delete(log.address);
  }

  /** The oldest of all: the bytes of one busy address are bounded by themselves, so there are many addresses, or one. */
  #dropOne(): void {
    if (this.#isMirror) {
      this.#dropFirst();
      return;
    }
    let first: AddressLog | undefined;
    let firstSequence = Number.POSITIVE_INFINITY;
    for (const log of this.#logs.values()) {
      const sequence = log.oldest?.message.sequence ?? Number.POSITIVE_INFINITY;
      if (sequence < firstSequence) [first, firstSequence] = [log, sequence];
    }
    if (first !== undefined) this.#drop(first);
  }

  retain(address: string): void {
    if (!this.#isMirror) this.#logOf(address).holders++;
  }

  release(address: string): void {
    const log = this.#logs.get(address);
    if (this.#isMirror || log === undefined || --log.holders > 0) return;
    this.#bytes -= log.bytes;
    this.#logs.delete(address);
  }

  read({ addresses, after, maxBytes }: LogRequest): LogAnswer {
    const nowMs = this.#now();
    if (this.#isMirror) this.#dropOldest(nowMs - this.#limits.ageMs);
    let gapTo = 0;
    const heads = new EarliestFirst();
    for (const [address, since] of addresses) {
      const from = Math.max(after, since);
      if (this.#floor > from) gapTo = Math.max(gapTo, this.#floor);
      const log = this.#logs.get(address);
      if (log === undefined) continue;
      if (!this.#isMirror) this.#dropOld(log, nowMs);
      if (log.droppedUpTo > from) gapTo = Math.max(gapTo, log.droppedUpTo);
      heads.add(log.after(from));
    }
    const messages: HubMessage[] = [];
    let bytes = 0;
    while (bytes < maxBytes) {
      const message = heads.take()?.message;
      if (message === undefined) break;
      messages.push(message);
      bytes += message.bytes?.length ?? message.payload.length;
    }
    const isEnd = heads.isEmpty;
    const upTo = isEnd ? Math.max(after, this.#last) : (messages.at(-1)?.sequence ?? after);
    return { messages, upTo, isEnd, gap: gapTo > after ? { from: after + 1, to: gapTo } : undefined };
  }

  /** Drops what is too old. */
  sweep(): void {
    const nowMs = this.#now();
    if (this.#isMirror) this.#dropOldest(nowMs - this.#limits.ageMs);
    else for (const log of this.#logs.values()) this.#dropOld(log, nowMs);
  }
}
