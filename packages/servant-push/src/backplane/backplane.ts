import type { HubMessage } from '../hub/hub-message.js';
import type { SessionRecord } from '../session/hub-session.js';

/** What a backplane tells the hub of this node. */
export interface BackplanePort {
  /**
   * A push for members here. Reliable ones come in the order of their sequences. May throw what the encoder throws, when the push was made
   * here; the backplane then forgets it.
   */
  deliver(message: HubMessage): void;
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

/**
 * The way of a push to all nodes, and the log of the reliable ones.
 *
 * `local` answers everything at once; an engine in between answers with promises.
 */
export interface Backplane {
  /** Short name for messages, as `local`. */
  readonly name: string;
  /** Identity of the log: sequences of another epoch mean nothing in this one. */
  readonly epoch: string;
  /** The last number that was given out. */
  readonly lastSequence: number;
  open(port: BackplanePort): void | Promise<void>;
  close(): void | Promise<void>;
  /** Numbers a push, keeps it if somebody may ask for it, and delivers it to all nodes that have members of its address. */
  publish(message: HubMessage): void;
  /** This node has members of an address from now on, or none any more. */
  subscribe(address: string): void;
  unsubscribe(address: string): void;
  /** A session here may ask for what is sent to an address; as often as `release` is called for it. */
  retain(address: string): void;
  release(address: string): void;
  read(request: LogRequest): LogAnswer | Promise<LogAnswer>;
  /** Keeps a session where other nodes find it. */
  saveSession(record: SessionRecord): void;
  /** Takes a session of another node over. */
  takeSession(id: string): SessionRecord | undefined | Promise<SessionRecord | undefined>;
  forgetSession(id: string): void;
  /** Called each second while the hub lives: drops what is too old. */
  sweep(): void;
}
