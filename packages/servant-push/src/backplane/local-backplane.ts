import { randomUUID } from 'node:crypto';
import type { HubMessage } from '../hub/hub-message.js';
import type { SessionRecord } from '../session/hub-session.js';
import { AddressLog, type Logged } from './address-log.js';
import type { Backplane, BackplanePort, LogAnswer, LogRequest } from './backplane.js';

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

/** One process: the log is in memory, and gone with it. */
export class LocalBackplane implements Backplane {
  readonly name = 'local';
  readonly epoch: string = randomUUID();
  readonly #limits: LogLimits;
  readonly #now: () => number;
  readonly #logs = new Map<string, AddressLog>();
  #port: BackplanePort | undefined;
  #last = 0;
  #bytes = 0;

  constructor(limits: Partial<LogLimits> = {}, now: () => number = () => performance.now()) {
    this.#limits = { ...defaultLogLimits, ...limits };
    this.#now = now;
  }

  get lastSequence(): number {
    return this.#last;
  }

  /** What is kept now. */
  get keptBytes(): number {
    return this.#bytes;
  }

  open(port: BackplanePort): void {
    this.#port = port;
  }

  close(): void {
    this.#logs.clear();
    this.#bytes = 0;
  }

  publish(message: HubMessage): void {
    if (message.delivery === 'reliable') message.sequence = ++this.#last;
    this.#port?.deliver(message);
    if (message.sequence > 0) this.#keep(message);
  }

  #keep(message: HubMessage): void {
    const log = this.#logs.get(message.address);
    if (log === undefined) return;
    const { bytesPerAddress, pushesPerAddress, totalBytes } = this.#limits;
    const nowMs = this.#now();
    const size = (message.bytes?.length ?? 0) + OVERHEAD_BYTES;
    log.add({ message, size, atMs: nowMs });
    this.#bytes += size;
    this.#dropOld(log, nowMs);
    while (log.size > pushesPerAddress || log.bytes > bytesPerAddress) this.#drop(log);
    while (this.#bytes > totalBytes) this.#dropOldest();
  }

  #dropOld(log: AddressLog, nowMs: number): void {
    const { ageMs } = this.#limits;
    for (let { oldest } = log; oldest !== undefined && nowMs - oldest.atMs > ageMs; { oldest } = log) this.#drop(log);
  }

  #drop(log: AddressLog): void {
    this.#bytes -= log.drop()?.size ?? 0;
  }

  /** The oldest of all: the bytes of one busy address are bounded by themselves, so there are many addresses, or one. */
  #dropOldest(): void {
    let first: AddressLog | undefined;
    let firstSequence = Number.POSITIVE_INFINITY;
    for (const log of this.#logs.values()) {
      const sequence = log.oldest?.message.sequence ?? Number.POSITIVE_INFINITY;
      if (sequence < firstSequence) [first, firstSequence] = [log, sequence];
    }
    if (first !== undefined) this.#drop(first);
  }

  subscribe(): void {}

  unsubscribe(): void {}

  retain(address: string): void {
    let log = this.#logs.get(address);
    if (log === undefined) this.#logs.set(address, (log = new AddressLog(address)));
    log.holders++;
  }

  release(address: string): void {
    const log = this.#logs.get(address);
    if (log === undefined || --log.holders > 0) return;
    this.#bytes -= log.bytes;
    this.#logs.delete(address);
  }

  read({ addresses, after, maxBytes }: LogRequest): LogAnswer {
    const nowMs = this.#now();
    let gapTo = 0;
    const heads: Head[] = [];
    for (const [address, since] of addresses) {
      const log = this.#logs.get(address);
      if (log === undefined) continue;
      this.#dropOld(log, nowMs);
      const from = Math.max(after, since);
      if (log.droppedUpTo > from) gapTo = Math.max(gapTo, log.droppedUpTo);
      const entries = log.after(from);
      const first = entries.next();
      if (first.done !== true) heads.push({ next: first.value, entries });
    }
    const messages: HubMessage[] = [];
    let bytes = 0;
    while (heads.length > 0 && bytes < maxBytes) {
      const head = earliest(heads);
      messages.push(head.next.message);
      bytes += head.next.message.bytes?.length ?? 0;
      const following = head.entries.next();
      if (following.done === true) heads.splice(heads.indexOf(head), 1);
      else head.next = following.value;
    }
    const isEnd = heads.length === 0;
    const upTo = isEnd ? Math.max(after, this.#last) : (messages.at(-1)?.sequence ?? after);
    return { messages, upTo, isEnd, gap: gapTo > 0 ? { from: after + 1, to: gapTo } : undefined };
  }

  saveSession(): void {}

  /** Sessions of this process are in its hub. */
  takeSession(): SessionRecord | undefined {
    return undefined;
  }

  forgetSession(): void {}

  sweep(): void {
    const nowMs = this.#now();
    for (const log of this.#logs.values()) this.#dropOld(log, nowMs);
  }
}

/** The log of one address while it is being merged with others. */
interface Head {
  next: Logged;
  readonly entries: IterableIterator<Logged>;
}

function earliest(heads: readonly Head[]): Head {
  return heads.reduce((first, head) => (head.next.message.sequence < first.next.message.sequence ? head : first));
}
