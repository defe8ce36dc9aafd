import { type Bytes, bytesOf, type Current, SendResult } from '@tarsier/framework';

/**
 * What became of one push.
 *
 * - `sent`: taken, and it leaves with this tick;
 * - `queued`: taken, and it waits behind bytes of earlier ticks that have not left: the user reads slower than is pushed;
 * - `refused`: not taken, because the user's send queue is full (`backpacketlimit` with `sendpolicy = drop`);
 * - `gone`: not taken, because there is no such user or the connection has ended. With `sendpolicy = close` that is also the
 *   end of a user whose send queue is full.
 */
export type PushResult = 'sent' | 'queued' | 'refused' | 'gone';

/** How many users each result befell. */
export interface PushReport {
  readonly sent: number;
  readonly queued: number;
  readonly refused: number;
  readonly gone: number;
}

/** What {@link PushRegister.pushAll} may be given. */
export interface PushAllOptions {
  /** Told of each user, in the order of the register; `pushAll` itself keeps nothing per user. What it throws ends the loop. */
  readonly each?: (uid: number, result: PushResult) => void;
}

/**
 * The users that may be pushed to, one for each connection, by the number of the connection (`current.getUId()`).
 *
 * `add` in `doRequest`, `remove` in `doClose`. Keyed by address, as the sample of TarsCpp does it, two users behind one
 * address would be one. What is kept of a connection is a `Current` without a request, so that no received bytes stay alive with it.
 *
 * Iterates over `[uid, current]` in the order in which users came.
 */
export class PushRegister implements Iterable<[uid: number, current: Current]> {
  readonly #users = new Map<number, Current>();
  /** Found gone by a push; their `doClose` is still to come, or will never come for a servant that does not call `remove`. */
  readonly #gone = new Set<number>();

  /** Users registered now. */
  get size(): number {
    return this.#users.size;
  }

  /**
   * Registers the connection of a request.
   *
   * @returns true when it is new; false when it is registered already, or has ended: an async handler may come that late.
   */
  add(current: Current): boolean {
    const uid = current.getUId();
    if (this.#users.has(uid) || !current.connectionExists()) return false;
    this.#users.set(uid, current.forPush());
    return true;
  }

  /**
   * Takes a user away; any `Current` of the connection will do, as the one that `doClose` is given.
   *
   * @returns true exactly once for each user that `add` said was new, also when a push has found it gone before.
   */
  remove(current: Current): boolean {
    const uid = current.getUId();
    return this.#users.delete(uid) || this.#gone.delete(uid);
  }

  /** Whether a user is registered. */
  has(uid: number): boolean {
    return this.#users.has(uid);
  }

  /** The way to a user, for more than a push: `close()`, `getIp()`, `getSendQueueLength()`. */
  get(uid: number): Current | undefined {
    return this.#users.get(uid);
  }

  [Symbol.iterator](): IterableIterator<[uid: number, current: Current]> {
    return this.#users.entries();
  }

  /**
   * Sends one packet to one user. A user that is gone leaves the register.
   *
   * @param bytes a complete packet of the servant's protocol. Not copied, so it must not be changed afterwards.
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is no bytes.
   */
  push(uid: number, bytes: Bytes): PushResult {
    const taken = bytesOf(bytes, 'push');
    const current = this.#users.get(uid);
    return current === undefined ? 'gone' : this.#send(current, taken);
  }

  /**
   * Sends one packet to every user; users that are gone leave the register.
   *
   * @param bytes encoded once, for all of them: nobody gets a copy, so it must not be changed afterwards.
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is no bytes.
   */
  pushAll(bytes: Bytes, options?: PushAllOptions): PushReport {
    const taken = bytesOf(bytes, 'pushAll');
    const each = options?.each;
    let sent = 0;
    let queued = 0;
    let refused = 0;
    let gone = 0;
    for (const current of this.#users.values()) {
      const result = this.#send(current, taken);
      if (result === 'sent') sent++;
      else if (result === 'queued') queued++;
      else if (result === 'refused') refused++;
      else gone++;
      if (each !== undefined) each(current.getUId(), result);
    }
    return { sent, queued, refused, gone };
  }

  #send(current: Current, bytes: Bytes): PushResult {
    const result = current.trySend(bytes);
    if (result !== SendResult.REFUSED) return result === SendResult.QUEUED ? 'queued' : 'sent';
    if (current.connectionExists()) return 'refused';
    const uid = current.getUId();
    if (this.#users.delete(uid)) this.#gone.add(uid);
    return 'gone';
  }
}
