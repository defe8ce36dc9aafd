import type { Labels } from '../hub/labels.js';
import type { SessionHolder } from './session-holder.js';

/**
 * What outlives a connection: who somebody is, what was subscribed to, and how far it was sent and acknowledged.
 *
 * It holds no pushes: the log does.
 */
export class HubSession {
  /** Secret: whoever knows it may go on with the session. */
  readonly id: string;
  readonly user: string;
  labels: Labels;
  /** What it gets, and the last number from before it asked for it. */
  readonly addresses: Map<string, number> = new Map();
  /** Everything up to here was handed to a connection. */
  sentSequence: number;
  /** Everything up to here was processed, as its client says. */
  ackedSequence: number;
  /** Its connection now. */
  member: SessionHolder | undefined;
  /** It reads from the log, because its connection takes less than there is. */
  isBehind = false;
  /** Its client had pushes under an id only: it is told the id of each push. */
  hasEarly = false;
  /** When its connection ended, by the clock of the hub; 0 while it has one. */
  detachedMs = 0;
  /** How often it went on over another connection. */
  resumes = 0;
  /** How often it was taken by a node: the record with the highest one is right. */
  version = 1;
  /** How many subscriptions its client was told of. */
  subscriptions = 0;
  /** When its client last learned its position of itself, and when its record was last stored; by the clock of the hub. */
  toldMs = 0;
  savedMs = 0;

  constructor(id: string, user: string, labels: Labels, sequence: number) {
    this.id = id;
    this.user = user;
    this.labels = labels;
    this.sentSequence = sequence;
    this.ackedSequence = sequence;
  }

  record(): SessionRecord {
    const { id, user, labels, ackedSequence, version, subscriptions } = this;
    return { id, user, labels, ackedSequence, version, subscriptions, addresses: [...this.addresses] };
  }

  static of(record: SessionRecord): HubSession {
    const { id, user, labels, ackedSequence, addresses, version, subscriptions } = record;
    const session = new HubSession(id, user, labels, ackedSequence);
    session.version = version;
    session.subscriptions = subscriptions;
    for (const [address, since] of addresses) session.addresses.set(address, since);
    return session;
  }
}

/** A session as plain data, for a backplane that keeps it where other nodes can take it up. */
export interface SessionRecord {
  readonly id: string;
  readonly user: string;
  readonly labels: Labels;
  readonly ackedSequence: number;
  /** How often it was taken by a node: a record replaces one with a lower or the same number only. */
  readonly version: number;
  /** How many subscriptions its client was told of. */
  readonly subscriptions: number;
  readonly addresses: readonly (readonly [address: string, since: number])[];
}
