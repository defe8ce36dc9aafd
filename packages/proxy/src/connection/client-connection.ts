import {
  type Bytes,
  bytesOf,
  type Endpoint,
  type ProxyProtocol,
  type ResponsePacket,
  type TarsException,
} from '@tarsier/protocol';
import { type Flushable } from '@tarsier/protocol/internal';
import { encodeError, queueFullError, whereOf } from '../call/call-errors.js';
import { CALL_QUEUED, CALL_SENT, CALL_SETTLED, type CallCarrier, type PendingCall } from '../call/pending-call.js';
import type { PendingCalls } from '../call/pending-calls.js';
import type { ClientRuntime } from '../client-runtime.js';
import type { NodeHealth } from '../endpoints/node-health.js';
import { Alarm } from '../time/alarm.js';
import { GuardedConnection, GuardedHandlers, type TransportFault } from '../transport/guarded-connection.js';
import type { TransportConnection, TransportHandlers } from '../transport/transport.js';
import type { ConnectionContext } from './connection-context.js';
import {
  type ClockEnd,
  type ConnectionEnd,
  clockEnd,
  connectionError,
  GOODBYE,
  recogniserError,
} from './connection-end.js';
import { type KeptLink, LinkKeeper } from './link-keeper.js';
import type { LinkFacts } from './link-watch.js';
import type { PacketQueue } from './packet-queue.js';
import { PacketReader, type PacketTaker } from './packet-reader.js';

/** How long a closed connection may take to send the rest and hear the peer close too. */
const LINGER_MS = 500;
/** A connection that lived so long was worth making, even if no packet came. */
const PROVEN_MS = 1000;
/** The time of a call is taken at most once in so long: reading the clock costs more than an answer does. */
const SAMPLE_MS = 10;
/** So many calls of a tick leave without waiting for its end: the server works on them while others are encoded. */
const EAGER_CALLS = 64;

/** Who made a connection: its node. */
export interface ConnectionHost {
  readonly address: Endpoint;
  /** The address as text. */
  readonly endpoint: string;
  /** As `ServantProxy.endpoints` tells it. */
  readonly nodeState: string;
  readonly health: NodeHealth;
  connectTimeoutMs(): number;
  opened(connection: ClientConnection): void;
  /** Called once, when it will carry no call any more; its calls are still marked with it. */
  ended(connection: ClientConnection, end: ConnectionEnd): void;
  /** A connection for one call at a time can take the next. */
  freed(connection: ClientConnection): void;
  /** Its transport holds nothing any more; comes once, after `ended`. */
  released(connection: ClientConnection): void;
  /** An answer made the node healthy again. */
  healed(): void;
  /** The server has said goodbye: it takes no more calls. Called once at most. */
  saidGoodbye(connection: ClientConnection): void;
  /** The deadline of a call passed that the connection carries. */
  callTimedOut(nowMs: number): void;
  /** The time of one call, now and then. */
  sampled(latencyMs: number, nowMs: number): void;
}

// Phases of a connection.
const PHASE_CONNECTING = 0;
const PHASE_OPEN = 1;
const PHASE_CLOSED = 2;
const PHASE_RELEASED = 3;
type Phase = typeof PHASE_CONNECTING | typeof PHASE_OPEN | typeof PHASE_CLOSED | typeof PHASE_RELEASED;

/**
 * One connection to one node: reader, send queue, and which calls it carries.
 *
 * CONNECTING -> OPEN -> CLOSED (carries nothing any more; the rest is being sent) -> RELEASED (the transport is done).
 */
export class ClientConnection implements TransportHandlers, CallCarrier, Flushable, KeptLink, PacketTaker {
  readonly endpoint: string;
  readonly object: string;
  readonly #host: ConnectionHost;
  readonly #context: ConnectionContext;
  readonly #runtime: ClientRuntime;
  readonly #calls: PendingCalls;
  readonly #health: NodeHealth;
  readonly #protocol: ProxyProtocol;
  readonly #isSerial: boolean;
  readonly #maxUnsent: number;
  /** Whether packets have to be shown to `ProxyProtocol.isGoaway`. */
  readonly #hearsGoodbyes: boolean;
  #hasHeardGoodbye = false;
  /** The time that it may take to connect or to close. */
  readonly #deadline = new Alarm(() => {
    this.#deadlinePassed();
  });
  readonly #keeper: LinkKeeper;
  readonly #reader: PacketReader;
  #transport: TransportConnection | undefined;
  #queue: PacketQueue | undefined;
  #phase: Phase = PHASE_CONNECTING;
  /** Calls whose bytes lie in the queue, those settled meanwhile included. */
  #unsent: PendingCall[] = [];
  /** Of a connection for one call at a time: that call. */
  #current: PendingCall | undefined;
  #isReading = false;
  #isScheduled = false;
  #openedMs = -1;
  #packets = 0;
  #chunks = 0;
  #sampleAtMs = 0;
  /** When the transport last said that it has enough, and when it took bytes again. */
  #blockedMs = Number.POSITIVE_INFINITY;
  #drainedMs = 0;
  /** Calls that it still waits for before it closes; below 0 while it stays. */
  #leaving = -1;
  #leaveReason = '';
  /** State of the node when it ended. */
  #endState = '';
  #markReleased: (() => void) | undefined;
  /** Settles when the transport has released everything. */
  readonly whenReleased: Promise<void> = new Promise((resolve) => {
    this.#markReleased = resolve;
  });

  constructor(host: ConnectionHost, context: ConnectionContext, protocol: ProxyProtocol, isSerial: boolean) {
    this.#host = host;
    this.#context = context;
    this.#runtime = context.runtime;
    this.#calls = context.calls;
    this.#health = host.health;
    this.#protocol = protocol;
    this.#isSerial = isSerial;
    this.#maxUnsent = context.settings.maxWaitingCalls;
    this.#hearsGoodbyes = protocol.isGoaway !== undefined;
    this.#reader = new PacketReader({
      taker: this,
      protocol,
      allocate: this.#runtime.environment.allocate,
      maxBytes: context.settings.maxReceiveBytes,
    });
    this.endpoint = host.endpoint;
    this.object = context.objectName;
    const { heartbeat } = protocol;
    this.#keeper = new LinkKeeper({
      link: this,
      // With one call at a time any packet is taken for its answer, unless heartbeats can be told from them.
      heartbeat: isSerial && heartbeat?.isAnswer === undefined ? undefined : heartbeat,
      clocks: context.linkClocks,
      clock: this.#runtime.linkClock,
    });
    this.#connect(host);
  }

  get isConnected(): boolean {
    return this.#phase === PHASE_OPEN;
  }

  /** Whether a connection for one call at a time could take one. */
  get isFree(): boolean {
    return this.#phase === PHASE_OPEN && this.#current === undefined;
  }

  /** Whether it was of use: a packet came, or it lived for a while. Others count as failed attempts. */
  get isProven(): boolean {
    return this.wasOpened && (this.#packets > 0 || this.#runtime.clock.now() - this.#openedMs >= PROVEN_MS);
  }

  /** Whether it was ever established. */
  get wasOpened(): boolean {
    return this.#openedMs >= 0;
  }

  get nodeState(): string {
    return this.#endState === '' ? this.#host.nodeState : this.#endState;
  }

  takenMs(sentMs: number): number {
    if (sentMs < this.#blockedMs) return sentMs;
    return this.#queue?.isBlocked === true ? Number.POSITIVE_INFINITY : Math.max(sentMs, this.#drainedMs);
  }

  timedOut(nowMs: number): void {
    this.#host.callTimedOut(nowMs);
  }

  facts(answers: number): LinkFacts {
    return {
      chunks: this.#chunks,
      answers: this.#protocol.heartbeat?.isAnswer === undefined ? this.#chunks : answers,
      isPartial: this.#reader.isPartial,
      isExpecting: this.#current !== undefined || this.#context.expectsPushes || this.#calls.hasAt(this),
      isBlocked: this.#queue?.isBlocked ?? false,
      blockedMs: this.#blockedMs,
      waitingBytes: this.#transport?.waitingBytes ?? 0,
    };
  }

  /** The clocks have changed. */
  watchAnew(): void {
    if (this.#phase === PHASE_OPEN) this.#keeper.start(this.#context.linkClocks);
  }

  /** The time of a heartbeat and its answer in ms. */
  ping(timeoutMs: number): Promise<number> {
    return this.#keeper.ping(timeoutMs, this.#runtime.clock);
  }

  giveUp(kind: ClockEnd['kind']): void {
    this.end(clockEnd(kind, this.#context.linkClocks));
  }

  fault(error: TarsException): void {
    this.#context.notifier.fault(error);
  }

  #connect(host: ConnectionHost): void {
    const { clock, transports, environment } = this.#runtime;
    clock.add(this.#deadline, clock.now() + host.connectTimeoutMs());
    try {
      const transport = transports.find((one) => one.canConnect(host.address));
      if (transport === undefined) {
        const names = transports.map((one) => one.name).join(', ');
        const known =
          names === '' ? `${environment.name} has no transport` : `the transports of ${environment.name} are ${names}`;
        throw new Error(`no transport serves ${host.address.type} endpoints: ${known}`);
      }
      const handlers = new GuardedHandlers(this, this.#broke);
      const made = transport.connect(host.address, handlers, this.#context.connectOptions);
      const connection = new GuardedConnection(made, this.#broke);
      this.#transport = connection;
      const { allocate } = environment;
      const { notifier } = this.#context;
      this.#queue = environment.packets({ connection, taker: this, protocol: this.#protocol, allocate, notifier });
    } catch (cause) {
      environment.defer(() => {
        this.end({ kind: 'refused', cause });
      });
    }
  }

  /** The guard of this connection: whatever was thrown between it and its transport ends it, and not from within what has thrown. */
  readonly #broke: TransportFault = (cause, isOver) => {
    this.#runtime.environment.defer(() => {
      this.end({ kind: this.#phase === PHASE_CONNECTING ? 'refused' : 'lost', cause });
      if (isOver) this.#release();
    });
  };

  /** Sends a call at the end of the tick. One that cannot be encoded fails; nothing is thrown. */
  send(call: PendingCall): void {
    const queue = this.#queue;
    if (queue === undefined) return;
    const unsent = this.#unsent;
    const context = this.#context;
    if (unsent.length >= this.#maxUnsent) {
      this.flush();
      if (unsent.length >= this.#maxUnsent) {
        context.fail(call, queueFullError(call, this.#maxUnsent, this.endpoint));
        return;
      }
    }
    try {
      const bytes = bytesOf(this.#protocol.requestFunc(call.request, this), 'the packet that requestFunc returns');
      // The encoder is a stranger's: it may have closed the proxy.
      if (call.state === CALL_SETTLED) return;
      const problem = queue.problemOf?.(call.request, bytes.length, () => whereOf(call, this.endpoint));
      if (problem !== undefined) {
        context.fail(call, problem);
        return;
      }
      queue.push(bytes);
    } catch (cause) {
      context.fail(call, encodeError(call, cause, this.endpoint));
      return;
    }
    if (call.history !== undefined) call.wait(call.nowMs, false);
    call.place = this;
    call.state = CALL_QUEUED;
    if (this.#isSerial) this.#current = call;
    unsent.push(call);
    if (unsent.length >= EAGER_CALLS) this.flush();
    // What is sent while a chunk is read leaves at its end.
    else if (!this.#isScheduled && !this.#isReading) this.#schedule();
  }

  push(bytes: Bytes): void {
    this.#queue?.push(bytes);
    if (!this.#isScheduled) this.#schedule();
  }

  #schedule(): void {
    this.#isScheduled = true;
    this.#runtime.flushList.add(this);
  }

  flush(): void {
    this.#isScheduled = false;
    const queue = this.#queue;
    if (queue === undefined || queue.isBlocked || this.#phase !== PHASE_OPEN) return;
    if (this.#unsent.length > 0) this.#markSent();
    queue.flush();
    if (queue.isBlocked) this.#noteBlocked();
    this.#checkLeave();
  }

  #noteBlocked(): void {
    this.#blockedMs = this.#runtime.clock.recentMs;
    this.#keeper.blocked();
  }

  /** Everything in the queue is about to be handed to the network. */
  #markSent(): void {
    const unsent = this.#unsent;
    const sentMs = this.#runtime.clock.recentMs;
    for (const call of unsent) {
      if (call.state !== CALL_QUEUED || call.place !== this) continue;
      call.state = CALL_SENT;
      call.sentMs = sentMs;
      if (call.isOneWay && !this.#isSerial) {
        this.#context.sentOneWay(call);
        if (this.#leaving > 0) this.#leaving--;
      }
    }
    unsent.length = 0;
  }

  leave(call: PendingCall): void {
    if (this.#current === call) {
      this.#current = undefined;
      this.end({ kind: 'abandoned' });
    } else {
      this.#leftOne();
    }
  }

  /** Closes it as soon as the calls that it carries are settled. It gets no new ones. */
  closeWhenDone(reason: string): void {
    if (this.#leaving >= 0) return;
    this.#leaveReason = reason;
    this.#leaving = this.#calls.at(this).length;
    this.#checkLeave();
  }

  #leftOne(): void {
    if (this.#leaving <= 0) return;
    this.#leaving--;
    this.#checkLeave();
  }

  #checkLeave(): void {
    if (this.#leaving === 0) this.end({ kind: 'closed', reason: this.#leaveReason });
  }

  /** Closes it: what was queued is sent before, as far as the peer takes it at once. */
  close(reason: string): void {
    this.flush();
    this.end({ kind: 'closed', reason });
  }

  onConnect(): void {
    // Without a queue its packets cannot be sent: the end is on its way.
    if (this.#phase !== PHASE_CONNECTING || this.#queue === undefined) return;
    const { clock } = this.#runtime;
    clock.remove(this.#deadline);
    this.#phase = PHASE_OPEN;
    this.#openedMs = clock.now();
    this.#keeper.start(this.#context.linkClocks);
    this.#host.opened(this);
    this.flush();
  }

  onData(chunk: Uint8Array): void {
    if (this.#phase !== PHASE_OPEN) return;
    this.#chunks++;
    this.#isReading = true;
    try {
      if (this.#queue?.read === undefined) this.#reader.read(chunk);
      else this.#queue.read(chunk);
    } finally {
      this.#isReading = false;
    }
    if (this.#unsent.length > 0) this.flush();
  }

  onDrain(): void {
    if (this.#phase !== PHASE_OPEN) return;
    this.#drainedMs = this.#runtime.clock.now();
    this.#markSent();
    const queue = this.#queue;
    queue?.drained();
    if (queue?.isBlocked === true) this.#noteBlocked();
    this.#checkLeave();
  }

  onEnd(cause?: Error): void {
    // After a goodbye, when nobody waits for anything, the end is what was agreed on.
    const isExpected = this.#hasHeardGoodbye && !this.#calls.hasAt(this);
    this.end(isExpected ? { kind: 'closed', reason: GOODBYE } : { kind: 'lost', cause });
  }

  onClose(error?: Error): void {
    if (this.#phase === PHASE_CONNECTING) {
      this.end({ kind: 'refused', cause: error ?? new Error('closed by the peer before it was established') });
    } else {
      this.onEnd(error);
    }
    this.#release();
  }

  #deadlinePassed(): void {
    if (this.#phase === PHASE_CONNECTING) {
      const limit = this.#host.connectTimeoutMs();
      const cause = new Error(`timed out after ${limit} ms (connect-timeout)`);
      this.end({ kind: 'refused', cause, key: 'connect-timeout', limit });
    } else {
      this.#transport?.destroy();
    }
  }

  accept(response: ResponsePacket, isLast: boolean): void {
    this.#packets++;
    if (this.#keeper.isListening && this.#keeper.took(response)) return;
    if (this.#hearsGoodbyes && this.#isGoodbye(response)) return;
    if (this.#isSerial) {
      this.#acceptNext(response, isLast);
      return;
    }
    const id = response.iRequestId;
    if (id === 0) {
      this.#context.notifier.pushed(response, this.endpoint);
      return;
    }
    const call = this.#calls.find(id, this);
    if (call === undefined) {
      this.#context.notifier.dropped(response, this.endpoint, 'unknown-id');
      return;
    }
    this.#settle(call, response);
  }

  #isGoodbye(response: ResponsePacket): boolean {
    try {
      if (this.#protocol.isGoaway?.(response) !== true) return false;
    } catch (cause) {
      this.#context.notifier.fault(recogniserError('isGoaway', cause, this.object, this.endpoint));
      return false;
    }
    if (!this.#hasHeardGoodbye && this.#phase === PHASE_OPEN) {
      this.#hasHeardGoodbye = true;
      this.#host.saidGoodbye(this);
    }
    return true;
  }

  /** Takes the calls back that were not handed to the network. They stand nowhere then. */
  takeUnsent(): PendingCall[] {
    const unsent = this.#unsent.filter((call) => call.state === CALL_QUEUED && call.place === this);
    this.#unsent = [];
    this.#queue?.clear();
    for (const call of unsent) {
      call.place = undefined;
      if (this.#current === call) this.#current = undefined;
    }
    return unsent;
  }

  #settle(call: PendingCall, response: ResponsePacket): void {
    // Whatever the result is, the node answers.
    if (this.#health.succeeded()) this.#host.healed();
    if (this.#runtime.clock.recentMs >= this.#sampleAtMs) this.#sample(call);
    if (response.iRet === 0 || !this.#context.retriesResult(call, response)) {
      this.#calls.remove(call);
      this.#context.answered(call, response, this.endpoint);
    }
    this.#leftOne();
  }

  #sample(call: PendingCall): void {
    const { clock } = this.#runtime;
    this.#sampleAtMs = clock.recentMs + SAMPLE_MS;
    const nowMs = clock.read();
    this.#host.sampled(nowMs - call.sentMs, nowMs);
  }

  /** One call at a time: whatever comes answers it. */
  #acceptNext(response: ResponsePacket, isLast: boolean): void {
    const call = this.#current;
    if (call === undefined || call.state !== CALL_SENT) {
      this.#context.notifier.dropped(response, this.endpoint, 'unsolicited');
      return;
    }
    this.#current = undefined;
    this.#settle(call, response);
    if (!isLast && this.isFree) this.#host.freed(this);
  }

  end(end: ConnectionEnd): void {
    if (this.#phase >= PHASE_CLOSED) return;
    const { clock } = this.#runtime;
    this.#endState = this.#host.nodeState;
    const isOrderly = this.#phase === PHASE_OPEN && (end.kind === 'closed' || end.kind === 'finished');
    this.#phase = PHASE_CLOSED;
    this.#current = undefined;
    clock.remove(this.#deadline);
    if (isOrderly) {
      clock.add(this.#deadline, clock.now() + LINGER_MS);
      this.#transport?.close();
    } else {
      this.#transport?.destroy();
    }
    this.#queue?.clear();
    this.#unsent = [];
    // A peer that soon sends what cannot be decoded is not to be connected again at once, good packets or not.
    if (end.kind === 'malformed') this.#packets = 0;
    this.#reader.destroy();
    this.#keeper.stop(() => connectionError(end, this.object, this.endpoint));
    this.#host.ended(this, end);
    // Without a transport nobody else says that all is released.
    if (this.#transport === undefined) this.#release();
  }

  #release(): void {
    if (this.#phase === PHASE_RELEASED) return;
    this.#phase = PHASE_RELEASED;
    this.#runtime.clock.remove(this.#deadline);
    this.#markReleased?.();
    this.#host.released(this);
  }
}
