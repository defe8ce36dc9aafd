import { Buffer } from 'node:buffer';
import { ByteVector, NetWorkBuffer, PacketType, TarsDecodeException, TarsException } from '@tarsier/protocol';
import type { BindAdapter } from '../adapter/bind-adapter.js';
import { CloseType } from '../close-type.js';
import type { Current, Moment } from '../current.js';
import { broken, neverClosed, refusedByParser, tookNothing, tooLarge } from './connection-faults.js';
import { Flag } from './connection-flag.js';
import type { ConnectionHost } from './connection-host.js';
import { ConnectionRequests } from './connection-requests.js';
import { endDueMs, isEndOver } from './end-time.js';
import { PacketRate } from './packet-rate.js';
import { type PeerTimes, silenceDueMs } from './peer-clock.js';
import type { Wire, WireHandlers } from './wire.js';

/** A wire that was told to close at once has so long to say that it is closed. */
const WIRE_MS = 3000;
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
 * States: open -> ending -> closed, or open -> closed. The first cause of the end is the close type that `doClose` tells.
 */
export class Connection extends ConnectionRequests implements WireHandlers, PeerTimes {
  #input: NetWorkBuffer | undefined = undefined;
  /** Whole milliseconds: fractions would be objects of their own. */
  readonly acceptedMs: number;
  #receivedMs: number;
  #ending: Ending | undefined = undefined;
  /** When the first byte of the packet came that is not complete yet; 0 for none. */
  #partialMs = 0;
  /** Present where `maxpacketrate` is set. */
  readonly #rate: PacketRate | undefined;

  constructor(wire: Wire, host: ConnectionHost, ip: string, port: number) {
    super(wire, host, ip, port);
    this.acceptedMs = Math.trunc(this.now());
    this.#receivedMs = this.acceptedMs;
    const { maxPacketRate } = host.limits;
    this.#rate = maxPacketRate > 0 ? new PacketRate(maxPacketRate, this.acceptedMs) : undefined;
    this.schedule();
  }

  get adapter(): BindAdapter {
    return this.host;
  }

  /** Since when the idle clock runs, in ms of the application's clock: since the last byte, or since the peer last had to wait for us. */
  get receivedMs(): number {
    return this.#receivedMs;
  }

  get hasSpoken(): boolean {
    return this.is(Flag.HAS_PACKET | Flag.SENT);
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
    try {
      input.addBuffer(chunk);
      if (!this.is(Flag.HELD)) this.#serve(input, { ms: nowMs });
    } catch (error) {
      this.fault(error);
    }
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
    const rate = this.#rate;
    let left = input.getBufferLength();
    while (left > 0 && this.state === 'open' && !this.is(Flag.LEAVING | Flag.HELD)) {
      if (rate?.mayTake(received.ms) === false) {
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
      this.#partialMs = 0;
      rate?.took();
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
      this.dispatch(current);
      if (type === PacketType.PACKET_FULL_CLOSE) {
        this.leave(CloseType.EM_SERVER_CLOSE);
        return;
      }
    }
    if (this.is(Flag.HELD)) return;
    this.#notePartial(left, received.ms);
    if (left > limits.maxReceiveBytes && this.state === 'open') {
      this.#fail(tooLarge(left, limits.maxReceiveBytes), headOf(input));
    }
  }

  /** So many bytes are left: a packet whose time runs from now on, unless it does already. */
  #notePartial(left: number, nowMs: number): void {
    if (left === 0) this.#partialMs = 0;
    else if (this.#partialMs === 0) {
      this.#partialMs = Math.trunc(nowMs);
      const { packetMs } = this.limits;
      // The wheel need not be asked when it looks earlier anyway; it asks for the next deadline then.
      if (packetMs > 0 && (this.slot < 0 || this.dueMs > this.#partialMs + packetMs)) this.schedule();
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
      this.is(Flag.HELD) || (queue?.isBlocked === true && this.pendingBytes > PAUSE_BYTES) || this.isCrowded;
    if (isBehind && !this.is(Flag.PAUSED) && this.state === 'open') {
      this.flags |= Flag.PAUSED;
      this.callWire('pause');
    }
  }

  protected override resumeIfCaughtUp(): void {
    if (this.state !== 'open' || !this.is(Flag.PAUSED) || this.queue?.isBlocked === true || !this.hasRoom) return;
    if (this.is(Flag.HELD) && !this.#takeUp()) return;
    this.flags &= ~Flag.PAUSED;
    // It was not let to send: silence before this moment says nothing about it.
    this.#receivedMs = Math.trunc(this.now());
    this.#pardon(this.#receivedMs);
    this.callWire('resume');
    if (this.is(Flag.PEER_ENDED)) this.leave(CloseType.EM_CLIENT_CLOSE);
  }

  /** Serves what was held back; false when some of it has to wait again. */
  #takeUp(): boolean {
    const nowMs = this.now();
    if (this.#rate?.mayTake(nowMs) === false) {
      this.schedule();
      return false;
    }
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

  /** The peer was not read from until now: its packet gets the whole time again. */
  #pardon(nowMs: number): void {
    if (this.#partialMs !== 0) this.#partialMs = nowMs;
  }

  /** The wire takes bytes again. */
  drained(): void {
    try {
      this.#drained();
    } catch (error) {
      this.fault(error);
    }
  }

  #drained(): void {
    // While it is not let to send, that it has read is the peer's only sign of life.
    if (this.is(Flag.PAUSED)) this.#receivedMs = Math.trunc(this.now());
    this.sendOn();
    if (this.state === 'ending') this.#endWhenSent();
    else this.resumeIfCaughtUp();
  }

  /** The peer has to wait for us: requests run, or it is not read from, and not because it does not read. */
  get #isHeldBack(): boolean {
    return this.hasRunning || (this.is(Flag.PAUSED) && !this.isCongested);
  }

  // --- the end -------------------------------------------------------------------------------------------------------------

  closeAfterAnswer(): void {
    this.#because(CloseType.EM_SERVER_CLOSE);
    this.flags |= Flag.LEAVING;
  }

  /** Closes when what was sent has left; requests still running are not waited for. */
  close(): void {
    this.#because(CloseType.EM_SERVER_CLOSE);
    this.flags |= Flag.LEAVING;
    try {
      this.#end();
    } catch (error) {
      this.fault(error);
    }
  }

  /** Takes no more requests; closes when those taken are answered. */
  leave(type: CloseType, error?: TarsException): void {
    if (this.state !== 'open') return;
    if (!this.is(Flag.LEAVING)) this.#because(type, error);
    this.flags |= Flag.LEAVING;
    try {
      this.#endIfIdle();
    } catch (error) {
      this.fault(error);
    }
  }

  /** The peer has sent its last byte. */
  peerEnded(): void {
    // Requests that it sent before may still be held back.
    if (this.is(Flag.HELD)) this.flags |= Flag.PEER_ENDED;
    else this.leave(CloseType.EM_CLIENT_CLOSE);
  }

  #endIfIdle(): void {
    if (this.isServed) this.#end();
  }

  protected override endIfDue(): void {
    if (this.state === 'closed') this.#finishClose();
    else if (this.is(Flag.LEAVING)) this.leave(this.closeType);
  }

  protected override waitedForUs(): void {
    this.#receivedMs = Math.trunc(this.now());
  }

  #end(): void {
    if (this.state !== 'open') return;
    this.state = 'ending';
    if (this.#ending !== undefined) this.#ending.sinceMs = this.now();
    this.schedule();
    // Bytes left unread would make the kernel reset the connection and take the last answers with it.
    this.callWire('resume');
    if (this.state === 'ending') this.#endWhenSent();
  }

  #endWhenSent(): void {
    const queue = this.queue;
    this.backlog?.release(true);
    this.flushQueue();
    // Blocked: `drained` comes back here, or the linger time destroys the socket.
    if ((queue === undefined || queue.length === 0) && !this.is(Flag.DESTROYED)) this.callWire('end');
  }

  /** Closes at once; what was not sent is lost. */
  destroy(type: CloseType, error?: TarsException): void {
    // The application ends and does not wait any more: requests behind one that never ends would hold it for ever.
    if (type === CloseType.EM_SHUTDOWN_CLOSE) this.forgetWaiting();
    if (this.state === 'closed') this.#finishClose();
    if (this.state === 'closed' || this.is(Flag.DESTROYED)) return;
    this.#because(type, error);
    this.state = 'ending';
    this.destroyWire();
    if (this.#ending !== undefined) this.#ending.sinceMs = this.now();
    this.schedule();
    this.queue?.clear();
    this.forgetBacklog();
  }

  /** The network broke the connection; the wire closes by itself. */
  wireFailed(cause: Error): void {
    try {
      if (TarsException.is(cause)) {
        // What came is not what the transport allows: as bad as what a parser refuses.
        if (this.#ending === undefined) this.host.onProtocolError(this, cause, new Uint8Array());
        this.#because(CloseType.EM_PROTOCOL_ERROR_CLOSE, cause);
      } else {
        this.#because(CloseType.EM_RESET_CLOSE, broken(this.ip, this.port, cause));
      }
    } catch (error) {
      this.fault(error);
    }
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
    this.peerGone();
  }

  /** Of a wire that does not say that it is closed. */
  #closeWithoutWire(): void {
    if (!this.is(Flag.DEAD)) this.host.onFault(this, neverClosed());
    this.wireClosed();
  }

  /** Requests that still wait in an ordered connection come before its `doClose`. */
  #finishClose(): void {
    if (this.is(Flag.DONE) || this.waiting > 0) return;
    this.flags |= Flag.DONE;
    this.host.onClosed(this);
  }

  // --- the clock -----------------------------------------------------------------------------------------------------------

  /** @internal One of the deadlines may have passed. */
  expire(nowMs: number): void {
    try {
      if (this.state === 'open') this.#checkOpen(nowMs);
      else this.#checkEnding(nowMs);
      if (this.state !== 'closed') this.schedule();
    } catch (error) {
      this.fault(error);
    }
  }

  #checkOpen(nowMs: number): void {
    this.#checkPeer(nowMs);
    if (this.isOpen) this.backlog?.check(nowMs);
    if (this.is(Flag.HELD)) this.resumeIfCaughtUp();
  }

  #checkEnding(nowMs: number): void {
    if (!this.is(Flag.DESTROYED)) {
      if (this.#isOver(nowMs)) this.destroy(CloseType.EM_SERVER_CLOSE);
    } else if (nowMs >= this.#dueMs()) {
      this.#closeWithoutWire();
    }
  }

  #checkPeer(nowMs: number): void {
    if (this.is(Flag.PAUSED)) this.#pardon(Math.trunc(nowMs));
    if (this.#isHeldBack) {
      this.waitedForUs();
      return;
    }
    if (nowMs >= this.#packetDueMs) this.host.onPacketTimeout(this, this.bufferedBytes);
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

  /** When the packet that has begun must be complete. */
  get #packetDueMs(): number {
    const { packetMs } = this.limits;
    return packetMs > 0 && this.#partialMs !== 0 ? this.#partialMs + packetMs : Number.POSITIVE_INFINITY;
  }

  #dueMs(): number {
    const endingMs = this.#ending?.sinceMs ?? 0;
    if (this.is(Flag.DESTROYED)) return this.is(Flag.DEAD) ? endingMs : endingMs + WIRE_MS;
    if (endingMs !== 0) return endDueMs(endingMs, this.now());
    let dueMs = Math.min(silenceDueMs(this.limits, this), this.#packetDueMs);
    const waitMs = this.#rate?.waitMs ?? 0;
    if (this.is(Flag.HELD) && waitMs > 0) dueMs = Math.min(dueMs, this.now() + waitMs);
    return Math.min(dueMs, this.backlog?.dueMs ?? dueMs);
  }
}
