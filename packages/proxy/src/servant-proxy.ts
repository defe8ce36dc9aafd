import {
  type Bytes,
  CallType,
  Emitter,
  Endpoint,
  type Logger,
  type ProxyProtocol,
  RequestPacket,
  type ResponsePacket,
  TarsException,
} from '@tarsier/protocol';
import { asBytes, checkMethods, shownValue } from '@tarsier/protocol/internal';
import { type CallOptions, checkTimeoutMs, MAX_TIMEOUT_MS, planOf } from './call/call-options.js';
import type { CallPlan } from './call/call-plan.js';
import { invalidArgument } from './call/invalid-argument.js';
import { PendingCall, type Settlement } from './call/pending-call.js';
import type { ClientRuntime } from './client-runtime.js';
import type { CommunicatorContext } from './communicator-context.js';
import type { ClientSettings } from './communicator-properties.js';
import { type CheckTimeoutInfo, checkTimeoutInfo } from './endpoints/check-timeout-info.js';
import type { EndpointState } from './endpoints/endpoint-state.js';
import { KeyedProxy } from './keyed-proxy.js';
import { ObjectProxy } from './object-proxy.js';
import { ProxyNotifier } from './observe/proxy-notifier.js';
import type { ProxyObserver } from './observe/proxy-observer.js';
import type { ProxyStatistics } from './observe/proxy-statistics.js';
import type { Resolver, ResolveTarget } from './resolve/resolver.js';
import type { DispatchCallback } from './servant-proxy-callback.js';
import type { ServantProxyEvents } from './servant-proxy-events.js';
import type { ForwardProxy } from './transport/connect-options.js';

/** What a communicator gives to the proxies that it makes. Opaque: pass it on to `super`. */
export interface ServantProxyInit {
  readonly communicator: CommunicatorContext;
  readonly fullName: string;
  readonly target: ResolveTarget;
  readonly resolver: Resolver;
  readonly runtime: ClientRuntime;
  readonly settings: ClientSettings;
  readonly logger: Logger;
  readonly observer: ProxyObserver | undefined;
}

/** Who waits for the next call: filled just before it is made, so that a call needs neither closure nor object for it. */
const settlement: { -readonly [Key in keyof Settlement]: Settlement[Key] } = {
  resolve: undefined,
  reject: undefined,
  read: undefined,
  callback: undefined,
};

function keepFunctions(resolve: (result: never) => void, reject: (error: TarsException) => void): void {
  settlement.resolve = resolve as (result: unknown) => void;
  settlement.reject = reject;
}

/** JavaScript callers pass anything. */
function bodyOf(body: unknown): Bytes | string | undefined {
  return typeof body === 'string' ? body : asBytes(body);
}

/**
 * A remote object: calls it, and takes what it pushes. Made by `Communicator.stringToProxy`, never directly.
 *
 * Connections are made by the first call or by {@link ServantProxy.connect}. With a push callback a connection that was
 * lost, or could not be made, is tried again until {@link ServantProxy.close}.
 *
 * All users of one string share the proxy, hence its protocol, push callback and timeouts, as in C++.
 * Source: ServantProxy (servant/servant/ServantProxy.h).
 */
export class ServantProxy extends Emitter<ServantProxyEvents> {
  /** Who made it. */
  readonly communicator: CommunicatorContext;
  /** Object name, as `App.Server.Obj`. Source: tars_name. */
  readonly name: string;
  /** The text that the proxy was made from. Source: tars_full_name. */
  readonly fullName: string;
  readonly #object: ObjectProxy;
  readonly #notifier: ProxyNotifier;
  readonly #minTimeoutMs: number;
  #timeoutMs: number;
  #asyncTimeoutMs: number;

  constructor(init: ServantProxyInit) {
    super((fault, event) => {
      this.#notifier.listenerFailed(fault, event);
    });
    const { minTimeoutMs, syncTimeoutMs, asyncTimeoutMs } = init.settings;
    this.communicator = init.communicator;
    this.name = init.target.name;
    this.fullName = init.fullName;
    this.#notifier = new ProxyNotifier(init, this);
    this.#object = new ObjectProxy({ ...init, notifier: this.#notifier, proxy: this });
    this.#minTimeoutMs = minTimeoutMs;
    this.#timeoutMs = Math.max(syncTimeoutMs, minTimeoutMs);
    this.#asyncTimeoutMs = Math.max(asyncTimeoutMs, minTimeoutMs);
  }

  /**
   * Sets how requests are encoded and answers decoded. Belongs before the first call: later, connections are closed and
   * calls in flight fail with `TARSIER_CLOSED`.
   *
   * @param connectionSerial see {@link ServantProxy.connectionSerial}; the protocol's own unless given.
   * Source: tars_set_protocol.
   */
  setProtocol(protocol: ProxyProtocol, connectionSerial: number = protocol?.connectionSerial ?? 0): this {
    if (typeof protocol?.requestFunc !== 'function' || typeof protocol.responseFunc !== 'function') {
      throw this.#invalid(
        'a protocol needs requestFunc and responseFunc; pass the proxyProtocol of a framing, or your own',
      );
    }
    checkMethods('a protocol', protocol, [], ['isGoaway', 'keepAliveCallback']);
    if (protocol.heartbeat !== undefined) checkMethods('a heartbeat', protocol.heartbeat, ['request'], ['isAnswer']);
    const { maxRequestId = MAX_TIMEOUT_MS } = protocol;
    if (!Number.isInteger(maxRequestId) || maxRequestId < 1) {
      throw this.#invalid(`maxRequestId of a protocol must be an integer of 1 or more, found ${String(maxRequestId)}`);
    }
    this.#object.configure(protocol, this.#checkSerial(connectionSerial));
    return this;
  }

  /** The protocol that was set; else that of the environment: TARS in Node, none in browsers. Source: tars_get_protocol. */
  getProtocol(): ProxyProtocol | undefined {
    return this.#object.currentProtocol;
  }

  /** How many connections there are for one call at a time each; 0: one connection for all. */
  connectionSerial(): number;
  /**
   * For protocols without request ids: `count` connections to each node, one call at a time on each; the others wait in the
   * order in which they came. 0 (default): one connection, any number of calls, matched by id.
   *
   * With `count` above 0 ids are ignored: a packet answers the call that its connection carries, and is dropped when there is
   * none, so there are no pushes. A call that times out or is aborted after it was sent closes its connection; a one-way
   * call holds its connection until something comes back, or its deadline. Belongs before the first call, as `setProtocol`.
   *
   * Source: tars_connection_serial.
   */
  connectionSerial(count: number): this;
  connectionSerial(count?: number): this | number {
    if (count === undefined) return this.#object.serial;
    const serial = this.#checkSerial(count);
    if (serial !== this.#object.serial) this.#object.configure(this.#object.currentProtocol, serial);
    return this;
  }

  #invalid(problem: string): TarsException {
    return invalidArgument(this.name, problem);
  }

  #checkSerial(count: number): number {
    if (Number.isInteger(count)) return Math.max(0, count);
    throw this.#invalid(`connectionSerial must be an integer, found ${shownValue(count)}`);
  }

  /**
   * Sets who gets packets with id 0 (pushes), and is told of connections; null removes it. One per proxy.
   * Source: tars_set_push_callback.
   */
  setPushCallback(callback: DispatchCallback | null): this {
    if (callback !== null) this.#checkCallback(callback);
    this.#notifier.pushCallback = callback ?? undefined;
    return this;
  }

  /** The push callback, or null. */
  getPushCallback(): DispatchCallback | null {
    return this.#notifier.pushCallback ?? null;
  }

  #checkCallback(callback: DispatchCallback): void {
    if (typeof callback?.onDispatch !== 'function') {
      throw this.#invalid('a callback needs the method onDispatch; extend ServantProxyCallback');
    }
    checkMethods('a callback', callback, [], ['onConnect', 'onClose']);
  }

  /**
   * An id for the next call: from 1 up to `maxRequestId` of the protocol, and 2^31 - 1 at most; never 0, none that is in flight.
   *
   * @throws TarsException (`TARSIER_NO_REQUEST_ID`) when calls in flight have all of them.
   * Source: tars_gen_requestid.
   */
  genRequestId(): number {
    return this.#object.genRequestId();
  }

  /** Deadline of `rpcCall` in ms. */
  timeout(): number;
  /** Sets it; raised to `min-timeout`. Source: tars_timeout. */
  timeout(ms: number): this;
  timeout(ms?: number): this | number {
    if (ms === undefined) return this.#timeoutMs;
    this.#timeoutMs = this.#checkMs('timeout', ms, this.#minTimeoutMs);
    return this;
  }

  /** Deadline of `rpcCallAsync` in ms. */
  asyncTimeout(): number;
  /** Sets it; raised to `min-timeout`. Source: tars_async_timeout. */
  asyncTimeout(ms: number): this;
  asyncTimeout(ms?: number): this | number {
    if (ms === undefined) return this.#asyncTimeoutMs;
    this.#asyncTimeoutMs = this.#checkMs('asyncTimeout', ms, this.#minTimeoutMs);
    return this;
  }

  /** How long one attempt to connect may take, in ms. */
  connectTimeout(): number;
  /** Sets it; raised to 100. Source: tars_connect_timeout. */
  connectTimeout(ms: number): this;
  connectTimeout(ms?: number): this | number {
    if (ms === undefined) return this.#object.connectTimeoutMs;
    this.#object.connectTimeoutMs = this.#checkMs('connectTimeout', ms, 100);
    return this;
  }

  /**
   * Calls a function of the object, and resolves with its answer.
   *
   * @param requestId not in flight and not 0; take it from {@link ServantProxy.genRequestId}.
   * @param sFuncName for messages, logs and the encoder.
   * @param buff the body; not copied, so it must not be changed afterwards.
   * @returns Rejects with a TarsException: `TARSIER_CALL_TIMEOUT`, `TARSIER_CONNECT_FAILED`, `TARSIER_CONNECTION_LOST`,
   * `TARSIER_CLIENT_QUEUE_FULL`, `TARSIER_CLIENT_DECODE`, `TARSIER_PACKET_TOO_LARGE`, `TARSIER_ENCODE`,
   * `TARSIER_NO_ENDPOINT`, `TARSIER_ABORTED`, `TARSIER_CLOSED`, `TARSIER_DUPLICATE_REQUEST_ID`, `TARSIER_INVALID_ARGUMENT`; or by the `iRet` that
   * `responseFunc` has set, when it is not 0.
   * Source: ServantProxy::rpc_call.
   */
  rpcCall(requestId: number, sFuncName: string, buff: Bytes | string, options?: CallOptions): Promise<ResponsePacket> {
    const body = bodyOf(buff);
    if (body === undefined) return Promise.reject(this.#badBody(buff));
    return this.callRequest(this.#request(requestId, sFuncName, body), options);
  }

  /**
   * Calls with a request that is filled in but for `iTimeout`: for proxies of a protocol that has more in it than `rpcCall` takes.
   *
   * @returns as {@link ServantProxy.rpcCall}.
   */
  protected callRequest(request: RequestPacket, options?: CallOptions): Promise<ResponsePacket> {
    return this.#call<ResponsePacket>(request, undefined, options);
  }

  /**
   * As {@link ServantProxy.callRequest}, resolves with what `read` makes of the answer, and rejects with what it throws. One promise less
   * for each call than `callRequest(...).then(read)`.
   */
  protected callRequestFor<Result>(
    request: RequestPacket,
    read: (response: ResponsePacket) => Result,
    options?: CallOptions,
  ): Promise<Result> {
    return this.#call<Result>(request, read, options);
  }

  #call<Result>(
    request: RequestPacket,
    read: ((response: ResponsePacket) => Result) | undefined,
    options: CallOptions | undefined,
  ): Promise<Result> {
    const problem = this.#object.problemOf(request.iRequestId, false);
    if (problem !== undefined) return Promise.reject(problem);
    request.iTimeout = this.#timeoutMs;
    let plan: CallPlan | undefined;
    if (options !== undefined) {
      try {
        request.iTimeout = this.#optionMs(options, request.iTimeout);
        plan = planOf(options, this.name);
      } catch (error) {
        return Promise.reject(TarsException.from(error));
      }
    }
    const promise = new Promise<Result>(keepFunctions);
    settlement.read = read;
    this.#start(CallType.SYNC_CALL, request, options?.signal, plan);
    return promise;
  }

  /**
   * Calls a function of the object; `callback.onDispatch` gets the answer or the failure, once, and never before this
   * function has returned.
   *
   * With null the call is one-way: it is sent and forgotten, its id may be 0, and a failure comes as `error` event.
   *
   * @throws TarsException at once for wrong arguments: `TARSIER_DUPLICATE_REQUEST_ID`, `TARSIER_INVALID_ARGUMENT`.
   * Source: ServantProxy::rpc_call_async.
   */
  rpcCallAsync(
    requestId: number,
    sFuncName: string,
    buff: Bytes | string,
    callback: DispatchCallback | null,
    options?: CallOptions,
  ): void {
    const body = bodyOf(buff);
    if (body === undefined) throw this.#badBody(buff);
    this.callRequestAsync(this.#request(requestId, sFuncName, body), callback, options);
  }

  /** As {@link ServantProxy.rpcCallAsync}, with a request that is filled in but for `iTimeout`. */
  protected callRequestAsync(request: RequestPacket, callback: DispatchCallback | null, options?: CallOptions): void {
    if (callback !== null) this.#checkCallback(callback);
    request.iTimeout = options === undefined ? this.#asyncTimeoutMs : this.#optionMs(options, this.#asyncTimeoutMs);
    const plan = options === undefined ? undefined : planOf(options, this.name);
    const problem = this.#object.problemOf(request.iRequestId, callback === null);
    if (problem !== undefined) throw problem;
    const eType = callback === null ? CallType.ONE_WAY : CallType.ASYNC_CALL;
    settlement.callback = callback ?? undefined;
    this.#start(eType, request, options?.signal, plan);
  }

  #badBody(body: unknown): TarsException {
    return this.#invalid(
      `the body must be a string, a Uint8Array, an ArrayBuffer or a ByteVector, found ${shownValue(body)}`,
    );
  }

  #request(requestId: number, sFuncName: string, buff: Bytes | string): RequestPacket {
    const request = new RequestPacket();
    request.iRequestId = requestId;
    request.sServantName = this.name;
    request.sFuncName = sFuncName;
    request.sBuffer = buff;
    return request;
  }

  #start(eType: CallType, request: RequestPacket, signal: AbortSignal | undefined, plan: CallPlan | undefined): void {
    const object = this.#object;
    const call = new PendingCall(object, eType, request, object.runtime.clock.now(), signal, settlement, plan);
    settlement.resolve = undefined;
    settlement.reject = undefined;
    settlement.read = undefined;
    settlement.callback = undefined;
    object.start(call, request.iTimeout);
  }

  #optionMs(options: CallOptions, otherwise: number): number {
    const ms = options.timeoutMs ?? options.timeout;
    return ms === undefined ? otherwise : this.#checkMs('timeoutMs', ms);
  }

  #checkMs(name: string, ms: number, min = 0): number {
    return Math.max(min, checkTimeoutMs(name, ms, this.name));
  }

  /**
   * Connects to all nodes before the first call; resolves with the first that is connected.
   *
   * @returns Rejects with `TARSIER_CONNECT_FAILED` when none can be, `TARSIER_CLOSED`, `TARSIER_INVALID_ARGUMENT`. With a push
   * callback the attempts go on nevertheless, until `close`.
   */
  connect(): Promise<void> {
    return this.#object.connect();
  }

  /**
   * Closes all connections, after what was queued has been sent; calls in flight fail with `TARSIER_CLOSED`. Nothing connects by
   * itself any more, but a later call does. Resolves when nothing is left open.
   * Source: tars_close.
   */
  close(): Promise<void> {
    this.#notifier.ended();
    return this.#object.close('the proxy was closed');
  }

  /** Closes all connections as {@link ServantProxy.close} does, and connects anew. */
  reconnect(): Promise<void> {
    void this.#object.close('the proxy reconnected');
    return this.#object.connect();
  }

  /**
   * A view of this proxy whose calls all bring the key, as `prx.hash(uid).rpcCall(...)`: they go to the same node while the list of
   * nodes stays the same. In C++ the key holds for the next call of the thread only. Source: tars_hash.
   */
  hash(key: number | bigint | string): KeyedProxy {
    return this.#keyed({ hash: key });
  }

  /** As {@link ServantProxy.hash}; most keys keep their node when the list changes. Source: tars_consistent_hash. */
  consistentHash(key: number | bigint | string): KeyedProxy {
    return this.#keyed({ consistentHash: key });
  }

  #keyed(key: CallOptions): KeyedProxy {
    planOf(key, this.name);
    return new KeyedProxy(this, key);
  }

  /**
   * Sets when a node counts as unhealthy; what is left out keeps its default. See {@link CheckTimeoutInfo}.
   *
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` that names the field.
   * Source: tars_set_check_timeout.
   */
  setCheckTimeout(info: Partial<CheckTimeoutInfo>): this {
    this.#object.checkTimeout = checkTimeoutInfo(info, this.name);
    return this;
  }

  /** When a node counts as unhealthy. Source: tars_get_check_timeout. */
  getCheckTimeout(): CheckTimeoutInfo {
    return { ...this.#object.checkTimeout };
  }

  /**
   * Whether heartbeats are sent and `keepAliveCallback` runs, each `keep-alive-interval`; they do unless this was called with
   * false. Source: tars_open_keepalive.
   */
  openKeepalive(isOpen: boolean): this {
    this.#object.openKeepalive(isOpen);
    return this;
  }

  /**
   * Sends a heartbeat of the protocol, and resolves with the ms until its answer; connects before, if need be.
   *
   * @returns Rejects with `TARSIER_INVALID_ARGUMENT` when the protocol has no `heartbeat`, `TARSIER_CALL_TIMEOUT` after
   * {@link ServantProxy.timeout}, `TARSIER_CONNECT_FAILED`, `TARSIER_CONNECTION_LOST`, `TARSIER_ENCODE`, `TARSIER_CLOSED`.
   * Source: tars_ping.
   */
  ping(): Promise<number> {
    return this.#object.ping(this.#timeoutMs);
  }

  /**
   * The endpoint that the call used that was settled last, as `tcp -h 127.0.0.1 -p 10099 -t 60000`; empty before the first, and
   * when it reached none. With calls in flight at the same time look at `ReqMessage.endpoint` instead. Source: tars_invoke_endpoint.
   */
  invokeEndpoint(): string {
    return this.#object.lastEndpoint;
  }

  /**
   * Sets the nodes; the resolver of the proxy is asked no more. Nodes that are not in the list finish their calls and close.
   *
   * @throws EndpointParseException for a text that does not parse.
   * @throws TarsException `TARSIER_INVALID_ARGUMENT` for an endpoint that would have to be looked up (`-d`).
   * Source: tars_update_endpoints, without the inactive ones, of which a client needs to know nothing.
   */
  updateEndpoints(active: Iterable<Endpoint | string>): this {
    const nodes = Array.from(active, (one) => (typeof one === 'string' ? Endpoint.parse(one) : one));
    if (nodes.some((one) => one.discovery !== '')) throw this.#invalid('updateEndpoints looks no names up (-d)');
    this.#object.updateEndpoints(nodes);
    return this;
  }

  /**
   * Lets connections that are made from now on go through a SOCKS5 or HTTP proxy; null for none. Property `proxy` sets it for all.
   *
   * @throws TarsException `TARSIER_INVALID_ARGUMENT`, also in a browser, which goes through the proxy that it is set up with.
   * Source: tars_set_proxy.
   */
  setProxy(proxy: ForwardProxy | null): this {
    const { options } = this.#object.runtime.environment;
    const forwardProxy = proxy === null ? undefined : options.forwardProxy(proxy, { object: this.name });
    this.#object.connectOptions = { ...this.#object.connectOptions, forwardProxy };
    return this;
  }

  /** What is known of each node: those in use in the order of the list, then those that are leaving, and those that are inactive. */
  endpoints(): EndpointState[] {
    return this.#object.endpoints();
  }

  /** What has been counted since the proxy was made. */
  statistics(): ProxyStatistics {
    return this.#object.statistics();
  }
}
