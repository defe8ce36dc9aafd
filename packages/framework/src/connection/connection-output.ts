import { type Bytes, ByteVector, type TarsException } from '@tarsier/protocol';
import { type ByteSink, type Flushable, SendQueue, TimerNode } from '@tarsier/protocol/internal';
import { writeAllTo, writeTo } from '@tarsier/proxy/internal';
import type { BindAdapter } from '../adapter/bind-adapter.js';
import { CloseType } from '../close-type.js';
import { publishSend, serverChannels } from '../observe/server-channels.js';
import { faultOf } from './connection-faults.js';
import { Flag } from './connection-flag.js';
import type { ConnectionHost } from './connection-host.js';
import type { ConnectionLimits } from './connection-limits.js';
import { nextUid } from './next-uid.js';
import type { Peer } from './peer.js';
import { type BacklogOwner, SendBacklog } from './send-backlog.js';
import type { SendDrop, SendLimit } from './send-drop.js';
import type { SendLedger } from './send-ledger.js';
import { SendResult } from './send-result.js';
import type { Wire } from './wire.js';

/** Open: served. Ending: nothing more is served; what is queued still leaves. Closed: the socket is gone. */
type State = 'open' | 'ending' | 'closed';

/** So much of a tick leaves without waiting for its end: the peer works on it while the rest is made. */
const EAGER_BYTES = 16_384;

/**
 * The half of a connection that sends: its queue, what waits while the peer is behind, and the way into the socket. A base class and not
 * an object of its own, because most connections are idle and each is to cost little.
 */
export abstract class ConnectionOutput extends TimerNode implements Peer, ByteSink, Flushable, BacklogOwner {
  readonly uid: number;
  readonly host: ConnectionHost;
  readonly ip: string;
  readonly port: number;
  protected readonly wire: Wire;
  protected state: State = 'open';
  protected queue: SendQueue | undefined = undefined;
  /** Bits of {@link Flag}: most connections are idle, and each field of each of them costs. */
  protected flags = 0;
  /** Present while the peer is behind. */
  protected backlog: SendBacklog | undefined = undefined;

  constructor(wire: Wire, host: ConnectionHost, ip: string, port: number) {
    super();
    this.uid = nextUid();
    this.host = host;
    this.ip = ip;
    this.port = port;
    this.wire = wire;
  }

  abstract readonly adapter: BindAdapter;
  abstract readonly receivedMs: number;
  abstract readonly carrier: object;
  abstract readonly closeType: CloseType;
  abstract readonly error: TarsException | undefined;
  abstract close(): void;
  abstract closeAfterAnswer(): void;
  abstract lateAnswerSent(): void;
  abstract handlerFailed(error: unknown): string;

  /** Serves no more requests until the peer has read. */
  abstract hold(): void;

  /** One of the deadlines has changed. */
  abstract schedule(): void;

  /** Closes at once; what was not sent is lost. */
  abstract destroy(type: CloseType, error?: TarsException): void;

  get isDatagram(): boolean {
    return false;
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  get pendingBytes(): number {
    const ownBytes = (this.queue?.length ?? 0) + (this.backlog?.heldBytes ?? 0);
    try {
      return ownBytes + this.wire.writableLength;
    } catch (error) {
      this.fault(error);
      return ownBytes;
    }
  }

  get owedBytes(): number {
    return this.backlog?.owedBytes ?? 0;
  }

  get socketBytes(): number {
    return this.wire.writableLength;
  }

  get sentBytes(): number {
    return this.wire.bytesWritten - this.wire.writableLength;
  }

  get limits(): ConnectionLimits {
    return this.host.limits;
  }

  get ledger(): SendLedger {
    return this.host.services.ledger;
  }

  get isExpendable(): boolean {
    return this.isOpen && this.limits.sendPolicy === 'close';
  }

  get isCongested(): boolean {
    return this.queue?.isBlocked === true;
  }

  protected now(): number {
    return this.host.services.time.now();
  }

  protected is(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  send(bytes: Bytes, isAnswer = false): SendResult {
    if (!this.isOpen) return SendResult.REFUSED;
    const size = bytes.length;
    if (size === 0) return SendResult.ACCEPTED;
    const queue = (this.queue ??= new SendQueue(this, this.host.services.pool));
    if (queue.isBlocked || queue.length + size > this.limits.maxSendBytes) {
      return this.#sendBehind(queue, bytes, isAnswer || this.is(Flag.READING));
    }
    this.#push(queue, bytes);
    return this.#accepted(size);
  }

  /** Unless the wire has thrown at it. */
  #accepted(size: number): SendResult {
    const result = this.state === 'open' ? SendResult.ACCEPTED : SendResult.REFUSED;
    if (serverChannels.send.hasSubscribers) publishSend(this, size, result);
    return result;
  }

  sendNow(bytes: Bytes): SendResult {
    const size = bytes.length;
    const isFree = this.queue === undefined && this.state === 'open' && !this.is(Flag.READING);
    if (!isFree || size === 0 || size > this.limits.maxSendBytes) {
      const result = this.send(bytes);
      this.flushQueue();
      return this.isOpen ? result : SendResult.REFUSED;
    }
    // Nothing waits: a queue would be made for this one packet.
    if (!this.write(bytes instanceof ByteVector ? bytes.data() : bytes) && this.state === 'open') {
      this.queue = new SendQueue(this, this.host.services.pool);
      this.queue.block();
      this.#fallBehind(this.queue);
    }
    return this.#accepted(size);
  }

  #push(queue: SendQueue, bytes: Bytes): void {
    queue.push(bytes);
    if (queue.length >= EAGER_BYTES) this.flushQueue();
    else if (!this.is(Flag.READING | Flag.SCHEDULED)) {
      this.flags |= Flag.SCHEDULED;
      this.host.services.flushList.add(this);
    }
  }

  /** Takes bytes for a peer that is behind, within the limits. */
  #sendBehind(queue: SendQueue, bytes: Bytes, isAnswer: boolean): SendResult {
    // Much in one tick: the socket says whether it is too much. A packet above the limit may go when it goes alone.
    if (!queue.isBlocked) this.flushQueue();
    const backlog = this.backlog;
    if (!this.isOpen) return SendResult.REFUSED;
    if (backlog === undefined) {
      this.queue = queue;
      this.#push(queue, bytes);
      return this.#accepted(bytes.length);
    }
    let result: SendResult = SendResult.REFUSED;
    try {
      if (backlog.send(bytes, isAnswer, this.now())) result = SendResult.QUEUED;
    } catch (error) {
      this.fault(error);
    }
    if (serverChannels.send.hasSubscribers) publishSend(this, bytes.length, result);
    return result;
  }

  dropped(drop: SendDrop, hasAnswers: boolean): void {
    this.host.onSendDrop(this, drop);
    // The next answer would be taken for the one that is lost.
    if (hasAnswers && this.host.answersByOrder) this.destroy(CloseType.EM_FLOW_CONTROL_CLOSE);
  }

  /** Closes it because the peer does not read. */
  giveUp(limit: SendLimit): void {
    try {
      const bytes = this.pendingBytes;
      this.destroy(CloseType.EM_FLOW_CONTROL_CLOSE);
      this.dropped({ limit, action: 'closed', packets: 0, bytes }, false);
    } catch (error) {
      // Another connection may have asked for it, and is not to suffer.
      this.fault(error);
    }
  }

  whenWritable(): Promise<boolean> {
    if (this.state !== 'open') return Promise.resolve(false);
    return this.backlog?.whenWritable() ?? Promise.resolve(true);
  }

  /** @internal The tick is over. */
  flush(): void {
    this.flags &= ~Flag.SCHEDULED;
    try {
      this.flushQueue();
    } catch (error) {
      this.fault(error);
    }
  }

  /** A queue that is empty is let go: making one for the next write costs less than keeping thousands that are idle. */
  protected flushQueue(): void {
    const queue = this.queue;
    if (queue === undefined) return;
    queue.flush();
    if (queue.isBlocked) this.#fallBehind(queue);
    else if (queue.length === 0) this.queue = undefined;
  }

  /** The socket has enough. */
  #fallBehind(queue: SendQueue): void {
    if (this.backlog !== undefined || this.state === 'closed') return;
    try {
      this.backlog = new SendBacklog(this, queue, this.now());
    } catch (error) {
      this.fault(error);
      return;
    }
    if (this.limits.maxSendAgeMs > 0) this.schedule();
  }

  // --- the wire ------------------------------------------------------------------------------------------------------------
  // A wire may be anybody's, and Node's own throw at what they do not like. Every call that does something with it is made here.

  /** @internal True as well when it threw: nothing waits for it then. */
  write(bytes: Uint8Array): boolean {
    if (this.is(Flag.DESTROYED)) return true;
    this.flags |= Flag.SENT;
    try {
      return writeTo(this.wire, bytes);
    } catch (error) {
      this.fault(error);
      return true;
    }
  }

  /** @internal As {@link ConnectionOutput.write}. */
  writeAll(parts: readonly Uint8Array[]): boolean {
    if (this.is(Flag.DESTROYED)) return true;
    this.flags |= Flag.SENT;
    try {
      return writeAllTo(this.wire, parts);
    } catch (error) {
      this.fault(error);
      return true;
    }
  }

  protected callWire(what: 'pause' | 'resume' | 'end'): void {
    try {
      this.wire[what]();
    } catch (error) {
      this.fault(error);
    }
  }

  /** Asks the wire to close; when it does not say that it has, the clock ends the connection without it. */
  protected destroyWire(): void {
    this.flags |= Flag.DESTROYED;
    try {
      this.wire.destroy();
    } catch (error) {
      this.flags |= Flag.DEAD;
      this.host.onFault(this, error);
    }
  }

  /**
   * The guard of this connection: whatever was thrown between an event of its wire and the end of a handler, and is no handler's own
   * exception, comes here. It is our fault, costs this connection, and goes no further.
   */
  protected fault(error: unknown): void {
    this.host.onFault(this, error);
    try {
      this.destroy(CloseType.EM_SERVER_CLOSE, faultOf(error));
    } catch (second) {
      this.host.onFault(this, second);
    }
  }

  /** Gives the socket what has waited. */
  protected sendOn(): void {
    const backlog = this.backlog;
    if (backlog === undefined) return;
    if (backlog.drained()) {
      this.queue = undefined;
      this.forgetBacklog();
    } else {
      backlog.renew(this.now());
    }
  }

  protected forgetBacklog(): void {
    const backlog = this.backlog;
    this.backlog = undefined;
    backlog?.end(this.state === 'open');
  }
}
