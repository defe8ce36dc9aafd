import { Buffer } from 'node:buffer';
import { performance } from 'node:perf_hooks';
import { type Bytes, ByteVector, bytesOf } from '@tarsier/protocol';
import type { BindAdapter } from './adapter/bind-adapter.js';
import type { CloseType } from './close-type.js';
import type { Peer } from './connection/peer.js';
import { SendResult } from './connection/send-result.js';
import { type TlsInfo, tlsInfoOf } from './connection/tls-info.js';
import { requestView } from './request-view.js';
import type { ResponseOptions } from './response-options.js';

/** A moment of the monotonic clock, shared by the packets of one chunk: a number with fractions would be boxed for each of them. */
export interface Moment {
  readonly ms: number;
}

const Flag = {
  /** What `doRequest` leaves in `response` is sent. */
  RESPONDS: 1,
  /** Something was sent through this Current. */
  ANSWERED: 2,
  /** The connection waits for the answer that `setResponse(false)` has announced. */
  AWAITED: 4,
  /** Its handler runs. */
  RUNS: 8,
  /** The connection closes when the request is answered. */
  CLOSES: 16,
} as const;
const FLAG_BITS = 31;
const CLOSE_TYPE_SHIFT = 5;
const NOTHING = new ByteVector();

/**
 * One request on one connection: who sent it, its bytes, and the way back.
 *
 * A Current may be kept for pushing for as long as the connection lives: it is bound to the connection itself, never to a
 * number that another client could get. It keeps the bytes of its request alive; {@link Current.forPush} gives one that does not.
 *
 * Source: tars::Current (servant/servant/Current.h).
 */
export class Current {
  readonly #connection: Peer;
  readonly #request: ByteVector;
  readonly #received: Moment;
  #view: Buffer | undefined = undefined;
  /** Bits of {@link Flag}, and the close type above them: a Current is made per packet, and each field costs. */
  #flags: number = Flag.RESPONDS;

  /** @internal */
  constructor(connection: Peer, request: ByteVector, received: Moment) {
    this.#connection = connection;
    this.#request = request;
    this.#received = received;
  }

  /** Address of the peer; of an IPv4 peer in dotted form. Empty for a Unix socket. */
  getIp(): string {
    return this.#connection.ip;
  }

  /** Port of the peer; 0 for a Unix socket. */
  getPort(): number {
    return this.#connection.port;
  }

  /** The name that the peer gave of its host, or its address. */
  getHostName(): string {
    return this.#connection.ip;
  }

  /** How the connection is secured, and who the peer is by its certificate; undefined unless the endpoint is `ssl` or `wss`. */
  getTlsInfo(): TlsInfo | undefined {
    return tlsInfoOf(this.#connection.carrier);
  }

  /** Number of the connection: unlike the uid of TARS it is never used again within a process. */
  getUId(): number {
    return this.#connection.uid;
  }

  /** Full name of the servant, as `App.Server.Obj`. */
  getServantName(): string {
    return this.getBindAdapter().getServantName();
  }

  /** Function that was called; empty for a custom protocol. */
  getFuncName(): string {
    return '';
  }

  /** Id of the request; 0 for a custom protocol, whose id is in the bytes that only its servant knows. */
  getRequestId(): number {
    return 0;
  }

  /** Data of the application sent along; empty for a custom protocol. */
  getContext(): ReadonlyMap<string, string> {
    return new Map();
  }

  /** Data of the framework sent along, as `STATUS_DYED_KEY`; empty for a custom protocol. */
  getRequestStatus(): ReadonlyMap<string, string> {
    return new Map();
  }

  /**
   * What of that belongs to calls that are made for this request: its keys of tracing and dyeing, and what the application has put there
   * (keys that do not begin with `STATUS_`). For the option `status` of such calls; empty for a custom protocol.
   *
   * Source: ServantProxyThreadData (TarsCpp), which hands it on by itself, to whatever its thread calls next.
   */
  getStatusForCalls(): Map<string, string> {
    return new Map();
  }

  /** How the arguments are encoded, one of `ProtocolVersion`; 0 for a custom protocol. */
  getRequestVersion(): number {
    return 0;
  }

  /** One of `TarsPacketType`: 1 for a request that wants no answer; 0 for a custom protocol. */
  getPacketType(): number {
    return 0;
  }

  /** Bits that say what the request is besides (dyed, traced, ...); 0 for a custom protocol. */
  getMessageType(): number {
    return 0;
  }

  /** Sets what the answer carries for the application; a custom protocol has no place for it. */
  setResponseContext(_context: ReadonlyMap<string, string>): void {}

  /** What {@link Current.setResponseContext} was given; empty for a custom protocol. */
  getResponseContext(): ReadonlyMap<string, string> {
    return new Map();
  }

  /** The packet as a `Buffer`, made when first asked for and not copied. Do not write to it. */
  getRequestBuffer(): Buffer {
    const view = this.#view;
    if (view !== undefined) return view;
    const made = requestView(this.#request);
    this.#view = made;
    return made;
  }

  /**
   * The same bytes for the send queue. The request's own view, which a servant has assigned to its response, is turned back into
   * the range that it was made of: echoed packets of one chunk then adjoin, and leave as one piece without a copy.
   *
   * @internal
   */
  forSending(bytes: ByteVector): ByteVector {
    return bytes.buffer === this.#view && bytes.length === this.#request.length ? this.#request : bytes;
  }

  /** The packet without a view: for servants that forward it or look at a few bytes. */
  getRequestVector(): ByteVector {
    return this.#request;
  }

  /** When the complete packet was received, in ms since 1970, with fractions. */
  getRecvTime(): number {
    return performance.timeOrigin + this.#received.ms;
  }

  /**
   * When the last bytes of this peer came, in ms since 1970; later when it was not read from meanwhile, or had requests running. Of a
   * peer that is gone: the last time known.
   */
  getLastRecvTime(): number {
    return performance.timeOrigin + this.#connection.receivedMs;
  }

  /**
   * Sends raw bytes: an answer, or a push at any later time. Sent in the order of the calls, in one write per tick, or one for each 16 KiB of it.
   * The bytes are not copied and must not be changed afterwards.
   *
   * @returns false when nothing was taken: the peer is gone, or what waits for it has reached a limit.
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for what is no bytes, as a promise whose `await` is missing; never for the peer's sake.
   */
  sendResponse(bytes: Bytes): boolean;
  /**
   * Answers with a result and a body. A custom protocol has no place for the result and the options: it is sent the body alone. See
   * `TarsCurrent.sendResponse`.
   */
  sendResponse(iRet: number, body?: Bytes, options?: ResponseOptions): boolean;
  sendResponse(first: Bytes | number, body?: Bytes, _options?: ResponseOptions): boolean {
    const bytes = typeof first === 'number' ? (body === undefined ? NOTHING : body) : first;
    return this.trySend(bytes) !== SendResult.REFUSED;
  }

  /**
   * Pushes the result of a function that nobody has called. A custom protocol has no place for anything but the body: it is sent that
   * alone. See `TarsCurrent.sendPushResponse`.
   *
   * @returns as {@link Current.sendResponse}.
   * @throws as {@link Current.sendResponse}.
   */
  sendPushResponse(_iRet: number, _func: string, body: Bytes, _context?: ReadonlyMap<string, string>): boolean {
    return this.#connection.send(bytesOf(body, 'sendPushResponse')) !== SendResult.REFUSED;
  }

  /** As {@link Current.sendResponse}, and tells whether the bytes leave at once, wait for the peer, or were refused. */
  trySend(bytes: Bytes): SendResult {
    const taken = bytesOf(bytes, 'sendResponse');
    const flags = this.#flags;
    const result = this.#connection.send(taken, (flags & Flag.AWAITED) !== 0);
    if ((flags & Flag.ANSWERED) === 0) {
      this.#flags = (flags | Flag.ANSWERED) & ~Flag.AWAITED;
      if ((flags & Flag.AWAITED) !== 0) {
        if ((flags & Flag.CLOSES) !== 0) this.#connection.close();
        this.#connection.lateAnswerSent();
      }
    }
    return result;
  }

  /**
   * As {@link Current.trySend}, and hands it and all that was sent before to the network now, not at the end of the tick. For pushers
   * that send to thousands in one tick: the writes are the larger part of that work, and would otherwise all come at once.
   *
   * @throws as {@link Current.sendResponse}.
   */
  sendNow(bytes: Bytes): SendResult {
    return this.#connection.sendNow(bytesOf(bytes, 'sendNow'));
  }

  /**
   * For pushers that wait instead of losing something: resolves with true when the peer has caught up, at once if it is not behind;
   * with false when it is gone.
   */
  whenWritable(): Promise<boolean> {
    return this.#connection.whenWritable();
  }

  /** Whether what `doRequest` leaves in `response` is sent. */
  isResponse(): boolean {
    return (this.#flags & Flag.RESPONDS) !== 0;
  }

  /**
   * With false the servant answers later by `sendResponse`; what stands in `response` is not sent. A connection in order
   * (`ordered = y`) and a shutdown wait for that answer, so a servant that never answers leaves `response` empty instead.
   */
  setResponse(isResponse: boolean): void {
    this.#flags = isResponse ? this.#flags | Flag.RESPONDS : this.#flags & ~Flag.RESPONDS;
  }

  /** Whether something can still be sent to the peer. */
  connectionExists(): boolean {
    return this.#connection.isOpen;
  }

  /** Bytes that wait to be sent to this peer. */
  getSendQueueLength(): number {
    return this.#connection.pendingBytes;
  }

  /**
   * Whether what was sent in earlier ticks still waits, because the peer or the network takes it slower than it comes. Cheaper than
   * {@link Current.getSendQueueLength}: a pusher may ask after every packet.
   */
  isCongested(): boolean {
    return this.#connection.isCongested;
  }

  /**
   * A Current of the same connection without a request, to be kept for pushing: it does not hold the bytes of the request, and the
   * received chunk that they lie in, for as long as the connection lives.
   */
  forPush(): Current {
    return new Current(this.#connection, new ByteVector(), this.#received);
  }

  /**
   * Closes the connection when everything that was sent before has left. Called by the handler of this request it closes after the
   * answer: what stands in `response` when the handler ends, or what is sent later after `setResponse(false)`. No more requests are
   * taken from the call on.
   */
  close(): void {
    if ((this.#flags & (Flag.RUNS | Flag.ANSWERED)) === Flag.RUNS) {
      this.#flags |= Flag.CLOSES;
      this.#connection.closeAfterAnswer();
    } else this.#connection.close();
  }

  /** Why the connection ended; meaningful in `doClose` only. */
  getCloseType(): CloseType {
    return (this.#flags >> CLOSE_TYPE_SHIFT) as CloseType;
  }

  setCloseType(type: CloseType): void {
    this.#flags = (this.#flags & FLAG_BITS) | (type << CLOSE_TYPE_SHIFT);
  }

  /** The adapter that accepted the connection. */
  getBindAdapter(): BindAdapter {
    return this.#connection.adapter;
  }

  /** @internal */
  get received(): Moment {
    return this.#received;
  }

  /** Whether something was sent through this Current. @internal */
  get isAnswered(): boolean {
    return (this.#flags & Flag.ANSWERED) !== 0;
  }

  /** @internal */
  get peer(): Peer {
    return this.#connection;
  }

  /** Its handler begins. @internal */
  begin(): void {
    this.#flags |= Flag.RUNS;
  }

  /** Its handler has ended. Whether it has asked for the end of the connection, and no answer is still to come. @internal */
  end(): boolean {
    this.#flags &= ~Flag.RUNS;
    return (this.#flags & (Flag.CLOSES | Flag.AWAITED)) === Flag.CLOSES;
  }

  /**
   * The handler is done. Whether the answer is still to come.
   *
   * @internal
   */
  awaitAnswer(): boolean {
    if ((this.#flags & (Flag.RESPONDS | Flag.ANSWERED)) !== 0) return false;
    this.#flags |= Flag.AWAITED;
    return true;
  }
}
