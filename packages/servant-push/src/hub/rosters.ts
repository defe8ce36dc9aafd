import { AddressKind, addressOf } from './hub-message.js';
import { Roster, type RosterEntry } from './roster.js';

/** Told which addresses have members at all. */
export interface RosterWatcher {
  subscribe(address: string): void;
  unsubscribe(address: string): void;
}

const GROUP = addressOf(AddressKind.GROUP, '');

/** The rosters of all addresses that have members here. */
export class Rosters<Entry extends RosterEntry> {
  readonly #all = new Map<string, Roster<Entry>>();
  readonly #watcher: RosterWatcher;
  #groups = 0;

  constructor(watcher: RosterWatcher) {
    this.#watcher = watcher;
  }

  /** The roster of an address, to enter it. */
  of(address: string): Roster<Entry> {
    let roster = this.#all.get(address);
    if (roster === undefined) {
      this.#all.set(address, (roster = new Roster(address)));
      if (address.startsWith(GROUP)) this.#groups++;
      this.#watcher.subscribe(address);
    }
    return roster;
  }

  /** Nobody is in it any more. */
  emptied(address: string): void {
    if (!this.#all.delete(address)) return;
    if (address.startsWith(GROUP)) this.#groups--;
    this.#watcher.unsubscribe(address);
  }

  snapshot(address: string): readonly Entry[] {
    return this.#all.get(address)?.snapshot() ?? [];
  }

  size(address: string): number {
    return this.#all.get(address)?.size ?? 0;
  }

  has(address: string): boolean {
    return this.#all.has(address);
  }

  addresses(): IterableIterator<string> {
    return this.#all.keys();
  }

  /** How many groups have members. */
  get groupCount(): number {
    return this.#groups;
  }

  /** The groups that have members, and how many. */
  groups(): Map<string, number> {
    const groups = new Map<string, number>();
    for (const [address, roster] of this.#all) {
      if (address.startsWith(GROUP)) groups.set(address.slice(GROUP.length), roster.size);
    }
    return groups;
  }
}
