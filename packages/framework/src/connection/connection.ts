import { Buffer } from 'node:buffer';
import { ByteVector, NetWorkBuffer, PacketType, TarsDecodeException, TarsException } from '@tarsier/protocol';
import type { BindAdapter } from '../adapter/bind-adapter.js';
import { CloseType } from '../close-type.js';
import type { Current, Moment } from '../current.js';
import { broken, refusedByParser, tookNothing, tooLarge } from './connection-faults.js';
import { Flag } from './connection-flag.js';
import type { ConnectionHost } from './connection-host.js';
import { ConnectionOutput } from './connection-output.js';
import { endDueMs, isEndOver } from './end-time.js';
import type { HandlerResult } from './handler-result.js';
import { IntakeCheck } from './intake-check.js';
import { OrderedRequests } from './ordered-requests.js';
import { type PeerTimes, silenceDueMs } from './peer-clock.js';
import type { Wire, WireHandlers } from './wire.js';

/** Nothing more is read from a peer while so many bytes wait for it. */
const PAUSE_BYTES = 1_048_576;
/** Bytes of a refused packet that go into the log. */
const HEAD_BYTES = 32;

/** The first cause of the end counts. */
interface Ending {
  readonly type: CloseType;
  error: TarsException | undefined;
  /** When it began to close; 0 while it waits for requests. */
  sinceMs: number;
}

const allocate = (size: number) => Buffer.allocUnsafeSlow(size);
const headOf = (input: NetWorkBuffer) => input.getHeader(Math.min(HEAD_BYTES, input.getBufferLength()));

/**
 * One accepted connection: reader, send queue and idle clock in one object, because most connections are idle and each is to
 * cost little. The buffers are made when the first byte comes or goes.
 *
 * States: open → ending → closed, or open → closed. The first cause of the end is the close type that `doClose` tells.
 */
export class Connection extends ConnectionOutput implements WireHandlers, PeerTimes {
  #input: NetWorkBuffer | undefined = undefined;
  #ordered: OrderedRequests | undefined = undefined;
  /** Requests whose handler runs, and requests whose answer was announced for later. */
  #running = 0;
  #late = 0;
  /** Whole milliseconds: fractions would be objects of their own. */
  readonly acceptedMs: number;
  #receivedMs: number;
  #ending: Ending | undefined = undefined;
  readonly #intake: IntakeCheck | undefined;

  constructor(wire: Wire, host: ConnectionHost, ip: string, port: number) {
    super(wire, host, ip, port);
    this.acceptedMs = Math.trunc(this.now());
    this.#receivedMs = this.acceptedMs;
    const { maxPacketRate, packetMs } = host.limits;
    this.#intake = maxPacketRate > 0 || packetMs > 0 ? new IntakeCheck(maxPacketRate, this.acceptedMs) : undefined;
    this.schedule();
  }

  get adapter(): BindAdapter {
    return this.host;
  }

  /** Since when the idle clock runs, in ms of the application's clock: since the last byte, or since the peer last had to wait for us. */
  get receivedMs(): number {
    return this.#receivedMs;
  }

  get hasPacket(): boolean {
    return this.is(Flag.HAS_PACKET);
  }

  /** Bytes received that form no packet yet. */
  get bufferedBytes(): number {
    return this.#input?.getBufferLength() ?? 0;
  }

  get carrier(): object {
    return this.wire.carrier ?? this.wire;
  }

  get closeType(): CloseType {
    return this.#ending?.type ?? CloseType.EM_CLIENT_CLOSE;
  }

  get error(): TarsException | undefined {
    return this.#ending?.error;
  }

  /** Notes why it ends, unless that is known already. */
  #because(type: CloseType, error?: TarsException): void {
    this.#ending ??= { type, error: undefined, sinceMs: 0 };
    this.#ending.error ??= error;
  }

  // --- reading -------------------------------------------------------------------------------------------------------------

  /** A chunk came. */
  receive(chunk: Uint8Array): void {
    if (this.state !== 'open' || this.is(Flag.LEAVING)) {
      if (this.state === 'ending') this.#receivedMs = Math.trunc(this.now());
      return;
    }
    const nowMs = this.now();
    this.#receivedMs = Math.trunc(nowMs);
    let input = this.#input;
    if (input === undefined) {
      input = new NetWorkBuffer(allocate);
      input.setConnection(this);
      this.#input = input;
    }
    input.addBuffer(chunk);
    if (!this.is(Flag.HELD)) this.#serve(input, { ms: nowMs });
  }

  #serve(input: NetWorkBuffer, received: Moment): void {
    this.flags |= Flag.READING;
    this.#parse(input, received);
    this.flags &= ~Flag.READING;
    // Answers of this chunk leave in one write, now: waiting for the end of the tick would only add a call.
    this.flushQueue();
    this.#pauseIfBehind();
  }

  #parse(input: NetWorkBuffer, received: Moment): void {
    const { parser, limits, dispatcher } = this.host;
    const intake = this.#intake;
    let left = input.getBufferLength();
    while (left > 0 && this.state === 'open' && !this.is(Flag.LEAVING | Flag.HELD)) {
      if (intake?.mayTake(received.ms) === false) {
        this.#throttle();
        break;
      }
      const packet = new ByteVector();
      let type: PacketType;
      try {
        type = parser(input, packet);
      } catch (error) {
        this.#fail(TarsDecodeException.from(error, { code: 'TARSIER_PACKET_INVALID' }), headOf(input));
        return;
      }
      if (type === PacketType.PACKET_LESS) break;
      const after = input.getBufferLength();
      if (type === PacketType.PACKET_ERR) {
        this.#fail(refusedByParser(), headOf(input));
        return;
      }
      if (after === left) {
        this.#fail(tookNothing(), headOf(input));
        return;
      }
      left = after;
      this.flags |= Flag.HAS_PACKET;
      intake?.took();
      let current: Current;
      try {
        current = dispatcher.requestOf(this, packet, received);
      } catch (error) {
        this.#fail(
          TarsDecodeException.from(error, { code: 'TARSIER_PACKET_INVALID' }),
          packet.data().subarray(0, HEAD_BYTES),
        );
        return;
      }
      this.#dispatch(current);
      if (type === PacketType.PACKET_FULL_CLOSE) {
        this.leave(CloseType.EM_SERVER_CLOSE);
        return;
      }
    }
    if (this.is(Flag.HELD)) return;
    if (intake?.note(left, received.ms) === true) this.schedule();
    if (left > limits.maxReceiveBytes && this.state === 'open') {
      this.#fail(tooLarge(left, limits.maxReceiveBytes), headOf(input));
    }
  }

  #fail(error: TarsException, head: Uint8Array): void {
    this.host.onProtocolError(this, error, head);
    // What was answered to earlier packets of the chunk still leaves.
    this.leave(CloseType.EM_PROTOCOL_ERROR_CLOSE, error);
  }

  /** Stops reading from a peer that sends and does not read: TCP then tells it to slow down. */
  #pauseIfBehind(): void {
    const queue = this.queue;
    const isBehind =
      this.is(Flag.HELD) ||
      (queue?.isBlocked === true && this.pendingBytes > PAUSE_BYTES) ||
      this.#ordered?.isFull === true;
    if (isBehind && !this.is(Flag.PAUSED) && this.state === 'open') {
      this.flags |= Flag.PAUSED;
      this.wire.pause();
    }
  }

  #resumeIfCaughtUp(): void {
    if (!this.is(Flag.PAUSED) || this.queue?.isBlocked === true || this.#ordered?.isLow === false) return;
    if (this.is(Flag.HELD) && !this.#takeUp()) return;
    this.flags &= ~Flag.PAUSED;
    // It was not let to send: silence before this moment says nothing about it.
    this.#receivedMs = Math.trunc(this.now());
    this.#intake?.pardon(this.#receivedMs);
    this.wire.resume();
    if (this.is(Flag.PEER_ENDED)) this.leave(CloseType.EM_CLIENT_CLOSE);
  }

  /** Serves what was held back; false when some of it has to wait again. */
  #takeUp(): boolean {
    const nowMs = this.now();
    if (this.#intake?.mayTake(nowMs) === false) return false;
    this.flags &= ~Flag.HELD;
    if (this.#input !== undefined) this.#serve(this.#input, { ms: nowMs });
    return !this.is(Flag.HELD) && this.queue?.isBlocked !== true;
  }

  /** More packets came than may: nothing is taken until the next may come. */
  #throttle(): void {
    this.flags |= Flag.HELD;
    this.host.onRateLimited(this);
    this.schedule();
  }

  /** Takes up no requests until the peer has read. */
  hold(): void {
    this.flags |= Flag.HELD;
    this.#pauseIfBehind();
  }

  /** The wire takes bytes again. */
  drained(): void {
    // While it is not let to send, that it has read is the peer's only sign of life.
    if (this.is(Flag.PAUSED)) this.#receivedMs = Math.trunc(this.now());
    this.sendOn();
    if (this.state === 'ending') this.#endWhenSent();
    else this.#resumeIfCaughtUp();
  }

  /** The peer has to wait for us: requests run, or it is not read from, and not because it does not read. */
  get #isHeldBack(): boolean {
    return this.#running > 0 || (this.is(Flag.PAUSED) && !this.isCongested);
  }

  // --- requests ------------------------------------------------------------------------------------------------------------

  #dispatch(current: Current): void {
    if (!this.host.admitRequest(current)) return;
    if (this.limits.isOrdered) {
      this.#ordered ??= new OrderedRequests();
      if (this.#running + this.#late > 0) {
        this.#ordered.add(current, this.now());
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
      if (current.isResponse()) this.send(current.forSending(response), true);
      else if (current.awaitAnswer()) this.#late++;
      this.host.release();
      return;
    }
    this.#running++;
    // Whatever thenable it is, and null, which only JavaScript can return: nothing of it may throw out of the reader.
    Promise.resolve(result).then(
      () => {
        if (current.isResponse()) this.send(current.forSending(response), true);
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
    // It waited for us until now.
    if (this.#running === 0) this.#receivedMs = Math.trunc(this.now());
    this.host.release();
    this.#next();
  }

  handlerFailed(error: unknown): void {
    this.host.onHandlerError(this, error);
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
        if (this.host.isTooLate(current, this.now() - ordered.takenAddedMs)) this.host.release();
        else this.#run(current);
      }
      this.#resumeIfCaughtUp();
    }
    if (this.state === 'closed') this.#finishClose();
    else if (this.is(Flag.LEAVING)) this.#endIfIdle();
  }

  // --- the end -------------------------------------------------------------------------------------------------------------

  /** Closes when what was sent has left; requests still running are not waited for. */
  close(): void {
    this.#because(CloseType.EM_SERVER_CLOSE);
    this.flags |= Flag.LEAVING;
    this.#end();
  }

  /** Takes no more requests; closes when those taken are answered. */
  leave(type: CloseType, error?: TarsException): void {
    if (this.state !== 'open' || this.is(Flag.LEAVING)) return;
    this.#because(type, error);
    this.flags |= Flag.LEAVING;
    this.#endIfIdle();
  }

  /** The peer has sent its last byte. */
  peerEnded(): void {
    // Requests that it sent before may still be held back.
    if (this.is(Flag.HELD)) this.flags |= Flag.PEER_ENDED;
    else this.leave(CloseType.EM_CLIENT_CLOSE);
  }

  #endIfIdle(): void {
    if (this.#running + this.#late === 0 && (this.#ordered?.size ?? 0) === 0) this.#end();
  }

  #end(): void {
    if (this.state !== 'open') return;
    this.state = 'ending';
    if (this.#ending !== undefined) this.#ending.sinceMs = this.now();
    this.schedule();
    // Bytes left unread would make the kernel reset the connection and take the last answers with it.
    this.wire.resume();
    this.#endWhenSent();
  }

  #endWhenSent(): void {
    const queue = this.queue;
    this.backlog?.release(true);
    this.flushQueue();
    // Blocked: `drained` comes back here, or the linger time destroys the socket.
    if (queue === undefined || queue.length === 0) this.wire.end();
  }

  /** Closes at once; what was not sent is lost. */
  destroy(type: CloseType, error?: TarsException): void {
    if (this.state === 'closed') return;
    this.#because(type, error);
    this.state = 'ending';
    this.queue?.clear();
    this.forgetBacklog();
    // The application ends and does not wait any more: requests behind one that never ends would hold it for ever.
    if (type === CloseType.EM_SHUTDOWN_CLOSE) {
      while (this.#ordered?.take() !== undefined) this.host.release();
    }
    this.wire.destroy();
  }

  /** The network broke the connection; the wire closes by itself. */
  wireFailed(cause: Error): void {
    if (TarsException.is(cause)) {
      // What came is not what the transport allows: as bad as what a parser refuses.
      if (this.#ending === undefined) this.host.onProtocolError(this, cause, new Uint8Array());
      this.#because(CloseType.EM_PROTOCOL_ERROR_CLOSE, cause);
      return;
    }
    this.#because(CloseType.EM_RESET_CLOSE, broken(this.ip, this.port, cause));
  }

  /** The wire is gone; nothing comes after. */
  wireClosed(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.#because(CloseType.EM_CLIENT_CLOSE);
    this.host.services.wheel.remove(this);
    this.queue?.clear();
    this.forgetBacklog();
    this.#input?.destroy();
    // An answer announced for later finds nobody; the requests behind it must not wait for it.
    this.#late = 0;
    this.#next();
  }

  /** Requests that still wait in an ordered connection come before its `doClose`. */
  #finishClose(): void {
    if (this.is(Flag.DONE) || (this.#ordered?.size ?? 0) > 0) return;
    this.flags |= Flag.DONE;
    this.host.onClosed(this);
  }

  // --- the clock -----------------------------------------------------------------------------------------------------------

  /** @internal One of the deadlines may have passed. */
  expire(nowMs: number): void {
    if (this.#isOver(nowMs)) {
      this.destroy(CloseType.EM_SERVER_CLOSE);
    } else if (this.state === 'open') {
      this.#checkPeer(nowMs);
      if (this.state === 'open') this.backlog?.check(nowMs);
      if (this.state === 'open' && this.is(Flag.HELD)) this.#resumeIfCaughtUp();
    }
    if (this.state !== 'closed') this.schedule();
  }

  #checkPeer(nowMs: number): void {
    const { packetMs } = this.limits;
    if (this.is(Flag.PAUSED)) this.#intake?.pardon(nowMs);
    if (this.#isHeldBack) {
      this.#receivedMs = Math.trunc(nowMs);
      return;
    }
    const isPartial = this.#intake?.isLate(nowMs, packetMs) === true;
    if (isPartial) this.host.onPacketTimeout(this, this.bufferedBytes);
    else if (!this.host.isSilent(this, nowMs)) return;
    this.#timeOut();
  }

  /** A peer that has gone silent: what waits for it gets no time of grace. */
  #timeOut(): void {
    this.#because(CloseType.EM_SERVER_TIMEOUT_CLOSE);
    if (this.pendingBytes > 0) this.destroy(CloseType.EM_SERVER_TIMEOUT_CLOSE);
    else this.close();
  }

  /** It ends, and its peer has had the time for it. */
  #isOver(nowMs: number): boolean {
    const sinceMs = this.#ending?.sinceMs ?? 0;
    if (sinceMs === 0) return false;
    const { closeType: type, receivedMs, pendingBytes } = this;
    return isEndOver({ type, sinceMs, receivedMs, pendingBytes }, nowMs);
  }

  /** Asks the wheel for the nearest deadline. */
  schedule(): void {
    const { wheel } = this.host.services;
    const dueMs = this.#dueMs();
    if (dueMs === Number.POSITIVE_INFINITY) wheel.remove(this);
    else wheel.add(this, dueMs);
  }

  #dueMs(): number {
    const { packetMs } = this.limits;
    const endingMs = this.#ending?.sinceMs ?? 0;
    if (endingMs !== 0) return endDueMs(endingMs, this.now());
    let dueMs = silenceDueMs(this.limits, this);
    const intake = this.#intake;
    if (intake !== undefined) {
      dueMs = Math.min(dueMs, intake.dueMs(packetMs));
      if (this.is(Flag.HELD) && intake.waitMs > 0) dueMs = Math.min(dueMs, this.now() + intake.waitMs);
    }
    return Math.min(dueMs, this.backlog?.dueMs ?? dueMs);
  }
}
