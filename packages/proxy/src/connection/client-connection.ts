import {
  type Endpoint,
  NetWorkBuffer,
  PacketType,
  type ProxyProtocol,
  ResponsePacket,
  type TarsException,
  type Transceiver,
} from '@tarsier/protocol';
import { type Flushable, SendQueue } from '@tarsier/protocol/internal';
import { encodeError, queueFullError } from '../call/call-errors.js';
import { type CallPlace, CallState, type PendingCall } from '../call/pending-call.js';
import type { PendingCalls } from '../call/pending-calls.js';
import type { ClientRuntime } from '../client-runtime.js';
import type { ClientSettings } from '../communicator-properties.js';
import type { DropReason } from '../servant-proxy-events.js';
import { Deadline } from '../time/deadline.js';
import type { ConnectOptions } from '../transport/connect-options.js';
import type { TransportConnection, TransportHandlers } from '../transport/transport.js';
import { type ConnectionEnd, causeText } from './connection-end.js';

/** How long a closed connection may take to send the rest and hear the peer close too. */
const LINGER_MS = 500;
/** A connection that lived so long was worth making, even if no packet came. */
const PROVEN_MS = 1000;

/** What the connections of one proxy have in common. */
export interface ConnectionContext {
  readonly runtime: ClientRuntime;
  readonly settings: ClientSettings;
  readonly calls: PendingCalls;
  readonly connectOptions: ConnectOptions;
  /** Ends a call with an exception. */
  fail(call: PendingCall, error: TarsException): void;
  /** Hands an answer to its call, which was taken out of `calls`. */
  answered(call: PendingCall, response: ResponsePacket, endpoint: string): void;
  /** A one-way call was handed to the network and is taken out of `calls`. */
  sentOneWay(call: PendingCall): void;
  pushed(response: ResponsePacket, endpoint: string): void;
  dropped(response: ResponsePacket, endpoint: string, reason: DropReason): void;
}

/** Who made a connection: its node. */
export interface ConnectionHost {
  readonly address: Endpoint;
  /** The address as text. */
  readonly endpoint: string;
  connectTimeoutMs(): number;
  opened(connection: ClientConnection): void;
  /** Called once, when it will carry no call any more; its calls are still marked with it. */
  ended(connection: ClientConnection, end: ConnectionEnd): void;
  /** A connection for one call at a time can take the next. */
  freed(connection: ClientConnection): void;
  /** Its transport holds nothing any more; comes once, after `ended`. */
  released(connection: ClientConnection): void;
}

/** Phases of a connection. */
const Phase = { CONNECTING: 0, OPEN: 1, CLOSED: 2, RELEASED: 3 } as const;
type Phase = (typeof Phase)[keyof typeof Phase];

/**
 * One connection to one node: reader, send queue, and which calls it carries.
 *
 * CONNECTING → OPEN → CLOSED (carries nothing any more; the rest is being sent) → RELEASED (the transport is done).
 */
export class ClientConnection implements TransportHandlers, CallPlace, Flushable, Transceiver {
  readonly endpoint: string;
  readonly #host: ConnectionHost;
  readonly #context: ConnectionContext;
  readonly #runtime: ClientRuntime;
  readonly #calls: PendingCalls;
  readonly #protocol: ProxyProtocol;
  readonly #isSerial: boolean;
  readonly #maxUnsent: number;
  readonly #deadline = new ConnectionDeadline(this);
  readonly #input: NetWorkBuffer;
  #transport: TransportConnection | undefined;
  #queue: SendQueue | undefined;
  #phase: Phase = Phase.CONNECTING;
  /** Calls whose bytes lie in the queue, those settled meanwhile included. */
  #unsent: PendingCall[] = [];
  /** Of a connection for one call at a time: that call. */
  #current: PendingCall | undefined;
  #isReading = false;
  #isScheduled = false;
  #openedMs = 0;
  #packets = 0;
  #released: (() => void)[] | undefined;

  constructor(host: ConnectionHost, context: ConnectionContext, protocol: ProxyProtocol, isSerial: boolean) {
    this.#host = host;
    this.#context = context;
    this.#runtime = context.runtime;
    this.#calls = context.calls;
    this.#protocol = protocol;
    this.#isSerial = isSerial;
    this.#maxUnsent = context.settings.maxWaitingCalls;
    this.#input = new NetWorkBuffer(this.#runtime.environment.allocate);
    this.endpoint = host.endpoint;
    this.#connect(host);
  }

  get isConnected(): boolean {
    return this.#phase === Phase.OPEN;
  }

  /** Whether a connection for one call at a time could take one. */
  get isFree(): boolean {
    return this.#phase === Phase.OPEN && this.#current === undefined;
  }

  /** Whether it was of use: a packet came, or it lived for a while. Others count as failed attempts. */
  get isProven(): boolean {
    return this.#openedMs > 0 && (this.#packets > 0 || this.#runtime.clock.now() - this.#openedMs >= PROVEN_MS);
  }

  /** Whether it was ever established. */
  get wasOpened(): boolean {
    return this.#openedMs > 0;
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
      this.#transport = transport.connect(host.address, this, this.#context.connectOptions);
      this.#queue = new SendQueue(this.#transport, this.#runtime.pool);
    } catch (cause) {
      environment.defer(() => {
        this.#end({ kind: 'refused', cause });
      });
    }
  }

  /** Sends a call at the end of the tick. One that cannot be encoded fails; nothing is thrown. */
  send(call: PendingCall): void {
    const queue = this.#queue;
    if (queue === undefined) return;
    const unsent = this.#unsent;
    if (unsent.length >= this.#maxUnsent) {
      this.flush();
      if (unsent.length >= this.#maxUnsent) {
        this.#context.fail(call, queueFullError(call, this.#maxUnsent, this.endpoint));
        return;
      }
    }
    try {
      const bytes = this.#protocol.requestFunc(call.request, this);
      // The encoder is a stranger's: it may have closed the proxy.
      if (call.state === CallState.SETTLED) return;
      queue.push(bytes);
    } catch (cause) {
      this.#context.fail(call, encodeError(call, cause, this.endpoint));
      return;
    }
    call.place = this;
    call.state = CallState.QUEUED;
    if (this.#isSerial) this.#current = call;
    unsent.push(call);
    if (this.#isScheduled || this.#isReading) return;
    this.#isScheduled = true;
    this.#runtime.flushList.add(this);
  }

  flush(): void {
    this.#isScheduled = false;
    const queue = this.#queue;
    if (queue === undefined || queue.isBlocked || this.#phase !== Phase.OPEN) return;
    if (this.#unsent.length > 0) this.#markSent();
    queue.flush();
  }

  /** Everything in the queue is about to be handed to the network. */
  #markSent(): void {
    const unsent = this.#unsent;
    const sentMs = this.#runtime.clock.recentMs;
    for (const call of unsent) {
      if (call.state !== CallState.QUEUED || call.place !== this) continue;
      call.state = CallState.SENT;
      call.sentMs = sentMs;
      if (call.isOneWay && !this.#isSerial) this.#context.sentOneWay(call);
    }
    unsent.length = 0;
  }

  leave(call: PendingCall): void {
    if (this.#current !== call) return;
    this.#current = undefined;
    this.#end({ kind: 'abandoned' });
  }

  /** Closes it: what was queued is sent before, as far as the peer takes it at once. */
  close(reason: string): void {
    this.flush();
    this.#end({ kind: 'closed', reason });
  }

  /** Settles when the transport has released everything. */
  whenReleased(): Promise<void> {
    if (this.#phase === Phase.RELEASED) return Promise.resolve();
    return new Promise((resolve) => {
      this.#released ??= [];
      this.#released.push(resolve);
    });
  }

  onConnect(): void {
    if (this.#phase !== Phase.CONNECTING) return;
    const { clock } = this.#runtime;
    clock.remove(this.#deadline);
    this.#phase = Phase.OPEN;
    this.#openedMs = clock.now();
    this.#host.opened(this);
    this.flush();
  }

  onData(chunk: Uint8Array): void {
    if (this.#phase !== Phase.OPEN) return;
    this.#input.addBuffer(chunk);
    this.#isReading = true;
    try {
      this.#read();
    } finally {
      this.#isReading = false;
    }
    if (this.#unsent.length > 0) this.flush();
  }

  onDrain(): void {
    if (this.#phase !== Phase.OPEN) return;
    this.#runtime.clock.now();
    this.#markSent();
    this.#queue?.drained();
  }

  onEnd(): void {
    this.#end({ kind: 'lost' });
  }

  onClose(error?: Error): void {
    if (this.#phase === Phase.CONNECTING) {
      this.#end({ kind: 'refused', cause: error ?? new Error('closed by the peer before it was established') });
    } else {
      this.#end({ kind: 'lost', cause: error });
    }
    this.#release();
  }

  /** The time for connecting, or for closing, is over. */
  deadlinePassed(): void {
    if (this.#phase === Phase.CONNECTING) {
      const cause = new Error(`timed out after ${this.#host.connectTimeoutMs()} ms (connect-timeout)`);
      this.#end({ kind: 'refused', cause });
    } else {
      this.#transport?.destroy();
    }
  }

  #read(): void {
    const input = this.#input;
    while (this.#phase === Phase.OPEN && !input.empty()) {
      const before = input.getBufferLength();
      const response = new ResponsePacket();
      let type: PacketType;
      try {
        type = this.#protocol.responseFunc(input, response);
      } catch (cause) {
        this.#malformed(`the answer could not be decoded: ${causeText(cause)}`, cause);
        return;
      }
      // The decoder is a stranger's: it may have closed the proxy.
      if (this.#phase !== Phase.OPEN) return;
      if (type === PacketType.PACKET_LESS) {
        this.#checkBuffered();
        return;
      }
      if (type === PacketType.PACKET_FULL && input.getBufferLength() < before) {
        this.#accept(response, false);
      } else if (type === PacketType.PACKET_FULL_CLOSE) {
        this.#accept(response, true);
        this.#end({ kind: 'finished' });
      } else if (type === PacketType.PACKET_FULL) {
        this.#malformed('responseFunc said PACKET_FULL without taking a byte');
      } else {
        this.#malformed(`responseFunc said ${type === PacketType.PACKET_ERR ? 'PACKET_ERR' : String(type)}`);
      }
    }
  }

  #accept(response: ResponsePacket, isLast: boolean): void {
    this.#packets++;
    if (this.#isSerial) {
      this.#acceptNext(response, isLast);
      return;
    }
    const id = response.iRequestId;
    if (id === 0) {
      this.#context.pushed(response, this.endpoint);
      return;
    }
    const call = this.#calls.find(id, this);
    if (call === undefined) {
      this.#context.dropped(response, this.endpoint, 'unknown-id');
      return;
    }
    this.#calls.remove(call);
    this.#context.answered(call, response, this.endpoint);
  }

  /** One call at a time: whatever comes answers it. */
  #acceptNext(response: ResponsePacket, isLast: boolean): void {
    const call = this.#current;
    if (call === undefined || call.state !== CallState.SENT) {
      this.#context.dropped(response, this.endpoint, 'unsolicited');
      return;
    }
    this.#current = undefined;
    this.#calls.remove(call);
    this.#context.answered(call, response, this.endpoint);
    if (!isLast && this.isFree) this.#host.freed(this);
  }

  #checkBuffered(): void {
    const limit = this.#context.settings.maxReceiveBytes;
    const size = this.#input.getBufferLength();
    if (size <= limit) return;
    const code = 'TARSIER_PACKET_TOO_LARGE';
    const problem = `${size} bytes came that do not form a packet yet, above recvbufferlimit ${limit}`;
    this.#end({ kind: 'malformed', code, problem });
  }

  #malformed(problem: string, cause?: unknown): void {
    const bytes = this.#input.getHeader(Math.min(16, this.#input.getBufferLength()));
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const first = hex === '' ? '' : `; the bytes begin with ${hex}`;
    this.#end({ kind: 'malformed', code: 'TARSIER_CLIENT_DECODE', problem: `${problem}${first}`, cause });
  }

  #end(end: ConnectionEnd): void {
    if (this.#phase >= Phase.CLOSED) return;
    const { clock } = this.#runtime;
    const isOrderly = this.#phase === Phase.OPEN && (end.kind === 'closed' || end.kind === 'finished');
    this.#phase = Phase.CLOSED;
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
    this.#input.destroy();
    this.#host.ended(this, end);
    // Without a transport nobody else says that all is released.
    if (this.#transport === undefined) this.#release();
  }

  #release(): void {
    this.#phase = Phase.RELEASED;
    this.#runtime.clock.remove(this.#deadline);
    const released = this.#released ?? [];
    this.#released = undefined;
    for (const resolve of released) resolve();
    this.#host.released(this);
  }
}

/** The time that a connection may take to connect or to close. */
class ConnectionDeadline extends Deadline {
  readonly #connection: ClientConnection;

  constructor(connection: ClientConnection) {
    super();
    this.#connection = connection;
  }

  override expire(): void {
    this.#connection.deadlinePassed();
  }
}
