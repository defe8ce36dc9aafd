import type { Bytes } from '@tarsier/framework';
import type { Delivery, DeliveryLimits, HubLimits, OverflowPolicy } from './delivery.js';
import { Fifo } from './fifo.js';
import type { HubMessage } from './hub-message.js';

/** Which limit a push met. */
export type OverflowLimit = 'bytes' | 'pushes' | 'ageMs' | 'totalBytes' | 'log';

/** What was done about it. */
export interface Overflow {
  readonly delivery: Delivery;
  readonly limit: OverflowLimit;
  readonly action: OverflowPolicy;
  /** How many pushes were dropped, and their bytes. */
  readonly pushes: number;
  readonly bytes: number;
}

/** What waits for all members of a hub. */
export class HubLedger {
  readonly limit: number;
  bytes = 0;

  constructor(limit: number) {
    this.limit = limit;
  }
}

/** A push that waits. */
interface Waiting {
  readonly message: HubMessage;
  readonly bytes: Bytes;
  readonly sinceMs: number;
}

/** What became of a push. */
export type Taken = 'queued' | 'coalesced' | 'dropped' | 'closed';

/** Told what is given up. */
export type OnOverflow = (overflow: Overflow, sequences: readonly number[]) => void;

/** So many bytes are handed to a connection before it is asked whether it has enough. */
export const BATCH_BYTES = 65_536;

/**
 * What waits for one member while it is behind, by class: in order the reliable and the volatile ones, by key the latest.
 *
 * Bytes are shared with all other members: what a stalled one costs is a list.
 */
export class MemberBacklog {
  readonly #limits: HubLimits;
  readonly #ledger: HubLedger;
  readonly #onOverflow: OnOverflow;
  readonly #queues: Partial<Record<Delivery, Fifo<Waiting>>> = {};
  /** The oldest key first. */
  #latest: Map<string, Waiting> | undefined;
  readonly #bytes: Record<Delivery, number> = { reliable: 0, latest: 0, volatile: 0 };

  constructor(limits: HubLimits, ledger: HubLedger, onOverflow: OnOverflow) {
    this.#limits = limits;
    this.#ledger = ledger;
    this.#onOverflow = onOverflow;
  }

  /** Bytes of all that waits. */
  get bytes(): number {
    const { reliable, latest, volatile } = this.#bytes;
    return reliable + latest + volatile;
  }

  get isEmpty(): boolean {
    return this.#size('reliable') + this.#size('latest') + this.#size('volatile') === 0;
  }

  #size(delivery: Delivery): number {
    return delivery === 'latest' ? (this.#latest?.size ?? 0) : (this.#queues[delivery]?.size ?? 0);
  }

  /** Takes a push, or what the policy of its class makes of it. */
  add(message: HubMessage, bytes: Bytes, nowMs: number): Taken {
    const { delivery } = message;
    const isReplaced = delivery === 'latest' && this.#removeKey(keyOf(message));
    const limit = this.#exceeded(delivery, bytes.length);
    if (limit !== undefined) {
      const { policy } = this.#limits[delivery];
      // A class that may not wait at all is dropped as it was asked for: nobody needs to be told.
      if (this.#limits[delivery].pushes === 0) return 'dropped';
      if (policy === 'close') {
        this.#onOverflow({ delivery, limit, action: 'close', pushes: 1, bytes: bytes.length }, []);
        return 'closed';
      }
      const dropped = policy === 'drop-oldest' ? this.#dropFor(delivery, bytes.length) : undefined;
      if (dropped === undefined || this.#exceeded(delivery, bytes.length) !== undefined) {
        this.#tell(delivery, limit, 'drop-newest', [{ message, bytes, sinceMs: nowMs }], dropped);
        return 'dropped';
      }
      this.#tell(delivery, limit, 'drop-oldest', dropped);
    }
    this.#put(delivery, { message, bytes, sinceMs: nowMs });
    return isReplaced ? 'coalesced' : 'queued';
  }

  #put(delivery: Delivery, waiting: Waiting): void {
    if (delivery === 'latest') {
      this.#latest ??= new Map();
      this.#latest.set(keyOf(waiting.message), waiting);
    } else {
      const queue = (this.#queues[delivery] ??= new Fifo());
      queue.push(waiting);
    }
    this.#count(delivery, waiting.bytes.length);
  }

  #count(delivery: Delivery, bytes: number): void {
    this.#bytes[delivery] += bytes;
    this.#ledger.bytes += bytes;
  }

  #removeKey(key: string): boolean {
    const waiting = this.#latest?.get(key);
    if (waiting === undefined) return false;
    this.#latest?.delete(key);
    this.#count('latest', -waiting.bytes.length);
    return true;
  }

  #exceeded(delivery: Delivery, bytes: number): OverflowLimit | undefined {
    const limits: DeliveryLimits = this.#limits[delivery];
    if (this.#size(delivery) + 1 > limits.pushes) return 'pushes';
    if (this.#bytes[delivery] + bytes > limits.bytes) return 'bytes';
    return this.#ledger.bytes + bytes > this.#ledger.limit ? 'totalBytes' : undefined;
  }

  #shift(delivery: Delivery): Waiting | undefined {
    let waiting: Waiting | undefined;
    if (delivery === 'latest') {
      for (const [key, first] of this.#latest ?? []) {
        this.#latest?.delete(key);
        waiting = first;
        break;
      }
    } else waiting = this.#queues[delivery]?.shift();
    if (waiting !== undefined) this.#count(delivery, -waiting.bytes.length);
    return waiting;
  }

  #dropFor(delivery: Delivery, bytes: number): Waiting[] {
    const dropped: Waiting[] = [];
    while (this.#exceeded(delivery, bytes) !== undefined) {
      const oldest = this.#shift(delivery);
      if (oldest === undefined) break;
      dropped.push(oldest);
    }
    return dropped;
  }

  #tell(
    delivery: Delivery,
    limit: OverflowLimit,
    action: OverflowPolicy,
    dropped: readonly Waiting[],
    more: readonly Waiting[] = [],
  ): void {
    const all = [...more, ...dropped];
    if (all.length === 0) return;
    const bytes = all.reduce((sum, one) => sum + one.bytes.length, 0);
    const sequences = all.map(({ message }) => message.sequence).filter((sequence) => sequence > 0);
    this.#onOverflow({ delivery, limit, action, pushes: all.length, bytes }, sequences);
  }

  /**
   * Gives up what has waited too long.
   *
   * @returns false when the member is to be closed for it.
   */
  expire(nowMs: number): boolean {
    for (const delivery of ['reliable', 'latest', 'volatile'] as const) {
      const { ageMs, policy } = this.#limits[delivery];
      if (ageMs === 0) continue;
      const dropped: Waiting[] = [];
      for (let oldest = this.#oldest(delivery); oldest !== undefined; oldest = this.#oldest(delivery)) {
        if (nowMs - oldest.sinceMs < ageMs) break;
        if (policy === 'close') {
          const bytes = this.#bytes[delivery];
          this.#onOverflow({ delivery, limit: 'ageMs', action: 'close', pushes: this.#size(delivery), bytes }, []);
          return false;
        }
        this.#shift(delivery);
        dropped.push(oldest);
      }
      this.#tell(delivery, 'ageMs', 'drop-oldest', dropped);
    }
    return true;
  }

  #oldest(delivery: Delivery): Waiting | undefined {
    if (delivery !== 'latest') return this.#queues[delivery]?.peek();
    return this.#latest?.values().next().value;
  }

  /** Takes up to a batch of what waits out, the reliable ones first, in the order in which it is to be sent. */
  take(): Bytes[] {
    const taken: Bytes[] = [];
    let bytes = 0;
    for (const delivery of ['reliable', 'latest', 'volatile'] as const) {
      while (bytes < BATCH_BYTES) {
        const waiting = this.#shift(delivery);
        if (waiting === undefined) break;
        taken.push(waiting.bytes);
        bytes += waiting.bytes.length;
      }
    }
    return taken;
  }

  /** Drops what waits of an address: the member has left it. */
  forget(address: string): void {
    for (const delivery of ['reliable', 'volatile'] as const) {
      const queue = this.#queues[delivery];
      for (let left = queue?.size ?? 0; queue !== undefined && left > 0; left--) {
        const waiting = queue.shift() as Waiting;
        if (waiting.message.address === address) this.#count(delivery, -waiting.bytes.length);
        else queue.push(waiting);
      }
    }
    for (const [key, { message, bytes }] of this.#latest ?? []) {
      if (message.address !== address) continue;
      this.#latest?.delete(key);
      this.#count('latest', -bytes.length);
    }
  }

  /** Drops everything. */
  clear(): void {
    this.#ledger.bytes -= this.bytes;
    for (const delivery of ['reliable', 'latest', 'volatile'] as const) this.#bytes[delivery] = 0;
    this.#latest = undefined;
    delete this.#queues.reliable;
    delete this.#queues.volatile;
  }
}

/** Pushes of different addresses with one key are different values. */
function keyOf({ address, key }: HubMessage): string {
  return `${address}\n${key}`;
}
