import { randomBytes } from 'node:crypto';
import { encodeUtf8, TarsException } from '@tarsier/framework';
import type {
  Backplane,
  BackplanePort,
  BackplaneState,
  LogAnswer,
  LogRequest,
  PresenceState,
} from '../backplane/backplane.js';
import { type LogLimits, PushLog } from '../backplane/push-log.js';
import { AddressKind, type HubMessage } from '../hub/hub-message.js';
import type { PushState } from '../hub/push.js';
import type { SessionRecord } from '../session/session-record.js';
import { endsWithin } from './ends-within.js';
import type { Engine, EnginePort } from './engine.js';
import { type FollowerHost, LogFollower } from './log-follower.js';
import { Outbox, type OutboxHost, type Outgoing } from './outbox.js';
import { channelOf, NODES_CHANNEL, Presence } from './presence.js';
import { decodePush, encodePush, type PushRecord, pushId } from './push-record.js';
import { SessionKeeper, TAKEN_CHANNEL } from './session-keeper.js';
import { UndeliveredCounter } from './undelivered-counter.js';

/** What a node keeps, and how it lives with others. */
export interface ClusterLimits {
  /** What each node keeps in memory of the log; age: twice the window of sessions, a minute at least. */
  readonly log?: Partial<LogLimits>;
  /** Reliable pushes that wait for an engine that is away: bytes, 64 MiB unless told … */
  readonly outboxBytes?: number;
  /** … and how many; 100000 unless told. */
  readonly outboxPushes?: number;
  /** A node that does not renew its lease for so long, in ms, is dead; 5000 unless told. */
  readonly leaseMs?: number;
}

/** What a {@link ClusterBackplane} is made of. */
export interface ClusterOptions extends ClusterLimits {
  readonly engine: Engine;
}

/** Set while the last packets go out, at most. */
const CLOSE_MS = 1000;
/** An engine that refuses is asked again after so long. */
const STALL_MS = 200;

/** The channel on which a node says that the log got another epoch. */
const RENEWED_CHANNEL = 'renewed';

/** A reliable push of this node, until it comes back by the log. */
interface Pending {
  /** Undefined once members here were given it. */
  message: HubMessage | undefined;
  readonly push: PushState | undefined;
  /** Its number, once the engine has told it. */
  sequence: number;
}

const ALONE: PresenceState = { nodes: 1, isPartial: true, waiting: 0 };

/**
 * A hub over many nodes, on an engine: the engine gives the numbers, each node keeps a copy of the end of the log, and sessions and the list of nodes
 * are values in the engine that are forgotten when nobody renews them.
 */
export class ClusterBackplane implements Backplane, EnginePort, FollowerHost, OutboxHost {
  readonly isShared = true;
  /** Name of this node among the others. */
  readonly node: string = randomBytes(9).toString('base64url');
  readonly #engine: Engine;
  readonly #options: ClusterLimits;
  readonly #outbox: Outbox;
  readonly #undelivered = new UndeliveredCounter();
  /** Pushes of this node that have not come back by the log, in order. */
  readonly #pending = new Map<number, Pending>();
  #log = new PushLog();
  #follower: LogFollower | undefined;
  #presence: Presence | undefined;
  #sessions: SessionKeeper | undefined;
  #port: BackplanePort | undefined;
  #epoch = '';
  #state: BackplaneState = 'down';
  #downMs = 0;
  #lastId = '';
  #number = 0;
  #trouble = '';
  /** Entries up to here were made before this node came: they are kept, not delivered. */
  #historyTo = 0;
  #isClosed = false;
  #isOpened: (() => void) | undefined;
  #stopTimers: (() => void)[] = [];

  constructor({ engine, ...options }: ClusterOptions) {
    this.#engine = engine;
    this.#options = options;
    const { outboxBytes = 67_108_864, outboxPushes = 100_000 } = options;
    this.#outbox = new Outbox({ bytes: outboxBytes, pushes: outboxPushes }, this);
  }

  get name(): string {
    return this.#engine.name;
  }

  get epoch(): string {
    return this.#epoch;
  }

  /** @internal Twice the window of sessions, a minute at least. */
  get keepMs(): number {
    return Math.max(60_000, 2 * (this.#port?.windowMs ?? 0));
  }

  get state(): BackplaneState {
    return this.#state;
  }

  get lastSequence(): number {
    return Math.max(this.#log.last, this.#historyTo);
  }

  /** @internal The last entry that has come; behind the history it is `lastSequence`. */
  get copiedSequence(): number {
    return this.#log.last;
  }

  /** @internal */
  get lastId(): string {
    return this.#lastId;
  }

  /** Resolves when the engine is there for the first time; rejects when it can never be. */
  async open(port: BackplanePort): Promise<void> {
    this.#port = port;
    const { time } = port;
    this.#downMs = time.now();
    this.#log = new PushLog({ ageMs: this.keepMs, ...this.#options.log }, () => time.now(), 'mirror');
    this.#follower = new LogFollower(this.#engine, this, time);
    this.#presence = new Presence(this.#engine, port, this.node, this.#options.leaseMs ?? 5000);
    this.#sessions = new SessionKeeper(this.#engine, port, this.node);
    this.#engine.listen(RENEWED_CHANNEL);
    this.#stopTimers.push(time.every(1000, () => this.sweep(), false));
    const opened = new Promise<void>((resolve) => {
      this.#isOpened = resolve;
    });
    await this.#engine.open(this, this.node);
    await opened;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const stop of this.#stopTimers) stop();
    this.#follower?.disconnected();
    try {
      await endsWithin(CLOSE_MS, this.#leave());
    } catch (error) {
      // An engine that ends at the same time needs no goodbye.
      if (this.#state === 'up') this.#port?.failed(error);
    }
    for (const { push, bytes } of this.#outbox.drain()) {
      if (push !== undefined) push.remote = 'dropped';
      this.#undelivered.add('reliable', bytes.length, 'the hub was closed before the engine had it');
    }
    for (const { push, message } of this.#pending.values()) if (message !== undefined) push?.finish();
    this.#pending.clear();
    this.#tellUndelivered();
    this.#isOpened?.();
    await this.#engine.close();
  }

  async #leave(): Promise<void> {
    await this.#presence?.leave();
    while (this.#state === 'up' && this.#outbox.size > 0) await timeout(5);
  }

  // --- pushes ------------------------------------------------------------------------------------------------------------------

  publish(message: HubMessage): void {
    if (message.delivery !== 'reliable') this.#cast(message);
    else if (this.#state === 'up') this.#append(message);
    else this.#keepForLater(message);
  }

  #cast(message: HubMessage): void {
    const { push, address, delivery } = message;
    this.#port?.deliver(message);
    // A session that has a connection here has none elsewhere.
    if (address.startsWith(AddressKind.SESSION)) return;
    const bytes = encodePush(this.node, 0, message);
    if (this.#state === 'down') {
      if (push !== undefined) push.remote = 'dropped';
      this.#undelivered.add(delivery, bytes.length, `${this.name} is away`);
      return;
    }
    if (push !== undefined) push.remote = 'sent';
    this.#engine.cast(address, bytes).catch((error: unknown) => {
      if (push !== undefined) push.remote = 'dropped';
      this.#undelivered.add(delivery, bytes.length, messageOf(error));
    });
  }

  #append(message: HubMessage): void {
    const { push } = message;
    // Its packet is made when it has its number; what cannot be encoded is to throw now.
    this.#port?.checkEncoding(message);
    const number = this.#number + 1;
    const bytes = encodePush(this.node, number, message);
    if (!this.#outbox.hasRoom(bytes.length)) {
      this.#port?.deliver(message);
      this.#refuse(message, bytes, `more waits for ${this.name} than may`);
      return;
    }
    this.#number = number;
    if (push !== undefined) push.remote = 'waiting';
    this.#pending.set(number, { message, push, sequence: 0 });
    this.#outbox.add({ number, bytes, push, isConfirmed: false });
  }

  /** The engine is away: members here get it now, the others when it is back. */
  #keepForLater(message: HubMessage): void {
    const { push } = message;
    const number = this.#number + 1;
    const bytes = encodePush(this.node, number, message);
    if (!this.#outbox.hasRoom(bytes.length)) {
      this.#port?.deliver(message);
      this.#refuse(message, bytes, `${this.name} is away, and more waits for it than may`);
      return;
    }
    const pending: Pending = { message, push, sequence: 0 };
    this.#deliverEarly(number, pending);
    this.#number = number;
    this.#pending.set(number, pending);
    if (push !== undefined) push.remote = 'waiting';
    this.#outbox.add({ number, bytes, push, isConfirmed: false });
  }

  /** Members here get it under its name; it comes again, with its number, for the sessions that did not. */
  #deliverEarly(number: number, pending: Pending): void {
    const { message } = pending;
    if (message === undefined) return;
    const name = pushId({ node: this.node, number });
    this.#port?.deliver({ ...message, name, id: name });
    pending.message = undefined;
  }

  #tryDeliverEarly(number: number, pending: Pending): void {
    try {
      this.#deliverEarly(number, pending);
    } catch (error) {
      this.#port?.failed(error);
    }
  }

  #refuse({ push }: HubMessage, bytes: Uint8Array, reason: string): void {
    if (push !== undefined) push.remote = 'dropped';
    this.#undelivered.add('reliable', bytes.length, reason);
  }

  /** @internal */
  async append({ number, bytes, push }: Outgoing): Promise<void> {
    const sequence = await this.#engine.append({
      number,
      bytes,
      epoch: this.#epoch,
      unconfirmed: this.#outbox.firstNumber,
    });
    if (push !== undefined) push.remote = 'sent';
    const pending = this.#pending.get(number);
    if (pending !== undefined) pending.sequence = sequence;
  }

  /** @internal */
  stalled(error: unknown): void {
    if (this.#isClosed || this.#state === 'down') return;
    // It may be another log, or an engine that is not ready to write.
    this.#goDown(messageOf(error));
    this.#follower?.again(STALL_MS);
  }

  /** @internal An entry of the log has come. */
  entry(sequence: number, bytes: Uint8Array): void {
    if (this.#isClosed || !Number.isSafeInteger(sequence) || sequence <= this.#log.last) return;
    if (sequence > this.#log.last + 1) this.lost(sequence - 1);
    this.#log.advance(sequence);
    try {
      this.#deliver(sequence, decodePush(bytes));
    } catch (error) {
      this.#port?.failed(error);
    }
    this.#follower?.advanced();
  }

  #deliver(sequence: number, record: PushRecord): void {
    const isOwn = record.node === this.node;
    const pending = isOwn ? this.#pending.get(record.number) : undefined;
    this.#lastId = pushId(record);
    if (isOwn) this.#outbox.confirm(record.number);
    if (isOwn) this.#pending.delete(record.number);
    const isEarly = pending !== undefined && pending.message === undefined;
    const push = pending?.push;
    if (push !== undefined) {
      push.remote = 'sent';
      push.sequence = sequence;
    }
    const message = messageFrom(record, sequence, this.#lastId, isEarly ? undefined : push, isEarly);
    if ((this.#port?.windowMs ?? 0) > 0) this.#log.keep(message);
    if (sequence > this.#historyTo) this.#port?.deliver(message);
  }

  /** @internal */
  received(channel: string, bytes: Uint8Array): void {
    if (this.#isClosed) return;
    try {
      if (channel === NODES_CHANNEL || channel === channelOf(this.node)) this.#presence?.received(bytes);
      else if (channel === RENEWED_CHANNEL) this.#follower?.again(0);
      else if (channel === TAKEN_CHANNEL) this.#sessions?.received(bytes);
      else this.#receivedPush(decodePush(bytes));
    } catch (error) {
      this.#port?.failed(error);
    }
  }

  #receivedPush(record: PushRecord): void {
    if (record.node !== this.node) this.#port?.deliver(messageFrom(record, 0, '', undefined, false));
  }

  subscribe(address: string): void {
    if (!address.startsWith(AddressKind.SESSION)) this.#engine.listen(address);
  }

  unsubscribe(address: string): void {
    if (!address.startsWith(AddressKind.SESSION)) this.#engine.unlisten(address);
  }

  // --- the engine comes and goes --------------------------------------------------------------------------------------------------

  /** @internal */
  connected(): void {
    if (!this.#isClosed) this.#follower?.connected();
  }

  /** @internal */
  disconnected(reason: Error): void {
    if (this.#isClosed) {
      this.#state = 'down';
      return;
    }
    this.#follower?.disconnected();
    this.#goDown(reason.message);
  }

  #goDown(reason: string): void {
    if (this.#state === 'down') return;
    this.#state = 'down';
    this.#downMs = this.#port?.time.now() ?? 0;
    this.#outbox.shut();
    this.#presence?.down();
    // What was under way comes before what is pushed from now on.
    for (const [number, pending] of this.#pending) this.#tryDeliverEarly(number, pending);
    this.#port?.stateChanged('down', `${this.name}: ${reason}`);
  }

  /** @internal */
  begin(epoch: string, sequence: number, isFirst: boolean, last: number): void {
    this.#epoch = epoch;
    this.#log.reset(sequence);
    this.#lastId = '';
    this.#historyTo = isFirst ? last : 0;
    // What the old log had confirmed, and did not give back, is gone.
    for (const [number, pending] of this.#pending) if (pending.sequence > 0) this.#gone(number, pending);
    this.#port?.epochChanged();
  }

  #gone(number: number, { push, message }: Pending): void {
    this.#pending.delete(number);
    if (push !== undefined) push.remote = 'dropped';
    if (message !== undefined) push?.finish();
    this.#undelivered.add('reliable', 0, `${this.name} had confirmed it, and lost it`);
  }

  /** @internal */
  lost(sequence: number): void {
    const from = this.#log.last + 1;
    this.#log.lost(sequence);
    if (sequence > this.#historyTo) this.#port?.lost(from, sequence);
  }

  /** @internal */
  caughtUp(): void {
    for (const [number, pending] of this.#pending) {
      if (pending.sequence > 0 && pending.sequence <= this.#log.last) this.#gone(number, pending);
    }
    if (this.#state === 'up' || this.#isClosed) return;
    this.#state = 'up';
    this.#trouble = '';
    this.#presence?.up();
    this.#port?.stateChanged('up', `${this.name}: connected`);
    this.#outbox.open();
    this.#isOpened?.();
  }

  /** @internal */
  troubled(error: unknown): void {
    // While an engine starts, it says the same again and again.
    const text = messageOf(error);
    if (text !== this.#trouble) this.#port?.failed(error);
    this.#trouble = text;
  }

  /** @internal The log got another epoch by this node: the others look again. */
  renewed(): void {
    this.#engine.cast(RENEWED_CHANNEL, encodeUtf8(this.node)).catch(() => undefined);
  }

  /** @internal */
  failed(error: unknown): void {
    if (!this.#isClosed) this.#port?.failed(error);
  }

  // --- who is there -----------------------------------------------------------------------------------------------------------------

  changed(address: string): void {
    this.#presence?.changed(address);
  }

  elsewhere(address: string): number {
    return this.#presence?.elsewhere(address) ?? 0;
  }

  presence(): PresenceState {
    return this.#presence?.state() ?? ALONE;
  }

  // --- the log and the sessions --------------------------------------------------------------------------------------------------------

  retain(): void {}

  release(): void {}

  read(request: LogRequest): LogAnswer {
    return this.#log.read(request);
  }

  saveSession(record: SessionRecord): void | Promise<void> {
    // Without its engine this node is the only one that knows; it stores all sessions when the engine is back.
    if (this.#state === 'down' || this.#isClosed) return;
    return this.#sessions?.save(record).catch((error: unknown) => {
      if (this.#state === 'up') this.#port?.failed(error);
    });
  }

  async takeSession(id: string): Promise<SessionRecord | undefined> {
    if (this.#state === 'up') return this.#sessions?.take(id);
    const { time, windowMs } = this.#port as BackplanePort;
    // After that long nothing could be gone on with.
    if (time.now() - this.#downMs > windowMs) return undefined;
    throw new TarsException(`${this.name} is away: nobody can say whether there is such a session`, {
      code: 'TARSIER_PUSH_ENGINE',
    });
  }

  forgetSession(record: SessionRecord): void | Promise<void> {
    if (this.#state === 'down' || this.#isClosed) return;
    // Otherwise it is forgotten when its time is over.
    return this.#sessions?.forget(record).catch(() => undefined);
  }

  sweep(): void {
    this.#log.sweep();
    this.#tellUndelivered();
  }

  #tellUndelivered(): void {
    for (const pushes of this.#undelivered.take()) this.#port?.undelivered(pushes);
  }
}

/** @param isRepeated it was handed out here under its name. */
function messageFrom(
  record: PushRecord,
  sequence: number,
  name: string,
  push: PushState | undefined,
  isRepeated: boolean,
): HubMessage {
  const { address, topic, delivery, key, where, payload } = record;
  const id = isRepeated ? name : '';
  return {
    address,
    topic,
    delivery,
    key,
    where,
    payload,
    sequence,
    bytes: undefined,
    namedBytes: undefined,
    push,
    name,
    id,
    isRepeated,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function timeout(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
