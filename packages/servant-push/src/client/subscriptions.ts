import { Deferred } from './deferred.js';

/** The groups that a session wants, and which of them the server knows of. */
export class Subscriptions {
  /** Whoever waits for a group; undefined when the server knows of it. */
  readonly #groups = new Map<string, Deferred | undefined>();

  constructor(groups: Iterable<string>) {
    for (const group of groups) void this.add(group);
  }

  get groups(): string[] {
    return [...this.#groups.keys()];
  }

  /** Those that the server has to be told of. */
  get missing(): string[] {
    return this.groups.filter((group) => this.#groups.get(group) !== undefined);
  }

  /** Settles when the server knows of it, or refuses. */
  add(group: string): Promise<void> {
    if (this.#groups.has(group)) return this.#groups.get(group)?.promise ?? Promise.resolve();
    const deferred = new Deferred();
    this.#groups.set(group, deferred);
    return deferred.promise;
  }

  remove(group: string): void {
    const waiting = this.#groups.get(group);
    this.#groups.delete(group);
    waiting?.resolve();
  }

  done(group: string): void {
    if (!this.#groups.has(group)) return;
    const waiting = this.#groups.get(group);
    this.#groups.set(group, undefined);
    waiting?.resolve();
  }

  /** The server does not let it in. False when nobody was waiting to hear that. */
  refused(group: string, error: Error): boolean {
    const waiting = this.#groups.get(group);
    this.#groups.delete(group);
    waiting?.reject(error);
    return waiting !== undefined;
  }

  /** A new session: the server knows of none. */
  renew(): void {
    for (const [group, waiting] of this.#groups) this.#groups.set(group, waiting ?? new Deferred());
  }

  /** Settles when nothing is missing; rejects with the first refusal. */
  async settled(): Promise<void> {
    for (const waiting of Array.from(this.#groups.values())) await waiting?.promise;
  }

  fail(error: Error): void {
    for (const waiting of this.#groups.values()) waiting?.reject(error);
  }
}
