import {
  type Endpoint,
  type ProxyProtocol,
  type ReqMessage,
  ReqStatus,
  type ResponsePacket,
  TarsCommunicatorException,
  TarsException,
} from '@tarsier/protocol';
import { abortError, closedError, timeoutError, unconnectedError, unsentError } from './call/call-errors.js';
import { MAX_TIMEOUT_MS } from './call/call-options.js';
import type { CallOwner, PendingCall } from './call/pending-call.js';
import { CallState } from './call/pending-call.js';
import { PendingCalls } from './call/pending-calls.js';
import type { ClientRuntime } from './client-runtime.js';
import type { ClientSettings } from './communicator-properties.js';
import { AdapterProxy, type NodeContext } from './connection/adapter-proxy.js';
import type { EndpointState } from './endpoints/endpoint-state.js';
import type { NodeChooser } from './endpoints/node-chooser.js';
import { RoundRobin } from './endpoints/round-robin.js';
import type { ProxyNotifier } from './observe/proxy-notifier.js';
import type { ProxyStatistics } from './observe/proxy-statistics.js';
import type { DropReason } from './servant-proxy-events.js';
import type { ConnectOptions } from './transport/connect-options.js';

/** What an {@link ObjectProxy} is made of. */
export interface ObjectProxyInit {
  readonly name: string;
  readonly addresses: readonly Endpoint[];
  readonly runtime: ClientRuntime;
  readonly settings: ClientSettings;
  readonly notifier: ProxyNotifier;
}

/** Somebody who waits in `connect`. */
interface ConnectWaiter {
  resolve(): void;
  reject(error: TarsException): void;
}

const MAX_REQUEST_ID = 4_294_967_295;
const TERMINATED = 'the communicator was terminated';

/**
 * The engine of one proxy: its nodes, its calls, and the way of a call to a node and back.
 *
 * Every call is settled through `fail` or `answered`, after it was taken out of `calls`, hence once.
 * Source: ObjectProxy (servant/servant/ObjectProxy.h).
 */
export class ObjectProxy implements CallOwner, NodeContext {
  readonly objectName: string;
  readonly runtime: ClientRuntime;
  readonly settings: ClientSettings;
  readonly calls: PendingCalls;
  readonly #notifier: ProxyNotifier;
  readonly #nodes: readonly AdapterProxy[];
  readonly #chooser: NodeChooser = new RoundRobin();
  #protocol: ProxyProtocol | undefined;
  #serial = 0;
  #connectWaiters: ConnectWaiter[] = [];
  #lastId = 0;
  /** An id that was generated and not used yet: known to be free. */
  #freshId = 0;
  connectTimeoutMs: number;
  connectOptions: ConnectOptions;

  constructor({ name, addresses, runtime, settings, notifier }: ObjectProxyInit) {
    this.objectName = name;
    this.runtime = runtime;
    this.settings = settings;
    this.#notifier = notifier;
    this.calls = new PendingCalls(runtime.clock);
    this.connectTimeoutMs = settings.connectTimeoutMs;
    const { tls, maxReceiveBytes } = settings;
    this.connectOptions = { tls, maxReceiveBytes, forwardProxy: undefined };
    // The same address twice is one node.
    const byKey = new Map(addresses.map((address) => [address.key, address]));
    this.#nodes = Array.from(byKey.values(), (address) => new AdapterProxy(address, this));
  }

  get serial(): number {
    return this.#serial;
  }

  get keepsConnected(): boolean {
    return this.#notifier.pushCallback !== undefined && this.#serial === 0 && !this.runtime.isTerminated;
  }

  get currentProtocol(): ProxyProtocol | undefined {
    return this.#protocol;
  }

  get isInUse(): boolean {
    return this.calls.size > 0 || this.#nodes.some((node) => node.isConnected || node.isConnecting);
  }

  /** @throws TarsException `TARSIER_INVALID_ARGUMENT` when none is set. */
  protocol(): ProxyProtocol {
    if (this.#protocol !== undefined) return this.#protocol;
    throw this.#invalid('no protocol is set; call setProtocol({ requestFunc, responseFunc }) before the first call');
  }

  /** Sets how calls travel. What is in flight or connected is closed, because it belongs to the old protocol. */
  configure(protocol: ProxyProtocol | undefined, serial: number): void {
    const isUsed = this.isInUse;
    const wasConnected = this.#nodes.filter((node) => node.isConnected || node.isConnecting);
    if (isUsed) this.#closeAll('the protocol of the proxy was changed');
    this.#protocol = protocol;
    this.#serial = serial;
    if (this.keepsConnected) for (const node of wasConnected) node.connect();
  }

  genRequestId(): number {
    do {
      this.#lastId = this.#lastId >= MAX_TIMEOUT_MS ? 1 : this.#lastId + 1;
    } while (this.calls.has(this.#lastId));
    this.#freshId = this.#lastId;
    return this.#lastId;
  }

  /** What forbids a call with this id; undefined when nothing does. */
  problemOf(requestId: number, isOneWay: boolean): TarsException | undefined {
    if (this.#protocol === undefined) {
      return this.#invalid('no protocol is set; call setProtocol({ requestFunc, responseFunc }) before the first call');
    }
    if (requestId === this.#freshId && requestId !== 0) {
      this.#freshId = 0;
      return undefined;
    }
    const min = isOneWay ? 0 : 1;
    if (!(Number.isInteger(requestId) && requestId >= min && requestId <= MAX_REQUEST_ID)) {
      const why = requestId === 0 ? ' (0 means a push, so that no answer could be told from one)' : '';
      return this.#invalid(
        `the request id must be an integer from ${min} to ${MAX_REQUEST_ID}${why}, found ${String(requestId)}; take it from genRequestId()`,
      );
    }
    if (isOneWay || this.#serial > 0 || !this.calls.has(requestId)) return undefined;
    return new TarsException(
      `${this.objectName}: request id ${requestId} is in flight already, nothing was sent; take ids from genRequestId()`,
      { code: 'TARSIER_DUPLICATE_REQUEST_ID', where: { object: this.objectName, requestId } },
    );
  }

  #invalid(problem: string): TarsException {
    const where = { object: this.objectName };
    return new TarsException(`${this.objectName}: ${problem}`, { code: 'TARSIER_INVALID_ARGUMENT', where });
  }

  /** Begins a call that has no problem. Whatever happens later comes through the call. */
  start(call: PendingCall, timeoutMs: number): void {
    this.#notifier.calls++;
    this.calls.add(call, this.#serial === 0 && !call.isOneWay, call.beginMs + timeoutMs);
    if (call.signal?.aborted) this.aborted(call);
    else if (this.runtime.isTerminated) this.fail(call, closedError(call, TERMINATED, call.beginMs));
    else this.#chooser.choose(this.#nodes, undefined, call.beginMs)?.send(call);
    call.isStarting = false;
  }

  moved(call: PendingCall, cause: TarsException): void {
    if (call.state === CallState.SETTLED) return;
    const nowMs = this.runtime.clock.now();
    call.place = undefined;
    call.state = CallState.WAITING;
    call.moves++;
    const isRefused = cause.code === 'TARSIER_CONNECT_FAILED';
    // A network that loses every connection before the send queue empties must not send a call round for ever.
    const mayMove = isRefused || call.moves <= this.#nodes.length + 1;
    const node = mayMove ? this.#chooser.choose(this.#nodes, call.tried, nowMs) : undefined;
    if (node !== undefined) node.send(call);
    else if (isRefused) this.fail(call, unconnectedError(call, cause, this.#nodes.length, nowMs));
    else this.fail(call, unsentError(call, cause, nowMs));
  }

  fail(call: PendingCall, error: TarsException, status: ReqStatus = ReqStatus.REQ_EXC): void {
    if (call.state === CallState.SETTLED) return;
    const { place } = call;
    this.calls.remove(call);
    this.#notifier.failures++;
    place?.leave(call);
    const { clock, environment } = this.runtime;
    const tell = (): void => {
      if (call.isOneWay) this.#notifier.fault(error);
      else call.deliverFailure(error, status, clock.now());
    };
    if (call.isStarting && !call.hasPromise) environment.defer(tell);
    else tell();
  }

  answered(call: PendingCall, response: ResponsePacket, endpoint: string): void {
    this.#notifier.answers++;
    // Only callbacks are told the time.
    call.deliver(response, endpoint, call.hasCallback ? this.runtime.clock.now() : 0);
  }

  sentOneWay(call: PendingCall): void {
    this.calls.remove(call);
  }

  expired(call: PendingCall, nowMs: number): void {
    this.fail(call, timeoutError(call, nowMs), ReqStatus.REQ_TIME);
  }

  aborted(call: PendingCall): void {
    this.fail(call, abortError(call, this.runtime.clock.now()));
  }

  callbackFailed(fault: unknown, message: ReqMessage): void {
    this.#notifier.callbackFailed(fault, message);
  }

  pushed(response: ResponsePacket, endpoint: string): void {
    this.#notifier.pushed(response, endpoint);
  }

  dropped(response: ResponsePacket, endpoint: string, reason: DropReason): void {
    this.#notifier.dropped(response, endpoint, reason);
  }

  nodeConnected(node: AdapterProxy): void {
    const waiters = this.#connectWaiters;
    this.#connectWaiters = [];
    this.#notifier.connected(node.endpoint);
    for (const waiter of waiters) waiter.resolve();
  }

  nodeClosed(node: AdapterProxy, error: TarsException | undefined): void {
    this.#notifier.closed(node.endpoint, error);
  }

  nodeRefused(node: AdapterProxy, error: TarsException): void {
    this.#notifier.refused(node.endpoint, error);
    if (!this.#nodes.some((one) => one.isConnecting)) this.#rejectWaiters(error);
  }

  nodeRetries(node: AdapterProxy, delayMs: number, error: TarsException): void {
    this.#notifier.reconnecting(node.endpoint, Math.max(1, node.failures), delayMs, error);
  }

  /** Connects to all nodes; settles with the first that is connected, or when none can be. */
  connect(): Promise<void> {
    if (this.runtime.isTerminated) return Promise.reject(this.#closed(TERMINATED));
    if (this.#protocol === undefined) {
      return Promise.reject(this.#invalid('no protocol is set; call setProtocol before connect'));
    }
    if (this.#nodes.some((node) => node.isConnected)) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#connectWaiters.push({ resolve, reject });
      for (const node of this.#nodes) node.connect();
    });
  }

  /** Closes all connections; calls in flight fail with `TARSIER_CLOSED`. Settles when all is released. */
  async close(reason: string): Promise<void> {
    this.#closeAll(reason);
    await Promise.all(this.#nodes.map((node) => node.whenReleased()));
    this.runtime.clock.stopIfIdle();
  }

  #closeAll(reason: string): void {
    for (const node of this.#nodes) node.close(reason);
    this.#rejectWaiters(this.#closed(reason));
  }

  #closed(reason: string): TarsException {
    const where = { object: this.objectName };
    return new TarsCommunicatorException(`${this.objectName} is not connected: ${reason}`, { where });
  }

  #rejectWaiters(error: TarsException): void {
    const waiters = this.#connectWaiters;
    this.#connectWaiters = [];
    for (const waiter of waiters) waiter.reject(error);
  }

  endpoints(): EndpointState[] {
    return this.#nodes.map((node) => node.state());
  }

  statistics(): ProxyStatistics {
    const { calls, answers, failures, pushes, droppedPushes, droppedAnswers, connects, closes, callbackFaults } =
      this.#notifier;
    const pendingCalls = this.calls.size;
    return {
      calls,
      answers,
      failures,
      pendingCalls,
      pushes,
      droppedPushes,
      droppedAnswers,
      connects,
      closes,
      callbackFaults,
    };
  }
}
