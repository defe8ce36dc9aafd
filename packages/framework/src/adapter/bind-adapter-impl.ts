import type { ByteVector, Endpoint, PacketParser, TarsException } from '@tarsier/protocol';
import { callBack } from '@tarsier/protocol/internal';
import { closeTypeName } from '../close-type.js';
import { Connection } from '../connection/connection.js';
import type { ConnectionServices } from '../connection/connection-host.js';
import type { ConnectionLimits } from '../connection/connection-limits.js';
import type { HandlerResult } from '../connection/handler-result.js';
import type { Peer } from '../connection/peer.js';
import { firstPacketDueMs, type PeerTimes, silenceDueMs } from '../connection/peer-clock.js';
import type { SendDrop } from '../connection/send-drop.js';
import type { Wire, WireHandlers } from '../connection/wire.js';
import type { Current } from '../current.js';
import { type Deferred, deferred } from '../deferred.js';
import { customDispatcher } from '../dispatch/custom-dispatcher.js';
import type { Dispatcher } from '../dispatch/dispatcher.js';
import { LOG } from '../log/log.js';
import { LogLimiter } from '../log/log-limiter.js';
import { serverChannels } from '../observe/server-channels.js';
import type { Servant } from '../servant.js';
import { descriptionOfError } from '../tars/result-of-error.js';
import { neutralText, newReference, textForPeer } from '../tars/text-for-peer.js';
import type { Acceptor } from '../transport/server-transport.js';
import { withLimit } from '../wait.js';
import { type AdapterConfig, admittedOf } from './adapter-config.js';
import { type AdapterCounters, newAdapterCounters } from './adapter-counters.js';
import type { Admission } from './admission.js';
import type { BindAdapter, RejectReason } from './bind-adapter.js';
import { type DatagramHost, DatagramRequests } from './datagram-requests.js';
import { type Draining, type DrainTimes, drainConnections } from './drain-connections.js';
import { PeerGate } from './peer-gate.js';

/** Lines per second that one adapter may log about its peers' misdeeds. */
const LOG_LINES = 10;

/** Bytes for the log. */
const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');

/** What an adapter reports to its application. */
export interface AdapterObserver {
  /** A peer was accepted; nothing of it has been read yet. */
  onAccept(adapter: BindAdapterImpl, connection: Peer): void;
  onReject(adapter: BindAdapter, ip: string, reason: RejectReason): void;
  onClose(current: Current, error: TarsException | undefined): void;
  onError(error: unknown, connection: Peer): void;
  onOverload(adapter: BindAdapter): void;
  onSendDrop(adapter: BindAdapterImpl, connection: Peer, drop: SendDrop): void;
}

/**
 * One listening endpoint: its limits, its servant and its connections. What a transport calls (`Acceptor`) throws nothing: it would be
 * thrown out of an event of Node's, and end the process.
 */
export class BindAdapterImpl implements BindAdapter, DatagramHost, Acceptor, Draining {
  readonly config: AdapterConfig;
  readonly services: ConnectionServices;
  readonly counters: AdapterCounters = newAdapterCounters();
  #limits: ConnectionLimits;
  #parser: PacketParser;
  #dispatcher: Dispatcher = customDispatcher;
  #isQueueMode = false;
  #servant: Servant | undefined;
  #endpoint: Endpoint;
  readonly #observer: AdapterObserver;
  readonly #gate: PeerGate;
  readonly #connections = new Set<Connection>();
  /** Of the connections whose place no transport gives back; empty unless `maxconnsperip` is set. */
  readonly #places = new Map<Peer, Admission>();
  readonly #closing = new Set<Promise<void>>();
  readonly #logLimiter = new LogLimiter(LOG_LINES);
  readonly #overloadAt: number;
  readonly #datagrams = new DatagramRequests(this);
  #inProgress = 0;
  #whenEmpty: Deferred | undefined;

  /** @internal */
  constructor(config: AdapterConfig, parser: PacketParser, services: ConnectionServices, observer: AdapterObserver) {
    this.config = config;
    this.services = services;
    this.#limits = config;
    this.#parser = parser;
    this.#orderAnswers();
    this.#endpoint = config.endpoint;
    this.#observer = observer;
    this.#gate = new PeerGate(config);
    this.#overloadAt = admittedOf(config.queueCap);
  }

  getName(): string {
    return this.config.name;
  }

  getServantName(): string {
    return this.config.servant;
  }

  getEndpoint(): Endpoint {
    return this.#endpoint;
  }

  getMaxConns(): number {
    return this.config.maxConns;
  }

  getNowConnection(): number {
    return this.#connections.size;
  }

  getRequestsInProgress(): number {
    return this.#inProgress;
  }

  get answersByOrder(): boolean {
    return this.#limits.isOrdered && this.#dispatcher.answersByOrder && this.#parser.matching !== 'id';
  }

  enableQueueMode(): void {
    this.#isQueueMode = true;
    this.#orderAnswers();
  }

  /** The key, the program and the protocol may each ask for order; none of them can take it back. */
  #orderAnswers(): void {
    const isByPlace = this.#dispatcher.answersByOrder && this.#parser.matching === 'order';
    this.#limits = { ...this.config, isOrdered: this.config.isOrdered || this.#isQueueMode || isByPlace };
  }

  get limits(): ConnectionLimits {
    return this.#limits;
  }

  get parser(): PacketParser {
    return this.#parser;
  }

  get dispatcher(): Dispatcher {
    return this.#dispatcher;
  }

  /** The open connections. @internal */
  get connections(): ReadonlySet<Connection> {
    return this.#connections;
  }

  /** @internal */
  get servant(): Servant | undefined {
    return this.#servant;
  }

  /** @internal */
  setServant(servant: Servant): void {
    this.#servant = servant;
  }

  /** @internal */
  setParser(parser: PacketParser, dispatcher: Dispatcher = customDispatcher): void {
    this.#parser = parser;
    this.#dispatcher = dispatcher;
    this.#orderAnswers();
  }

  /** @internal */
  setEndpoint(endpoint: Endpoint): void {
    this.#endpoint = endpoint;
  }

  // --- connections ---------------------------------------------------------------------------------------------------------

  /** @internal */
  accept(wire: Wire, ip: string | undefined, port: number, admission?: Admission): WireHandlers | undefined {
    try {
      return this.#accept(wire, ip, port, admission);
    } catch (error) {
      this.#fault({ ip }, error);
      return undefined;
    }
  }

  #accept(wire: Wire, ip: string | undefined, port: number, admission?: Admission): WireHandlers | undefined {
    const place = admission ?? this.admit(ip);
    if (place === undefined || this.#isFull(place.ip)) {
      if (admission === undefined) place?.leave();
      return undefined;
    }
    const connection = new Connection(wire, this, place.ip, port);
    this.counters.accepted++;
    this.#connections.add(connection);
    if (admission === undefined && this.config.maxConnsPerIp > 0) this.#places.set(connection, place);
    try {
      const { connection: channel } = serverChannels;
      if (channel.hasSubscribers) channel.publish({ current: this.currentOf(connection) });
      this.#observer.onAccept(this, connection);
    } catch (error) {
      this.onHandlerError(connection, error);
    }
    return connection;
  }

  /** @internal */
  datagram(bytes: Uint8Array, ip: string | undefined, port: number, reply: (bytes: Uint8Array) => boolean): void {
    try {
      if (ip !== undefined && this.#gate.isAllowed(ip)) this.#datagrams.receive(bytes, ip, port, reply);
      else this.#reject(ip ?? '', 'denied');
    } catch (error) {
      this.#fault({ ip, port }, error);
    }
  }

  /** @internal */
  datagramFailed(error: Error, ip: string, port: number): void {
    this.counters.datagramsUnsent++;
    this.#log('a datagram could not be sent', { peer: `${ip}:${port}`, err: error });
  }

  /** @internal */
  failed(error: Error, ip?: string): void {
    if (ip !== undefined) this.counters.handshakesFailed++;
    this.#log('an adapter could not accept a peer', { ip, err: error });
  }

  /** @internal */
  admit(ip: string | undefined): Admission | undefined {
    const admission = this.#gate.enter(ip);
    try {
      if (typeof admission !== 'object') this.#reject(ip ?? '', admission);
      else if (!this.#isFull(admission.ip)) return admission;
    } catch (error) {
      this.#fault({ ip }, error);
    }
    if (typeof admission === 'object') admission.leave();
    return undefined;
  }

  /** Whether there are as many connections as may be; the refusal has been seen to then. */
  #isFull(ip: string): boolean {
    const { maxConns } = this.config;
    if (maxConns === 0 || this.#connections.size < maxConns) return false;
    this.#reject(ip, 'maxconns');
    return true;
  }

  #reject(ip: string, reason: RejectReason): void {
    const { maxConns, maxConnsPerIp } = this.config;
    if (reason === 'denied') this.counters.denied++;
    else if (reason === 'maxconns') this.counters.overMaxConns++;
    else this.counters.overMaxConnsPerIp++;
    const open = this.#connections.size;
    this.#log('a peer was refused', { ip, reason, open, maxconns: maxConns, maxconnsperip: maxConnsPerIp });
    const { reject } = serverChannels;
    if (reject.hasSubscribers) reject.publish({ adapter: this, ip, reason });
    this.#observer.onReject(this, ip, reason);
  }

  /** @internal */
  onClosed(connection: Peer): void {
    this.counters.closed++;
    this.#connections.delete(connection as Connection);
    this.#places.get(connection)?.leave();
    this.#places.delete(connection);
    try {
      this.#tellClosed(connection);
    } catch (error) {
      this.onFault(connection, error);
    }
    if (this.#connections.size === 0) this.#whenEmpty?.resolve();
  }

  #tellClosed(connection: Peer): void {
    const current = this.currentOf(connection);
    current.setCloseType(connection.closeType);
    LOG.debug('connection closed', { ...this.#place(connection), why: closeTypeName(connection.closeType) });
    const { close } = serverChannels;
    if (close.hasSubscribers) close.publish({ current, ...(connection.error && { error: connection.error }) });
    this.#observer.onClose(current, connection.error);
    this.#runDoClose(connection, current);
  }

  /** A Current without a request. @internal */
  currentOf(connection: Peer): Current {
    return this.#dispatcher.currentOf(connection, { ms: this.services.time.now() });
  }

  #runDoClose(connection: Peer, current: Current): void {
    let result: HandlerResult;
    try {
      result = this.#servant?.doClose(current);
    } catch (error) {
      this.onHandlerError(connection, error);
      return;
    }
    if (typeof result !== 'object') return;
    const closing: Promise<void> = Promise.resolve(result)
      .then(
        () => undefined,
        (error: unknown) => {
          this.onHandlerError(connection, error);
        },
      )
      .finally(() => {
        this.#closing.delete(closing);
      });
    this.#closing.add(closing);
  }

  /**
   * Ends its connections ({@link drainConnections}), and waits for what runs for datagrams. Resolves when the last `doClose` is done;
   * handlers and `doClose`s that do not end in time are not waited for.
   *
   * @internal
   */
  async drain(limitMs: number, times: DrainTimes = {}): Promise<void> {
    await drainConnections(this, limitMs, times);
    await withLimit(this.services.time, Promise.all([...this.#closing, this.#datagrams.whenIdle()]), limitMs);
    this.#datagrams.close();
  }

  /** @internal */
  allClosed(): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve();
    this.#whenEmpty ??= deferred();
    return this.#whenEmpty.promise;
  }

  // --- requests ------------------------------------------------------------------------------------------------------------

  /** @internal */
  admitRequest(): boolean {
    if (this.#inProgress >= this.#overloadAt) return false;
    this.#inProgress++;
    return true;
  }

  /**
   * TARS queues such a request, to refuse it later; here the refusal is said at once and takes no place, so there is nothing left
   * to drop at `queuecap` itself. Source: BindAdapter::isOverloadorDiscard (TarsCpp).
   *
   * @internal
   */
  refuseRequest(current: Current): void {
    this.counters.overloaded++;
    // Who sent a datagram is unknown, and an answer to a forged sender hits another: it only gets what was asked for.
    if (!current.peer.isDatagram) {
      callBack(
        () => this.#dispatcher.refuse(this.#servant as Servant, current),
        (fault) => {
          this.onHandlerError(current.peer, fault);
        },
      );
    }
    const { queueCap } = this.config;
    this.#log('a request was refused: too many are in progress', { inProgress: this.#inProgress, queuecap: queueCap });
    const { overload } = serverChannels;
    if (overload.hasSubscribers) overload.publish({ current });
    this.#observer.onOverload(this);
  }

  /** @internal */
  handle(current: Current, response: ByteVector): HandlerResult {
    this.counters.requests++;
    return this.#dispatcher.handle(this.#servant as Servant, current, response);
  }

  /** @internal */
  release(): void {
    this.#inProgress--;
  }

  /** @internal */
  isTooLate(current: Current, waitedMs: number): boolean {
    const { queueTimeoutMs } = this.config;
    const ownMs = this.#dispatcher.waitLimitMs(current);
    const isLate = (queueTimeoutMs > 0 && waitedMs > queueTimeoutMs) || (ownMs > 0 && waitedMs > ownMs);
    if (!isLate) return false;
    this.counters.queueTimeouts++;
    this.#log('a request was not served: it waited too long', {
      waitedMs,
      queuetimeout: queueTimeoutMs,
      timeout: ownMs,
    });
    try {
      this.#dispatcher.tooLate(current);
    } catch (error) {
      this.onFault(current.peer, error);
    }
    return true;
  }

  // --- faults --------------------------------------------------------------------------------------------------------------

  /** @internal */
  onHandlerError(connection: Peer, error: unknown): string {
    this.counters.handlerErrors++;
    const held = this.#logLimiter.admit(this.services.time.now());
    const reference = held >= 0 ? newReference() : undefined;
    if (reference !== undefined) {
      const fields = { ...this.#place(connection), reference, err: error, ...(held > 0 && { held }) };
      LOG.error('a handler failed', fields);
    }
    this.#observer.onError(error, connection);
    if (this.config.sendsExceptionTexts) return descriptionOfError(error);
    return textForPeer(error) ?? neutralText(reference);
  }

  /** @internal */
  onFault(peer: Peer, error: unknown): void {
    this.#fault(this.#place(peer), error);
    this.#observer.onError(error, peer);
  }

  #fault(place: object, error: unknown): void {
    this.counters.faults++;
    const held = this.#logLimiter.admit(this.services.time.now());
    const fields = { adapter: this.config.name, ...place, err: error, ...(held > 0 && { held }) };
    if (held >= 0) LOG.error('a transport, or Tarsier itself, threw where nothing may; it has cost one peer', fields);
  }

  /** @internal */
  onProtocolError(connection: Peer, error: TarsException, head: Uint8Array): void {
    this.counters.protocolErrors++;
    this.#log('a peer broke the protocol; its connection is closed', {
      ...this.#place(connection),
      head: hexOf(head),
      code: error.code,
      cause: error.message,
    });
    this.#observer.onError(error, connection);
  }

  /** @internal */
  onDatagramDropped(peer: Peer, error: TarsException, head: Uint8Array): void {
    this.counters.datagramsDropped++;
    this.#log('a datagram was dropped', { ...this.#place(peer), head: hexOf(head), cause: error.message });
  }

  /** @internal */
  onTooLarge(peer: Peer, bytes: number, limit: number): void {
    this.counters.datagramsUnsent++;
    const advice = 'answer with less, or serve this object over tcp too';
    this.#log(`an answer is too large for a datagram; ${advice}`, { ...this.#place(peer), bytes, limit });
  }

  /** @internal */
  onUnsent(peer: Peer, bytes: number): void {
    this.counters.datagramsUnsent++;
    const backpacketlimit = this.#limits.maxSendBytes;
    this.#log('a datagram found no room in the send buffer', { ...this.#place(peer), bytes, backpacketlimit });
  }

  /** @internal */
  onSendDrop(connection: Peer, drop: SendDrop): void {
    const { counters } = this;
    if (drop.action === 'closed') counters.sendClosed++;
    else if (drop.action === 'dropped') counters.sendDropped += drop.packets;
    else counters.sendRefused += drop.packets;
    this.#log('a peer does not read', {
      ...this.#place(connection),
      ...drop,
      waitingBytes: connection.pendingBytes,
      sendpolicy: this.#limits.sendPolicy,
    });
    const { drop: channel } = serverChannels;
    if (channel.hasSubscribers) channel.publish({ current: this.currentOf(connection), drop });
    this.#observer.onSendDrop(this, connection, drop);
  }

  /** @internal */
  onRateLimited(connection: Peer): void {
    this.counters.rateLimited++;
    const maxpacketrate = this.#limits.maxPacketRate;
    this.#log('a peer sends too many packets; it is slowed down', { ...this.#place(connection), maxpacketrate });
  }

  /** @internal */
  onRequestsHeld(connection: Peer): void {
    this.counters.requestsHeld++;
    const { maxRequests } = this.#limits;
    this.#log('a peer has many requests in progress; it is not read from until half of them are done', {
      ...this.#place(connection),
      queuecapperconn: maxRequests,
    });
  }

  /** @internal */
  isSilent(peer: PeerTimes, nowMs: number): boolean {
    if (nowMs >= firstPacketDueMs(this.#limits, peer)) this.counters.emptyConnTimeouts++;
    else if (nowMs >= silenceDueMs(this.#limits, peer)) this.counters.idleTimeouts++;
    else return false;
    return true;
  }

  /** @internal */
  onPacketTimeout(connection: Peer, bufferedBytes: number): void {
    this.counters.packetTimeouts++;
    const packettimeout = this.#limits.packetMs;
    this.#log('a packet did not complete in time; its connection is closed', {
      ...this.#place(connection),
      bufferedBytes,
      packettimeout,
    });
  }

  #log(message: string, fields: object): void {
    const held = this.#logLimiter.admit(this.services.time.now());
    if (held >= 0) LOG.warn(message, { adapter: this.config.name, ...fields, ...(held > 0 && { held }) });
  }

  #place(connection: Peer): object {
    return { adapter: this.config.name, uid: connection.uid, peer: `${connection.ip}:${connection.port}` };
  }
}
