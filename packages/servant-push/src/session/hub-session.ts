import type { Labels } from '../hub/labels.js';
import type { SessionHolder } from './session-holder.js';
import type { GroupSource, SessionRecord } from './session-record.js';

/**
 * What outlives a connection: who somebody is, what was subscribed to, and how far it was sent and acknowledged.
 *
 * It holds no pushes: the log does.
 */
export class HubSession {
  /** Secret: whoever knows it may go on with the session. */
  readonly id: string;
  readonly user: string;
  /** All of them: what `identify` has told, and over it what was set later. */
  labels: Labels;
  /** Those that were set later, by `setLabels`: they stay when the client comes back. */
  setLabels: Labels = {};
  /** What it gets, and the last number from before it asked for it. */
  readonly addresses: Map<string, number> = new Map();
  /** Who let it into groups, by address, where that was not the program: they are asked again when the client comes back. */
  readonly sources: Map<string, GroupSource> = new Map();
  /** Everything up to here was handed to a connection. */
  sentSequence: number;
  /** Everything up to here was processed, as its client says. */
  ackedSequence: number;
  /** Its connection now. */
  member: SessionHolder | undefined;
  /** Where its connection comes from, or came from last. */
  address = '';
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
  /** It is about to be stored; whatever changes until then is in the record. */
  saving: Promise<void> | undefined;

  constructor(id: string, user: string, labels: Labels, sequence: number) {
    this.id = id;
    this.user = user;
    this.labels = labels;
    this.sentSequence = sequence;
    this.ackedSequence = sequence;
  }

  record(): SessionRecord {
    const { id, user, labels, setLabels, ackedSequence, version, subscriptions, sources } = this;
    const addresses = Array.from(
      this.addresses,
      ([address, since]) => [address, since, sources.get(address) ?? 'program'] as const,
    );
    return { id, user, labels, setLabels, ackedSequence, version, subscriptions, addresses };
  }

  static of(record: SessionRecord): HubSession {
    const { id, user, labels, setLabels, ackedSequence, addresses, version, subscriptions } = record;
    const session = new HubSession(id, user, labels, ackedSequence);
    session.setLabels = setLabels;
    session.version = version;
    session.subscriptions = subscriptions;
    for (const [address, since, source] of addresses) {
      session.addresses.set(address, since);
      if (source !== 'program') session.sources.set(address, source);
    }
    return session;
  }
}
