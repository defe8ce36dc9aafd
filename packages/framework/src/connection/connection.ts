import { Buffer } from 'node:buffer';
import {
  type Bytes,
  ByteVector,
  NetWorkBuffer,
  PacketType,
  TarsDecodeException,
  TarsException,
} from '@tarsier/protocol';
import { type ByteSink, type Flushable, SendQueue, TimerNode } from '@tarsier/protocol/internal';
import { writeAllTo, writeTo } from '@tarsier/proxy/internal';
import type { BindAdapter } from '../adapter/bind-adapter.js';
import { CloseType } from '../close-type.js';
import { Current, type Moment } from '../current.js';
import type { ConnectionHost } from './connection-host.js';
import { FlowCheck } from './flow-check.js';
import type { HandlerResult } from './handler-result.js';
import { OrderedRequests } from './ordered-requests.js';
import type { Peer } from './peer.js';
import type { Wire, WireHandlers } from './wire.js';

/** Open: served. Ending: nothing more is served; what is queued still leaves. Closed: the socket is gone. */
type State = 'open' | 'ending' | 'closed';

/** Time for the peer to take the rest and close its side, before the socket is destroyed. */
const LINGER_MS = 3000;
/** Nothing more is read from a peer while so many bytes wait for it. */
const PAUSE_BYTES = 1_048_576;
/** Bytes of a refused packet that go into the log. */
const HEAD_BYTES = 32;

const Flag = {
  /** Packets of a chunk are being served: what is sent meanwhile leaves when that is done. */
  READING: 1,
  /** A flush at the end of the tick is asked for. */
  SCHEDULED: 2,
  /** The socket does not read. */
  PAUSED: 4,
  /** A complete packet has come. */
  HAS_PACKET: 8,
  /** The end was asked for; it comes when no request is left. */
  LEAVING: 16,
  /** The adapter has been told of the end. */
  DONE: 32,
} as const;

/** The first cause of the end counts. */
interface Ending {
  readonly type: CloseType;
  error: TarsException | undefined;
  /** When it began to close; 0 while it waits for requests. */
  sinceMs: number;
}

const allocate = (size: number) => Buffer.allocUnsafeSlow(size);

let lastUid = 0;

/**
 * One accepted connection: reader, send queue and idle clock in one object, because most connections are idle and each is to
 * cost little. The buffers are made when the first byte comes or goes.
 *
 * States: open → ending → closed, or open → closed. The first cause of the end is the close type that `doClose` tells.
 */
export class Connection extends TimerNode implements Peer, ByteSink, Flushable, WireHandlers {
  readonly uid: number;
  readonly host: ConnectionHost;
  readonly ip: string;
  readonly port: number;
  readonly #wire: Wire;
  #state: State = 'open';
  #input: NetWorkBuffer | undefined = undefined;
  #queue: SendQueue | undefined = undefined;
  #ordered: OrderedRequests | undefined = undefined;
  /** Requests whose handler runs, and requests whose answer was announced for later. */
  #running = 0;
  #late = 0;
  /** Bits of {@link Flag}: most connections are idle, and each field of each of them costs. */
  #flags = 0;
  /** Whole milliseconds: fractions would be objects of their own. */
  readonly #acceptedMs: number;
  #receivedMs: number;
  #ending: Ending | undefined = undefined;
  #flow: FlowCheck | undefined = undefined;

  constructor(wire: Wire, host: ConnectionHost, ip: string, port: number) {
    super();
    this.uid = ++lastUid;
    this.host = host;
    this.ip = ip;
    this.port = port;
    this.#wire = wire;
    this.#acceptedMs = Math.trunc(this.#now());
    this.#receivedMs = this.#acceptedMs;
    this.#schedule();
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get adapter(): BindAdapter {
    return this.host;
  }

  /** When the last byte came, in ms of the application's clock. */
  get receivedMs(): number {
    return this.#receivedMs;
  }

  /** Bytes received that form no packet yet. */
  get bufferedBytes(): number {
    return this.#input?.getBufferLength() ?? 0;
  }

  get closeType(): CloseType {
    return this.#ending?.type ?? CloseType.EM_CLIENT_CLOSE;
  }

  get error(): TarsException | undefined {
    return this.#ending?.error;
  }

  get pendingBytes(): number {
    return (this.#queue?.length ?? 0) + this.#wire.writableLength;
  }

  get isCongested(): boolean {
    return this.#queue?.isBlocked === true;
  }

  #now(): number {
    return this.host.services.time.now();
  }

  #is(flag: number): boolean {
    return (this.#flags & flag) !== 0;
  }

  /** Notes why it ends, unless that is known already. */
  #because(type: CloseType, error?: TarsException): void {
    this.#ending ??= { type, error: undefined, sinceMs: 0 };
    this.#ending.error ??= error;
  }

  // --- reading -------------------------------------------------------------------------------------------------------------

  /** A chunk came. */
  receive(chunk: Uint8Array): void {
    if (this.#state !== 'open' || this.#is(Flag.LEAVING)) return;
    const nowMs = this.#now();
    this.#receivedMs = Math.trunc(nowMs);
    let input = this.#input;
    if (input === undefined) {
      input = new NetWorkBuffer(allocate);
      input.setConnection(this);
      this.#input = input;
    }
    input.addBuffer(chunk);
    this.#flags |= Flag.READING;
    this.#parse(input, { ms: nowMs });
    this.#flags &= ~Flag.READING;
    // Answers of this chunk leave in one write, now: waiting for the end of the tick would only add a call.
    this.#flushQueue();
    this.#pauseIfBehind();
  }

  #parse(input: NetWorkBuffer, received: Moment): void {
    const { parser, limits } = this.host;
    let left = input.getBufferLength();
    while (left > 0 && this.#state === 'open' && !this.#is(Flag.LEAVING)) {
      const packet = new ByteVector();
      let type: PacketType;
      try {
        type = parser(input, packet);
      } catch (error) {
        this.#fail(TarsDecodeException.from(error, { code: 'TARSIER_PACKET_INVALID' }), input);
        return;
      }
      if (type === PacketType.PACKET_LESS) break;
      const after = input.getBufferLength();
      if (type === PacketType.PACKET_ERR) {
        this.#fail(new TarsDecodeException('the parser answered PACKET_ERR'), input);
        return;
      }
      if (after === left) {
        this.#fail(
          new TarsDecodeException('the parser answered PACKET_FULL and took no byte; it must moveHeader'),
          input,
        );
        return;
      }
      left = after;
      this.#flags |= Flag.HAS_PACKET;
      this.#dispatch(new Current(this, packet, received));
      if (type === PacketType.PACKET_FULL_CLOSE) {
        this.leave(CloseType.EM_SERVER_CLOSE);
        return;
      }
    }
    if (left > limits.maxReceiveBytes && this.#state === 'open') {
      const text = `${left} bytes are buffered and form no packet; the limit is ${limits.maxReceiveBytes} (recvbufferlimit)`;
      this.#fail(new TarsDecodeException(text, { code: 'TARSIER_PACKET_TOO_LARGE' }), input);
    }
  }

  #fail(error: TarsException, input: NetWorkBuffer): void {
    const head = input.getHeader(Math.min(HEAD_BYTES, input.getBufferLength()));
    this.host.onProtocolError(this, error, head);
    // What was answered to earlier packets of the chunk still leaves.
    this.leave(CloseType.EM_PROTOCOL_ERROR_CLOSE, error);
  }

  /** Stops reading from a peer that sends and does not read: TCP then tells it to slow down. */
  #pauseIfBehind(): void {
    const queue = this.#queue;
    const isBehind = (queue?.isBlocked === true && this.pendingBytes > PAUSE_BYTES) || this.#ordered?.isFull === true;
    if (isBehind && !this.#is(Flag.PAUSED) && this.#state === 'open') {
      this.#flags |= Flag.PAUSED;
      this.#wire.pause();
    }
  }

  #resumeIfCaughtUp(): void {
    if (!this.#is(Flag.PAUSED) || this.#queue?.isBlocked === true || this.#ordered?.isLow === false) return;
    this.#flags &= ~Flag.PAUSED;
    // It was not let to send: silence before this moment says nothing about it.
    this.#receivedMs = Math.trunc(this.#now());
    this.#wire.resume();
  }

  // --- requests ------------------------------------------------------------------------------------------------------------

  #dispatch(current: Current): void {
    if (!this.host.admit(current)) return;
    if (this.host.limits.isOrdered) {
      this.#ordered ??= new OrderedRequests();
      if (this.#running + this.#late > 0) {
        this.#ordered.add(current, this.#now());
        return;
      }
    }
    this.#run(current);
  }

  #run(current: Current): void {
    const response = new ByteVector();
    let result: HandlerResult;
    try {
      result = this.host.handle(current, response);
    } catch (error) {
      this.host.onHandlerError(this, error);
      this.host.release();
      return;
    }
    if (typeof result !== 'object') {
      // The way of nearly every request: answered when the handler returns, without a promise.
      if (current.isResponse()) this.send(current.forSending(response));
      else if (current.awaitAnswer()) this.#late++;
      this.host.release();
      return;
    }
    this.#running++;
    // Whatever thenable it is, and null, which only JavaScript can return: nothing of it may throw out of the reader.
    Promise.resolve(result).then(
      () => {
        if (current.isResponse()) this.send(current.forSending(response));
        else if (current.awaitAnswer()) this.#late++;
        this.#requestDone();
      },
      (error: unknown) => {
        this.host.onHandlerError(this, error);
        this.#requestDone();
      },
    );
  }

  #requestDone(): void {
    this.#running--;
    this.host.release();
    this.#next();
  }

  lateAnswerSent(): void {
    if (this.#late === 0) return;
    this.#late--;
    this.#next();
  }

  /** A request is over: the next of an ordered connection begins, or the end that waited for it. */
  #next(): void {
    const ordered = this.#ordered;
    if (ordered !== undefined) {
      while (this.#running + this.#late === 0) {
        const current = ordered.take();
        if (current === undefined) break;
        if (this.host.isTooLate(this.#now() - ordered.takenAddedMs)) this.host.release();
        else this.#run(current);
      }
      this.#resumeIfCaughtUp();
    }
    if (this.#state === 'closed') this.#finishClose();
    else if (this.#is(Flag.LEAVING)) this.#endIfIdle();
  }

  get #isBusy(): boolean {
    return this.#running + this.#late > 0 || (this.#ordered?.size ?? 0) > 0;
  }

  // --- sending -------------------------------------------------------------------------------------------------------------

  send(bytes: Bytes): boolean {
    if (this.#state !== 'open') return false;
    const size = bytes.length;
    if (size === 0) return true;
    const queue = (this.#queue ??= new SendQueue(this, this.host.services.pool));
    if (queue.isBlocked || queue.length + size > this.host.limits.maxSendBytes) {
      if (!this.#hasRoom(queue, size)) return false;
    }
    queue.push(bytes);
    if (!this.#is(Flag.READING | Flag.SCHEDULED) && !queue.isBlocked) {
      this.#flags |= Flag.SCHEDULED;
      this.host.services.flushList.add(this);
    }
    return true;
  }

  #hasRoom(queue: SendQueue, size: number): boolean {
    const waiting = queue.length + this.#wire.writableLength;
    // A single packet larger than the limit may go when it goes alone.
    if (waiting === 0 || waiting + size <= this.host.limits.maxSendBytes) return true;
    this.host.onSendRefused(this);
    if (this.host.limits.sendPolicy === 'close') {
      this.destroy(CloseType.EM_FLOW_CONTROL_CLOSE);
    } else if (this.#flow === undefined) {
      this.#flow = new FlowCheck(this.#now(), this.#sentBytes);
      this.#schedule();
    }
    return false;
  }

  /** @internal The tick is over. */
  flush(): void {
    this.#flags &= ~Flag.SCHEDULED;
    this.#flushQueue();
  }

  /** A queue that is empty is let go: making one for the next write costs less than keeping thousands that are idle. */
  #flushQueue(): void {
    const queue = this.#queue;
    if (queue === undefined) return;
    queue.flush();
    if (queue.length === 0 && !queue.isBlocked) this.#queue = undefined;
  }

  /** Not reading, and not because of the peer: handlers are behind. */
  get #isHeldBack(): boolean {
    return this.#is(Flag.PAUSED) && !this.isCongested;
  }

  /** @internal */
  write(bytes: Uint8Array): boolean {
    return writeTo(this.#wire, bytes);
  }

  /** @internal */
  writeAll(parts: readonly Uint8Array[]): boolean {
    return writeAllTo(this.#wire, parts);
  }

  /** The wire takes bytes again. */
  drained(): void {
    // While it is not let to send, that it has read is the peer's only sign of life.
    if (this.#is(Flag.PAUSED)) this.#receivedMs = Math.trunc(this.#now());
    this.#queue?.drained();
    this.#flushQueue();
    if (!this.isCongested) this.#flow = undefined;
    if (this.#state === 'ending') this.#endWhenSent();
    else this.#resumeIfCaughtUp();
  }

  // --- the end -------------------------------------------------------------------------------------------------------------

  /** Closes when what was sent has left; requests still running are not waited for. */
  close(): void {
    this.#because(CloseType.EM_SERVER_CLOSE);
    this.#flags |= Flag.LEAVING;
    this.#end();
  }

  /** Takes no more requests; closes when those taken are answered. */
  leave(type: CloseType, error?: TarsException): void {
    if (this.#state !== 'open' || this.#is(Flag.LEAVING)) return;
    this.#because(type, error);
    this.#flags |= Flag.LEAVING;
    this.#endIfIdle();
  }

  /** The peer has sent its last byte. */
  peerEnded(): void {
    this.leave(CloseType.EM_CLIENT_CLOSE);
  }

  #endIfIdle(): void {
    if (!this.#isBusy) this.#end();
  }

  #end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ending';
    if (this.#ending !== undefined) this.#ending.sinceMs = this.#now();
    this.#schedule();
    // Bytes left unread would make the kernel reset the connection and take the last answers with it.
    this.#wire.resume();
    this.#endWhenSent();
  }

  #endWhenSent(): void {
    const queue = this.#queue;
    queue?.flush();
    // Blocked: `drained` comes back here, or the linger time destroys the socket.
    if (queue === undefined || queue.length === 0) this.#wire.end();
  }

  /** Closes at once; what was not sent is lost. */
  destroy(type: CloseType, error?: TarsException): void {
    if (this.#state === 'closed') return;
    this.#because(type, error);
    this.#state = 'ending';
    this.#queue?.clear();
    // The application ends and does not wait any more: requests behind one that never ends would hold it for ever.
    if (type === CloseType.EM_SHUTDOWN_CLOSE) {
      while (this.#ordered?.take() !== undefined) this.host.release();
    }
    this.#wire.destroy();
  }

  /** The network broke the connection; the wire closes by itself. */
  wireFailed(cause: Error): void {
    if (TarsException.is(cause)) {
      // What came is not what the transport allows: as bad as what a parser refuses.
      if (this.#ending === undefined) this.host.onProtocolError(this, cause, new Uint8Array());
      this.#because(CloseType.EM_PROTOCOL_ERROR_CLOSE, cause);
      return;
    }
    const message = `the connection to ${this.ip}:${this.port} broke: ${cause.message}`;
    const where = { peer: this.ip };
    this.#because(
      CloseType.EM_RESET_CLOSE,
      new TarsException(message, { code: 'TARSIER_CONNECTION_LOST', cause, where }),
    );
  }

  /** The wire is gone; nothing comes after. */
  wireClosed(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#because(CloseType.EM_CLIENT_CLOSE);
    this.host.services.wheel.remove(this);
    this.#queue?.clear();
    this.#input?.destroy();
    // An answer announced for later finds nobody; the requests behind it must not wait for it.
    this.#late = 0;
    this.#next();
  }

  /** Requests that still wait in an ordered connection come before its `doClose`. */
  #finishClose(): void {
    if (this.#is(Flag.DONE) || (this.#ordered?.size ?? 0) > 0) return;
    this.#flags |= Flag.DONE;
    this.host.onClosed(this);
  }

  // --- the clock -----------------------------------------------------------------------------------------------------------

  /** @internal One of the deadlines may have passed. */
  expire(nowMs: number): void {
    const { limits } = this.host;
    const endingMs = this.#ending?.sinceMs ?? 0;
    if (endingMs !== 0) {
      if (nowMs - endingMs >= LINGER_MS) {
        this.destroy(CloseType.EM_SERVER_CLOSE);
        return;
      }
    } else if (limits.idleMs > 0 && !this.#isHeldBack && nowMs - this.#receivedMs >= limits.idleMs) {
      this.#timeOut();
      return;
    } else if (limits.emptyConnMs > 0 && !this.#is(Flag.HAS_PACKET) && nowMs - this.#acceptedMs >= limits.emptyConnMs) {
      this.#timeOut();
      return;
    } else if (this.#flow?.isStuck(nowMs, this.#sentBytes, limits.minSendBytes) === true) {
      this.destroy(CloseType.EM_FLOW_CONTROL_CLOSE);
      return;
    }
    this.#schedule();
  }

  /** A peer that has gone silent: what waits for it gets no time of grace. */
  #timeOut(): void {
    this.#because(CloseType.EM_SERVER_TIMEOUT_CLOSE);
    if (this.pendingBytes > 0) this.destroy(CloseType.EM_SERVER_TIMEOUT_CLOSE);
    else this.close();
  }

  /** Bytes that have left the process. */
  get #sentBytes(): number {
    return this.#wire.bytesWritten - this.#wire.writableLength;
  }

  /** Asks the wheel for the nearest deadline. */
  #schedule(): void {
    const { limits, services } = this.host;
    let dueMs = Number.POSITIVE_INFINITY;
    const endingMs = this.#ending?.sinceMs ?? 0;
    if (endingMs !== 0) dueMs = endingMs + LINGER_MS;
    else {
      // A peer that waits for our handlers is not idle; it is looked at again an idle time from now.
      if (limits.idleMs > 0) dueMs = (this.#isHeldBack ? Math.trunc(this.#now()) : this.#receivedMs) + limits.idleMs;
      if (limits.emptyConnMs > 0 && !this.#is(Flag.HAS_PACKET))
        dueMs = Math.min(dueMs, this.#acceptedMs + limits.emptyConnMs);
      if (this.#flow !== undefined) dueMs = Math.min(dueMs, this.#flow.dueMs);
    }
    if (dueMs === Number.POSITIVE_INFINITY) services.wheel.remove(this);
    else services.wheel.add(this, dueMs);
  }
}
