import {
  type Endpoint,
  type KeepAliveProxy,
  type ProxyProtocol,
  ReqStatus,
  type ResponsePacket,
  TarsCommunicatorException,
  TarsException,
  TarsServerUnknownException,
} from '@tarsier/protocol';
import { shownValue } from '@tarsier/protocol/internal';
import {
  abortError,
  closedError,
  lostError,
  NO_BUDGET,
  noEndpointError,
  noNodes,
  queueFullError,
  timeoutError,
  unconnectedError,
  unsentError,
} from './call/call-errors.js';
import { resultError } from './call/call-messages.js';
import { isRefusal } from './call/call-plan.js';
import { invalidArgument } from './call/invalid-argument.js';
import type { CallOwner, PendingCall } from './call/pending-call.js';
import { CALL_SETTLED } from './call/pending-call.js';
import { PendingCalls } from './call/pending-calls.js';
import { RetryBudget } from './call/retry-budget.js';
import type { ClientRuntime } from './client-runtime.js';
import type { ClientSettings } from './communicator-properties.js';
import type { AdapterProxy } from './connection/adapter-proxy.js';
import { ConnectWaiters } from './connection/connect-waiters.js';
import type { ConnectionEnd } from './connection/connection-end.js';
import { KeepAliveCalls } from './connection/keep-alive-calls.js';
import type { LinkClocks } from './connection/link-watch.js';
import { NodeList, type NodeListOwner } from './connection/node-list.js';
import { type CheckTimeoutInfo, defaultCheckTimeoutInfo } from './endpoints/check-timeout-info.js';
import { Choosers } from './endpoints/choosers.js';
import type { EndpointState } from './endpoints/endpoint-state.js';
import type { ProxyNotifier } from './observe/proxy-notifier.js';
import type { CallObserver, CallOutcome, ProxyObserver } from './observe/proxy-observer.js';
import type { ProxyStatistics } from './observe/proxy-statistics.js';
import type { Resolver, ResolveTarget } from './resolve/resolver.js';
import type { ConnectOptions } from './transport/connect-options.js';

/** What an {@link ObjectProxy} is made of. */
export interface ObjectProxyInit {
  readonly target: ResolveTarget;
  readonly resolver: Resolver;
  readonly runtime: ClientRuntime;
  readonly settings: ClientSettings;
  readonly notifier: ProxyNotifier;
  readonly observer: ProxyObserver | undefined;
  /** Given to `keepAliveCallback` of the protocol. */
  readonly proxy: KeepAliveProxy;
}

const MAX_REQUEST_ID = 4_294_967_295;
const FRESH_ID = '; take it from genRequestId()';
const TERMINATED = 'the communicator was terminated';
const NO_PROTOCOL = 'no protocol is set; call setProtocol before the first call, or make a TarsProxy';

/** The largest request id: an int of TARS. */
const MAX_ID = 2_147_483_647;

/**
 * The engine of one proxy: its nodes, its calls, and the way of a call to a node and back.
 *
 * Every call is settled through `fail` or `answered`, after it was taken out of `calls`, hence once.
 * Source: ObjectProxy (servant/servant/ObjectProxy.h).
 */
export class ObjectProxy implements CallOwner, NodeListOwner {
  readonly objectName: string;
  readonly runtime: ClientRuntime;
  readonly settings: ClientSettings;
  readonly calls: PendingCalls;
  readonly notifier: ProxyNotifier;
  readonly #list: NodeList;
  readonly #choosers = new Choosers();
  readonly #tracing: CallObserver | undefined;
  readonly #budget: RetryBudget;
  readonly #keepAlive: KeepAliveCalls;
  readonly #waiters = new ConnectWaiters();
  currentProtocol: ProxyProtocol | undefined;
  serial = 0;
  #lastId = 0;
  /** An id that was generated and not used yet: known to be free. */
  #freshId = 0;
  #isKeepaliveOpen = true;
  connectTimeoutMs: number;
  connectOptions: ConnectOptions;
  checkTimeout: CheckTimeoutInfo = defaultCheckTimeoutInfo;
  closings = 0;
  /** Of the call that was answered last. */
  lastEndpoint = '';

  constructor({ target, resolver, runtime, settings, notifier, observer, proxy }: ObjectProxyInit) {
    this.objectName = target.name;
    this.runtime = runtime;
    this.settings = settings;
    this.currentProtocol = runtime.environment.protocol;
    this.notifier = notifier;
    this.calls = new PendingCalls(runtime.clock);
    this.connectTimeoutMs = settings.connectTimeoutMs;
    this.connectOptions = settings;
    const { retryRatio: ratio, retriesPerSecond: perSecond } = settings;
    this.#tracing = observer?.calls;
    this.#budget = new RetryBudget({ ratio, perSecond, nowMs: runtime.clock.now() });
    this.#list = new NodeList({ owner: this, target, resolver });
    this.#keepAlive = new KeepAliveCalls(this, proxy);
  }

  get keepsConnected(): boolean {
    return this.expectsPushes && !this.runtime.isTerminated;
  }

  get expectsPushes(): boolean {
    return this.notifier.pushCallback !== undefined && this.serial === 0;
  }

  get linkClocks(): LinkClocks {
    const { keepAliveMs, silenceMs, stallMs } = this.settings;
    return { keepAliveMs: this.#isKeepaliveOpen ? keepAliveMs : 0, silenceMs, stallMs };
  }

  /** Whether a node is connected now. */
  get isConnected(): boolean {
    return this.#list.nodes.some((node) => node.isConnected);
  }

  /** @throws TarsException `TARSIER_INVALID_ARGUMENT` when none is set. */
  protocol(): ProxyProtocol {
    if (this.currentProtocol !== undefined) return this.currentProtocol;
    throw this.#invalid(NO_PROTOCOL);
  }

  /** Sets how calls travel. What is in flight or connected is closed, because it belongs to the old protocol. */
  configure(protocol: ProxyProtocol | undefined, serial: number): void {
    const isOpen = (node: AdapterProxy): boolean => node.isConnected || node.isConnecting;
    const wasConnected = this.#list.nodes.filter(isOpen);
    if (this.calls.size > 0 || this.#list.all.some(isOpen)) this.#closeAll('the protocol of the proxy was changed');
    this.currentProtocol = protocol;
    this.serial = serial;
    if (!this.keepsConnected || wasConnected.length === 0) return;
    this.#list.watch();
    for (const node of wasConnected) node.connect();
  }

  openKeepalive(isOpen: boolean): void {
    this.#isKeepaliveOpen = isOpen;
    for (const node of this.#list.all) node.watchAnew();
    this.#keepAlive.start();
  }

  /** @throws TarsException `TARSIER_NO_REQUEST_ID` when calls in flight have all ids that fit the protocol. */
  genRequestId(): number {
    const max = Math.min(this.currentProtocol?.maxRequestId ?? MAX_ID, MAX_ID);
    let id = this.#lastId;
    // Each call in flight has one id: among so many there is one that is free.
    for (let tries = Math.min(max, this.calls.size + 1); tries > 0; tries--) {
      id = id >= max ? 1 : id + 1;
      if (this.calls.has(id)) continue;
      this.#lastId = id;
      this.#freshId = id;
      return id;
    }
    throw new TarsException(
      `${this.objectName}: calls in flight have all ${max} request ids that the protocol has room for: wait for answers before the next ` +
        'call, set shorter timeouts, or use a wider id',
      { code: 'TARSIER_NO_REQUEST_ID', where: { object: this.objectName, limit: max } },
    );
  }

  /** What forbids a call with this id; undefined when nothing does. */
  problemOf(requestId: number, isOneWay: boolean): TarsException | undefined {
    if (this.currentProtocol === undefined) return this.#invalid(NO_PROTOCOL);
    if (requestId === this.#freshId && requestId !== 0) {
      this.#freshId = 0;
      return undefined;
    }
    const min = isOneWay ? 0 : 1;
    if (!(Number.isInteger(requestId) && requestId >= min && requestId <= MAX_REQUEST_ID)) {
      const why = requestId === 0 ? ' (0 means a push)' : '';
      return this.#invalid(
        `the request id must be an integer from ${min} to ${MAX_REQUEST_ID}${why}, found ${shownValue(requestId)}${FRESH_ID}`,
      );
    }
    if (isOneWay || this.serial > 0 || !this.calls.has(requestId)) return undefined;
    return new TarsException(
      `${this.objectName}: the request id ${requestId} is in flight already, nothing was sent${FRESH_ID}`,
      { code: 'TARSIER_DUPLICATE_REQUEST_ID', where: { object: this.objectName, requestId } },
    );
  }

  #invalid(problem: string): TarsException {
    return invalidArgument(this.objectName, problem);
  }

  /** Begins a call that has no problem. Whatever happens later comes through the call. */
  start(call: PendingCall, timeoutMs: number): void {
    this.notifier.counts.calls++;
    this.calls.add(call, this.serial === 0 && !call.isOneWay, call.beginMs + timeoutMs);
    if (call.signal?.aborted) this.aborted(call);
    else if (this.runtime.isTerminated) this.fail(call, closedError(call, TERMINATED));
    else if (this.#tracing?.isWanted === true) this.#tracing.begin(call, () => this.#send(call, call.beginMs));
    else this.#send(call, call.beginMs);
    call.isStarting = false;
  }

  /** A node that the call has not tried; undefined when there is none. */
  #choose(call: PendingCall, nowMs: number): AdapterProxy | undefined {
    return this.#choosers.choose(this.#list.nodes, call, nowMs);
  }

  /** Gives a call to a node, or lets it wait until the nodes are known. */
  #send(call: PendingCall, nowMs: number): void {
    const list = this.#list;
    if (!list.isWatching) list.watch();
    const node = this.#choose(call, nowMs);
    if (node !== undefined) node.send(call);
    else if (list.isResolved) this.fail(call, noEndpointError(call, list.resolverName, list.error));
    else {
      const limit = this.settings.maxWaitingCalls;
      if (!list.wait(call, nowMs, limit)) this.fail(call, queueFullError(call, limit));
    }
  }

  moved(call: PendingCall, cause: TarsException): void {
    if (call.state === CALL_SETTLED) return;
    const nowMs = this.runtime.clock.now();
    call.wait(nowMs, false);
    call.place = undefined;
    call.moves++;
    const { nodes } = this.#list;
    const isRefused = cause.code === 'TARSIER_CONNECT_FAILED';
    // A network that loses every connection before the send queue empties must not send a call round for ever.
    const mayMove = isRefused || call.moves <= nodes.length + 1;
    const node = mayMove ? this.#choose(call, nowMs) : undefined;
    if (node !== undefined) node.send(call);
    else if (isRefused) this.fail(call, unconnectedError(call, cause, nodes.length));
    else this.fail(call, unsentError(call, cause));
  }

  lost(call: PendingCall, end: ConnectionEnd, node: AdapterProxy): void {
    if (call.state === CALL_SETTLED) return;
    const nowMs = this.runtime.clock.now();
    const hasBudget = this.#takeRetry(call, nowMs);
    const error = lostError(call, end, hasBudget ? '' : NO_BUDGET);
    if (!hasBudget) {
      this.fail(call, error);
      return;
    }
    call.markTried(node);
    let next = this.#choose(call, nowMs);
    if (next === undefined) {
      // All have failed it: one of them again is better than none.
      call.tried?.clear();
      next = this.#choose(call, nowMs);
    }
    if (next === undefined) this.fail(call, error);
    else this.#retry(call, next, error, nowMs);
  }

  retriesResult(call: PendingCall, response: ResponsePacket): boolean {
    const { plan, place } = call;
    if (plan === undefined || plan.retries === 0 || !isRefusal(response)) return false;
    const nowMs = this.runtime.clock.now();
    const node = this.#list.nodes.find((one) => one.carries(place));
    if (node !== undefined) call.markTried(node);
    // A node that has too much to do gets no more of it.
    const next = this.#choose(call, nowMs);
    if (next === undefined || !this.#takeRetry(call, nowMs)) return false;
    this.#retry(call, next, resultError(call.request, response, place?.endpoint ?? ''), nowMs);
    return true;
  }

  #takeRetry(call: PendingCall, nowMs: number): boolean {
    const { plan } = call;
    return plan !== undefined && plan.retries > 0 && this.#budget.take(this.notifier.counts.calls, nowMs);
  }

  #retry(call: PendingCall, node: AdapterProxy, error: TarsException, nowMs: number): void {
    if (call.plan !== undefined) call.plan.retries--;
    call.wait(nowMs, false);
    call.place = undefined;
    if (call.history !== undefined) call.history.attempts++;
    const { closings } = this;
    this.notifier.retried(call.request.iRequestId, call.history?.attempts ?? 1, node.endpoint, error);
    // A listener may have done anything.
    if (this.closings !== closings) this.failAll([call]);
    else if (call.state === CALL_SETTLED) return;
    else if (this.#list.nodes.includes(node)) node.send(call);
    else this.#send(call, nowMs);
  }

  fail(call: PendingCall, error: TarsException, status: ReqStatus = ReqStatus.REQ_EXC): void {
    if (call.state === CALL_SETTLED) return;
    const { place } = call;
    this.calls.remove(call);
    this.notifier.counts.failures++;
    this.lastEndpoint = error.where.endpoint ?? '';
    place?.leave(call);
    const { clock, environment } = this.runtime;
    const deliver = (): void => {
      if (call.isOneWay) this.notifier.fault(error);
      else call.deliverFailure(error, status, clock.now());
    };
    const tell = (): void => {
      this.#settled(call, { error, endpoint: this.lastEndpoint }, deliver);
    };
    if (call.isStarting && !call.hasPromise) environment.defer(tell);
    else tell();
  }

  failAll(calls: Iterable<PendingCall>, reason = 'the proxy was closed'): void {
    for (const call of calls) this.fail(call, closedError(call, reason));
  }

  answered(call: PendingCall, response: ResponsePacket, endpoint: string): void {
    this.notifier.counts.answers++;
    this.lastEndpoint = endpoint;
    // Only callbacks are told the time.
    const nowMs = call.hasCallback ? this.runtime.clock.now() : 0;
    if (this.#tracing?.isOpen !== true) call.deliver(response, endpoint, nowMs);
    else this.#settled(call, { response, endpoint }, () => call.deliver(response, endpoint, nowMs));
  }

  /** A call has ended: runs what tells its caller, and shows it to whoever observes. */
  #settled(call: PendingCall, outcome: CallOutcome, deliver: () => void): void {
    if (this.#tracing?.isOpen === true) this.#tracing.settle(call, outcome, deliver);
    else deliver();
  }

  sentOneWay(call: PendingCall): void {
    this.calls.remove(call);
    this.#settled(call, { endpoint: call.place?.endpoint ?? '' }, () => undefined);
  }

  expired(call: PendingCall, nowMs: number): void {
    if (call.state === CALL_SETTLED) return;
    const error = timeoutError(call, this.#list.error);
    call.place?.timedOut?.(nowMs);
    this.fail(call, error, ReqStatus.REQ_TIME);
  }

  aborted(call: PendingCall): void {
    this.fail(call, abortError(call));
  }

  nodeConnected(node: AdapterProxy): void {
    this.#keepAlive.start();
    this.notifier.connected(node.endpoint);
    this.#waiters.connected();
  }

  nodeRefused(node: AdapterProxy, error: TarsException): void {
    this.notifier.refused(node.endpoint, error);
    this.#list.refresh();
    if (!this.#list.nodes.some((one) => one.isConnecting)) this.#waiters.failed(error);
  }

  nodeGone(node: AdapterProxy): void {
    this.#list.gone(node);
  }

  nodesChanged(resolved: readonly PendingCall[], retired: readonly PendingCall[]): void {
    const { nodes } = this.#list;
    this.#choosers.update(nodes, this.#list.inactive);
    if (this.#waiters.size > 0 || (this.keepsConnected && this.#list.isWanted))
      for (const node of nodes) node.connect();
    if (nodes.length === 0) this.#waiters.failed(this.#unresolved());
    const nowMs = this.runtime.clock.now();
    for (const call of [...resolved, ...retired]) {
      if (call.state !== CALL_SETTLED) this.#send(call, nowMs);
    }
  }

  resolveFailed(error: Error): void {
    this.notifier.resolveFailed(this.#list.resolverName, error);
    if (this.#list.nodes.length === 0) this.#waiters.failed(this.#unresolved());
  }

  #unresolved(): TarsException {
    const { resolverName, error: cause } = this.#list;
    const text = `${this.objectName} is not connected: ${noNodes(resolverName, cause)}`;
    const where = { object: this.objectName };
    return new TarsServerUnknownException(text, { code: 'TARSIER_NO_ENDPOINT', cause, where });
  }

  /** Connects to all nodes; settles with the first that is connected, or when none can be. */
  connect(): Promise<void> {
    if (this.runtime.isTerminated) return Promise.reject(this.#closed(TERMINATED));
    if (this.currentProtocol === undefined) return Promise.reject(this.#invalid(NO_PROTOCOL));
    const list = this.#list;
    list.watch();
    list.isWanted = true;
    if (this.isConnected) return Promise.resolve();
    if (list.isResolved && list.nodes.length === 0) return Promise.reject(this.#unresolved());
    const connected = this.#waiters.wait();
    for (const node of list.nodes) node.connect();
    return connected;
  }

  /** The time of a heartbeat and its answer in ms. */
  async ping(timeoutMs: number): Promise<number> {
    if (this.protocol().heartbeat === undefined) {
      throw this.#invalid('ping needs a protocol with a heartbeat; see ProxyProtocol.heartbeat');
    }
    if (!this.isConnected) await this.connect();
    for (const node of this.#list.nodes) {
      const pinged = node.ping(timeoutMs);
      if (pinged !== undefined) return pinged;
    }
    throw this.#closed('the connection ended before it could be pinged');
  }

  /** Sets the nodes; the resolver is asked no more. */
  updateEndpoints(endpoints: readonly Endpoint[]): void {
    this.#list.pin(endpoints);
  }

  /** Closes all connections; calls in flight fail with `TARSIER_CLOSED`. Settles when all is released. */
  async close(reason: string): Promise<void> {
    this.#closeAll(reason);
    await Promise.all(this.#list.all.map((node) => node.whenReleased()));
    this.runtime.stopIfIdle();
  }

  #closeAll(reason: string): void {
    this.closings++;
    this.#list.stop();
    this.#keepAlive.stop();
    for (const node of this.#list.all) node.close(reason);
    this.failAll(this.#list.takeWaiting(), reason);
    this.#waiters.failed(this.#closed(reason));
  }

  #closed(reason: string): TarsException {
    const where = { object: this.objectName };
    return new TarsCommunicatorException(`${this.objectName} is not connected: ${reason}`, { where });
  }

  endpoints(): EndpointState[] {
    this.#list.watch();
    const inFlight = this.calls.countByPlace();
    return this.#list.all.map((node) => node.state(inFlight));
  }

  statistics(): ProxyStatistics {
    return this.notifier.statistics(this.calls.size);
  }
}
