import type { TimeSource } from '@tarsier/framework';
import type { Delivery } from '../hub/delivery.js';
import type { HubMessage } from '../hub/hub-message.js';
import type { SessionRecord } from '../session/session-record.js';

/** Whether a backplane reaches its engine. `local` is always up. */
export type BackplaneState = 'up' | 'down';

/** Pushes that did not leave this node, and will not. */
export interface Undelivered {
  readonly delivery: Delivery;
  readonly pushes: number;
  readonly bytes: number;
  /** Why, for people. */
  readonly reason: string;
}

/** What a backplane tells the hub of this node, and asks of it. */
export interface BackplanePort {
  readonly time: TimeSource;
  /** How long a session may be away, in ms; 0 without sessions. */
  readonly windowMs: number;
  /**
   * A push for members here. Reliable ones come in the order of their sequences. May throw what the encoder throws, when the push was made
   * here; the backplane then forgets it.
   */
  deliver(message: HubMessage): void;
  /** Throws what the encoder of the protocol throws for it. */
  checkEncoding(message: HubMessage): void;
  /** How many members of an address are here. */
  countHere(address: string): number;
  /** The addresses that have members here. */
  addresses(): Iterable<string>;
  /** The engine is there from now on, or away; `reason` is for people. */
  stateChanged(state: BackplaneState, reason: string): void;
  /** The log is another one than before: sessions of the old one cannot go on. */
  epochChanged(): void;
  /** Reliable pushes between these two, both included, cannot be had any more. */
  lost(from: number, to: number): void;
  /** Another node has the session from now on, or somebody has ended it. */
  released(sessionId: string): void;
  /** These pushes reach members of this node only. */
  undelivered(pushes: Undelivered): void;
  /** Something that nobody waits for went wrong. */
  failed(error: unknown): void;
}

/** What is wanted of the log. */
export interface LogRequest {
  /** Which addresses, and for each the last number that is not wanted any more. */
  readonly addresses: ReadonlyMap<string, number>;
  /** Only what comes after this one. */
  readonly after: number;
  /** Enough when so many bytes were read. */
  readonly maxBytes: number;
}

/** What the log has of it. */
export interface LogAnswer {
  /** In order. */
  readonly messages: readonly HubMessage[];
  /** Everything up to here was looked at: the next request goes on from there. */
  readonly upTo: number;
  /** There is nothing more behind it now. */
  readonly isEnd: boolean;
  /** Something between these two was dropped that would have belonged to the answer. */
  readonly gap: { readonly from: number; readonly to: number } | undefined;
}

/** What the answers of a hub about all nodes are worth. */
export interface PresenceState {
  /** How many nodes are known to live, this one included. */
  readonly nodes: number;
  /** The engine is away, or what a living node has is not known yet: counts may be too low, or old. */
  readonly isPartial: boolean;
  /** Living nodes of which it is not known yet. */
  readonly waiting: number;
}

/**
 * The way of a push to all nodes, the log of the reliable ones, and what outlives a node.
 *
 * `local` answers everything at once; an engine in between answers with promises. To bring in another engine, implement the smaller `Engine` and
 * give it to a `ClusterBackplane`, which does the rest.
 */
export interface Backplane {
  /** Short name for messages, as `local`. */
  readonly name: string;
  /** Identity of the log: sequences of another epoch mean nothing in this one. '' until it is known. */
  readonly epoch: string;
  /** The last number that has come here. */
  readonly lastSequence: number;
  /** Other nodes may have more of the log than this one, and its sessions. */
  readonly isShared: boolean;
  readonly state: BackplaneState;
  open(port: BackplanePort): void | Promise<void>;
  close(): void | Promise<void>;
  /** Numbers a push, keeps it if somebody may ask for it, and delivers it to all nodes that have members of its address. */
  publish(message: HubMessage): void;
  /** This node has members of an address from now on, or none any more. */
  subscribe(address: string): void;
  unsubscribe(address: string): void;
  /** The number of members here of an address is another one. */
  changed(address: string): void;
  /** How many members other nodes have, as far as is known. */
  elsewhere(address: string): number;
  presence(): PresenceState;
  /** A session here may ask for what is sent to an address; as often as `release` is called for it. */
  retain(address: string): void;
  release(address: string): void;
  read(request: LogRequest): LogAnswer | Promise<LogAnswer>;
  /** Keeps a session where other nodes find it; called again before its window is over. Settles when it is safe, and never rejects. */
  saveSession(record: SessionRecord): void | Promise<void>;
  /** Takes a session of another node over. Rejects when it cannot be known whether there is one. */
  takeSession(id: string): SessionRecord | undefined | Promise<SessionRecord | undefined>;
  forgetSession(record: SessionRecord): void | Promise<void>;
  /** Called each second while the hub lives: drops what is too old. */
  sweep(): void;
}
