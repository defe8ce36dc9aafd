/** What an engine tells its backplane. */
export interface EnginePort {
  /** There is a connection on which everything works; comes again after each loss. */
  connected(): void;
  /** There is none any more; requests that were under way may have been served or not. */
  disconnected(reason: Error): void;
  /** An entry of the log that is followed, in the order of the numbers. */
  entry(sequence: number, bytes: Uint8Array): void;
  /** Something was cast over a channel that is listened to. */
  received(channel: string, bytes: Uint8Array): void;
  /** Something that nobody waits for went wrong. */
  failed(error: unknown): void;
}

/** What an engine says of its log. */
export interface LogInfo {
  /** Identity: an engine that has lost its log begins one with another epoch. */
  readonly epoch: string;
  /** The number of the oldest entry that is kept; `last + 1` when there is none. */
  readonly first: number;
  /** The last number that was given out; 0 when none was. */
  readonly last: number;
}

/** What is appended to a log. */
export interface LogEntry {
  /** Its number at its node: 1, 2, 3 … without holes. */
  readonly number: number;
  readonly bytes: Uint8Array;
  /** It is meant for the log with this epoch only. */
  readonly epoch: string;
  /** All entries of the node before this number were confirmed. */
  readonly unconfirmed: number;
}

/** A value with the number of its change. */
export interface StoredRecord {
  readonly version: number;
  readonly bytes: Uint8Array;
}

/**
 * What a server like Redis or NATS has to be able to do, so that hubs can share it: a log with growing numbers, messages to all who listen now,
 * and values that are forgotten after a time. A `ClusterBackplane` makes a backplane of it.
 *
 * Every promise rejects when the engine cannot be asked, and soon: nothing is queued for later. Names of channels and keys may have any characters.
 */
export interface Engine {
  /** Short name for messages, as `redis`. */
  readonly name: string;
  /**
   * Begins to connect, and goes on trying until `close`.
   *
   * @param node name of this node, unlike that of any other.
   * @returns Rejects when it can never be, as when a package is missing.
   */
  open(port: EnginePort, node: string): Promise<void>;
  close(): Promise<void>;

  /** Makes the log if there is none, and says what it is. */
  log(): Promise<LogInfo>;
  /** The entry with a number, if it is kept. */
  entryAt(sequence: number): Promise<Uint8Array | undefined>;
  /** Gives the log another epoch, and drops its entries, if it still has this one: it is not the one that it claims to be. */
  renew(epoch: string): Promise<void>;
  /** From now on, until the connection is lost, entries behind this number are told, and then the new ones. */
  follow(after: number): void;
  /**
   * Appends to the log. One that the log has already is not appended again. Calls that follow each other without waiting are appended in their
   * order.
   *
   * @returns its number in the log; 0 when the log has it already and does not say under which.
   */
  append(entry: LogEntry): Promise<number>;

  /** Sends to all nodes that listen to a channel now, this one too; may be lost. */
  cast(channel: string, bytes: Uint8Array): Promise<void>;
  /** Listens to a channel, after each loss of the connection again. */
  listen(channel: string): void;
  unlisten(channel: string): void;

  /** Stores a value for a time; false when one with a higher version is there. */
  put(key: string, record: StoredRecord, ttlMs: number): Promise<boolean>;
  get(key: string): Promise<StoredRecord | undefined>;
  /** Removes a value unless one with a higher version is there. */
  remove(key: string, version: number): Promise<void>;

  /** This node lives for so long, unless it says so again; 0: not any more. */
  lease(ttlMs: number): Promise<void>;
  /** The nodes that live. */
  nodes(): Promise<string[]>;
}
