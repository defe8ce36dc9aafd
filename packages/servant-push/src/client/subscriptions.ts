import { Deferred } from './deferred.js';

/** What is asked of the server for a group. */
export type GroupCall = 'subscribe' | 'unsubscribe';

/** A group: what the program wants, what the server has, and who waits for that to be the same. */
interface Group {
  isWanted: boolean;
  /** Undefined: a call was under way when the connection was lost. */
  isIn: boolean | undefined;
  underWay: GroupCall | undefined;
  /** The server could not decide: it is asked again later. */
  isLater: boolean;
  joined: Deferred | undefined;
  left: Deferred | undefined;
}

/** Calls that are under way at a time. */
const WINDOW = 256;

/**
 * The groups that a session wants, and which of them the server knows of. For each group one call is under way at a time, and the last thing that
 * the program has said is what it comes to.
 */
export class Subscriptions {
  readonly #groups = new Map<string, Group>();
  /** Groups that may need a call. */
  readonly #todo = new Set<string>();
  #underWay = 0;

  constructor(groups: Iterable<string>) {
    for (const group of groups) void this.add(group);
  }

  /** Those that are wanted. */
  get groups(): string[] {
    return Array.from(this.#groups.keys()).filter((name) => this.#groups.get(name)?.isWanted === true);
  }

  /** Wants it. Settles when the server knows of it, or refuses. */
  add(name: string): Promise<void> {
    let group = this.#groups.get(name);
    if (group === undefined) {
      group = {
        isWanted: true,
        isIn: false,
        underWay: undefined,
        isLater: false,
        joined: undefined,
        left: undefined,
      };
      this.#groups.set(name, group);
    }
    group.isWanted = true;
    // Who wanted to leave has changed their mind.
    group.left?.resolve();
    group.left = undefined;
    if (group.isIn === true && group.underWay === undefined) {
      this.#todo.delete(name);
      return Promise.resolve();
    }
    this.#todo.add(name);
    group.joined ??= new Deferred();
    return group.joined.promise;
  }

  /** Does not want it any more. Settles when the server does not have it any more. */
  remove(name: string): Promise<void> {
    const group = this.#groups.get(name);
    if (group === undefined) return Promise.resolve();
    group.isWanted = false;
    if (group.isIn === false && group.underWay === undefined) {
      this.#forget(name, group);
      return Promise.resolve();
    }
    this.#todo.add(name);
    group.left ??= new Deferred();
    return group.left.promise;
  }

  #forget(name: string, group: Group): void {
    this.#groups.delete(name);
    this.#todo.delete(name);
    group.joined?.resolve();
    group.left?.resolve();
  }

  /** The next call to make; undefined when there is none, or enough are under way. */
  next(): { readonly name: string; readonly call: GroupCall } | undefined {
    if (this.#underWay >= WINDOW) return undefined;
    for (const name of this.#todo) {
      this.#todo.delete(name);
      const group = this.#groups.get(name);
      if (group === undefined || group.underWay !== undefined || group.isLater) continue;
      if (group.isIn === group.isWanted) continue;
      const call = group.isWanted ? 'subscribe' : 'unsubscribe';
      group.underWay = call;
      this.#underWay++;
      return { name, call };
    }
    return undefined;
  }

  /** The server has let it in, or out. */
  done(name: string): void {
    const group = this.#groups.get(name);
    const call = group === undefined ? undefined : this.#ended(group);
    if (group === undefined || call === undefined) return;
    group.isIn = call === 'subscribe';
    if (group.isIn) {
      group.joined?.resolve();
      group.joined = undefined;
    }
    if (!group.isIn && !group.isWanted) this.#forget(name, group);
    else if (group.isIn !== group.isWanted) {
      if (group.isWanted) group.joined ??= new Deferred();
      this.#todo.add(name);
    }
  }

  /** No call is under way for it any more; tells which one was. */
  #ended(group: Group): GroupCall | undefined {
    const call = group.underWay;
    if (call !== undefined) this.#underWay--;
    group.underWay = undefined;
    return call;
  }

  /**
   * The server does not let it in, or does not keep it in.
   *
   * @param isLater it is asked again after {@link Subscriptions.again}.
   * @returns false when nobody was waiting to hear that.
   */
  refused(name: string, error: Error, isLater: boolean): boolean {
    const group = this.#groups.get(name);
    if (group === undefined) return false;
    this.#ended(group);
    const { joined } = group;
    group.joined = undefined;
    group.isIn = false;
    joined?.reject(error);
    if (isLater && group.isWanted) group.isLater = true;
    else this.#forget(name, group);
    return joined !== undefined;
  }

  /** Asks again for what the server could not decide. False when there is none. */
  again(): boolean {
    let isAny = false;
    for (const [name, group] of this.#groups) {
      if (!group.isLater) continue;
      group.isLater = false;
      this.#todo.add(name);
      isAny = true;
    }
    return isAny;
  }

  /** The connection is gone: whether what was under way has been done is not known. */
  interrupted(): void {
    this.#underWay = 0;
    for (const [name, group] of this.#groups) {
      group.isLater = false;
      if (group.underWay !== undefined) {
        group.underWay = undefined;
        group.isIn = undefined;
      }
      if (group.isIn !== group.isWanted) this.#todo.add(name);
    }
  }

  /** A new session: the server knows of none. */
  renew(): void {
    this.interrupted();
    for (const [name, group] of this.#groups) {
      group.isIn = false;
      if (!group.isWanted) this.#forget(name, group);
      else {
        group.joined ??= new Deferred();
        this.#todo.add(name);
      }
    }
  }

  /** Settles when all that are wanted are in; rejects with the first refusal. */
  async settled(): Promise<void> {
    for (const { joined } of Array.from(this.#groups.values())) await joined?.promise;
  }

  /** Nothing comes of it any more, and nothing is pushed either. */
  fail(error: Error): void {
    for (const { joined, left } of this.#groups.values()) {
      joined?.reject(error);
      left?.resolve();
    }
  }
}
