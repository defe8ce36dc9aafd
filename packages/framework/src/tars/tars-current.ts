import {
  type Bytes,
  ByteVector,
  bytesOf,
  ProtocolVersion,
  RequestPacket,
  ResultCode,
  StatusKey,
  TarsPacketType,
} from '@tarsier/protocol';
import type { Peer } from '../connection/peer.js';
import { SendResult } from '../connection/send-result.js';
import { Current, type Moment } from '../current.js';
import type { ResponseOptions } from '../response-options.js';
import { encodeAnswer, encodePushAnswer } from './encode-answer.js';

const NOTHING = new ByteVector();
const none: ResponseOptions = {};

/** Keys that go on with the calls of a handler; the others are about this one request. */
const passedOn: ReadonlySet<string> = new Set([StatusKey.DYED_KEY, StatusKey.TRACE_KEY]);

function isForCalls(key: string): boolean {
  return passedOn.has(key) || !key.startsWith('STATUS_');
}

/** What a Current without a request says of it: one of TARS, so that it can push. */
function noRequest(): RequestPacket {
  const request = new RequestPacket();
  request.iVersion = ProtocolVersion.TARSVERSION;
  return request;
}

/**
 * One request of the TARS protocol: what the packet said, and the ways to answer it and to push in that protocol.
 *
 * All of TARS, TUP and JSON callers are answered in kind. A request that wants no answer (one-way) never gets one, whatever is called.
 *
 * Source: tars::Current (servant/servant/Current.h).
 */
export class TarsCurrent extends Current {
  readonly #packet: RequestPacket;
  #responseContext: ReadonlyMap<string, string> | undefined = undefined;
  /** An answer that is ready to be sent, if its body is still what its servant gives in the end. */
  #ready: ByteVector | undefined = undefined;
  #bodyStart = 0;
  #bodyEnd = 0;

  /** @internal */
  constructor(connection: Peer, packet: RequestPacket, received: Moment) {
    super(connection, packet.sBuffer, received);
    this.#packet = packet;
  }

  /** Of the same connection, without a request. @internal */
  static ofPeer(peer: Peer, received: Moment): TarsCurrent {
    return new TarsCurrent(peer, noRequest(), received);
  }

  /** The request as it came. Source: Current::getBasePacket. */
  getBasePacket(): RequestPacket {
    return this.#packet;
  }

  /** `node_name` of the context, or the address of the peer. */
  override getHostName(): string {
    return this.#packet.context.get('node_name') || this.getIp();
  }

  /** The servant that the caller has named. */
  override getServantName(): string {
    return this.#packet.sServantName || super.getServantName();
  }

  override getFuncName(): string {
    return this.#packet.sFuncName;
  }

  override getRequestId(): number {
    return this.#packet.iRequestId;
  }

  override getContext(): Map<string, string> {
    return this.#packet.context;
  }

  override getRequestStatus(): Map<string, string> {
    return this.#packet.status;
  }

  override getStatusForCalls(): Map<string, string> {
    return new Map([...this.#packet.status].filter(([key]) => isForCalls(key)));
  }

  override getRequestVersion(): number {
    return this.#packet.iVersion;
  }

  override getPacketType(): number {
    return this.#packet.cPacketType;
  }

  override getMessageType(): number {
    return this.#packet.iMessageType;
  }

  /** How long the caller waits for the answer, in ms; 0: it has not said. */
  getTimeoutMs(): number {
    return this.#packet.iTimeout;
  }

  override setResponseContext(context: ReadonlyMap<string, string>): void {
    this.#responseContext = context;
  }

  override getResponseContext(): ReadonlyMap<string, string> {
    return this.#responseContext ?? super.getResponseContext();
  }

  /** Whether the caller wants no answer. @internal */
  get isOneWay(): boolean {
    return this.#packet.cPacketType === TarsPacketType.TARSONEWAY;
  }

  /** Keeps the packet of an answer that says nothing but its result. @internal */
  keepPacket(packet: ByteVector, body: ByteVector): void {
    this.#ready = packet;
    this.#bodyStart = body.start;
    this.#bodyEnd = body.end;
  }

  /**
   * Puts the packet in the place of its body.
   *
   * @returns false when there is none, or another body, or more to say.
   * @internal
   */
  takePacket(body: ByteVector): boolean {
    const ready = this.#ready;
    // A Current that is kept for pushing must not keep it.
    this.#ready = undefined;
    if (ready === undefined || this.#responseContext !== undefined) return false;
    const isItsBody = body.start === this.#bodyStart && body.end === this.#bodyEnd && body.buffer === ready.buffer;
    if (isItsBody) body.assign(ready);
    return isItsBody;
  }

  /**
   * The packet of an answer. Of a result below 0, which says that something went wrong, an empty one for the sender of a datagram, and
   * nothing is sent: nobody knows who that is, and garbage with a forged sender is not to make this server send to others.
   *
   * @throws TarsEncodeException
   * @internal
   */
  answer(iRet: number, body: Bytes, options: ResponseOptions = none): ByteVector {
    if (iRet < 0 && this.peer.isDatagram) return new ByteVector();
    const context = options.context ?? this.#responseContext;
    return encodeAnswer(this.#packet, iRet, body, context === undefined ? options : { ...options, context });
  }

  /** Raw bytes, as of every protocol: a whole packet, made elsewhere. */
  override sendResponse(bytes: Bytes): boolean;
  /**
   * Answers the request: with a result, and a body that is encoded as the caller's version wants it. For handlers that have called
   * `setResponse(false)`; nothing keeps them from answering twice.
   *
   * @param iRet 0, an application's own above 0, or one of `ResultCode`: C++ clients drop the connection below -99. Over UDP those below 0
   * are not sent, as of all servers that answer datagrams of anybody.
   * @returns false when nothing was taken, as of raw bytes, or the answer could not be encoded: then the caller is answered -2, and the
   * fault is logged and counted as one of the handler.
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for a body that is no bytes.
   * Source: Current::sendResponse.
   */
  override sendResponse(iRet: number, body?: Bytes, options?: ResponseOptions): boolean;
  override sendResponse(first: Bytes | number, body: Bytes = NOTHING, options: ResponseOptions = none): boolean {
    if (typeof first !== 'number') return super.sendResponse(first);
    const checked = bytesOf(body, 'sendResponse');
    if (this.isOneWay) return true;
    let packet: ByteVector;
    try {
      packet = this.answer(first, checked, options);
    } catch (error) {
      this.failLate(error);
      return false;
    }
    return this.trySend(packet) !== SendResult.REFUSED;
  }

  /**
   * Pushes the result of a function that nobody has called: the client calls its callback of that function. It is no answer to the
   * request.
   *
   * @param body the encoded result and out parameters, as `encodeResult` of version 1 gives them.
   * @returns false when nothing was taken: the peer is gone, what waits for it has reached a limit, or the packet could not be
   * encoded, which is logged and counted.
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for a body that is no bytes.
   * Source: Current::sendPushResponse; with bytes it leaves out `TARS_FUNC` in C++, so that no generated callback takes it.
   */
  override sendPushResponse(iRet: number, func: string, body: Bytes, context?: ReadonlyMap<string, string>): boolean {
    const checked = bytesOf(body, 'sendPushResponse');
    let packet: ByteVector;
    try {
      packet = encodePushAnswer(iRet, checked, new Map([[StatusKey.TARS_FUNC, func]]), context);
    } catch (error) {
      this.peer.handlerFailed(error);
      return false;
    }
    return this.peer.send(packet) !== SendResult.REFUSED;
  }

  /**
   * An answer could not be encoded: its caller is told so.
   *
   * @internal
   */
  failLate(error: unknown): void {
    const description = this.peer.handlerFailed(error);
    if (this.isOneWay) return;
    let packet = NOTHING;
    try {
      packet = this.answer(ResultCode.TARSSERVERENCODEERR, NOTHING, { description, context: new Map() });
    } catch (fault) {
      this.peer.handlerFailed(fault);
    }
    // Also when it is empty: nothing may wait for this answer any more.
    this.trySend(packet);
  }

  override forPush(): TarsCurrent {
    return TarsCurrent.ofPeer(this.peer, this.received);
  }

  /** Nobody waits for an answer to a one-way request, so nothing may wait until one is given. @internal */
  override awaitAnswer(): boolean {
    return !this.isOneWay && super.awaitAnswer();
  }
}
