import type { Endpoint, ProxyProtocol, TarsException } from '@tarsier/protocol';
import { closedError, lostError, queueFullError } from '../call/call-errors.js';
import { type CallPlace, CallState, type PendingCall } from '../call/pending-call.js';
import type { EndpointState } from '../endpoints/endpoint-state.js';
import type { Choosable } from '../endpoints/node-chooser.js';
import { Deadline } from '../time/deadline.js';
import { ClientConnection, type ConnectionContext, type ConnectionHost } from './client-connection.js';
import { type ConnectionEnd, connectionError, isWished } from './connection-end.js';
import { ReconnectPolicy } from './reconnect-policy.js';

/** What the nodes of one proxy have in common: the proxy. */
export interface NodeContext extends ConnectionContext {
  readonly objectName: string;
  /** 0: one connection, many calls; else so many connections, one call on each. */
  readonly serial: number;
  readonly connectTimeoutMs: number;
  /** Whether a node that was used connects again by itself, until the program closes it. */
  readonly keepsConnected: boolean;
  /** The protocol of connections made now. */
  protocol(): ProxyProtocol;
  /** Looks for another connection for a call that was not sent. */
  moved(call: PendingCall, cause: TarsException): void;
  nodeConnected(node: AdapterProxy): void;
  nodeClosed(node: AdapterProxy, error: TarsException | undefined): void;
  nodeRefused(node: AdapterProxy, error: TarsException): void;
  nodeRetries(node: AdapterProxy, delayMs: number, error: TarsException): void;
}

/**
 * One node of a proxy: its connections, the calls that wait for one, and when to try again.
 *
 * All calls that come while it connects share the attempt. Source: AdapterProxy (servant/servant/AdapterProxy.h).
 */
export class AdapterProxy implements CallPlace, ConnectionHost, Choosable {
  readonly address: Endpoint;
  readonly endpoint: string;
  readonly #context: NodeContext;
  readonly #policy: ReconnectPolicy;
  readonly #retry = new RetryDeadline(this);
  /** Connecting or open. */
  #connections: ClientConnection[] = [];
  /** Every connection that its transport has not released. */
  readonly #unreleased = new Set<ClientConnection>();
  /** The open connection that carries many calls. */
  #shared: ClientConnection | undefined;
  /** Open connections for one call at a time that have none; the one that was busy last is used first. */
  #free: ClientConnection[] = [];
  /** In the order in which they came. */
  readonly #waiting = new Set<PendingCall>();
  #retryAtMs = 0;
  #lastError: TarsException | undefined;
  /** It was used, and not closed by the program since. */
  #isWanted = false;

  constructor(address: Endpoint, context: NodeContext) {
    this.address = address;
    this.endpoint = address.toString();
    this.#context = context;
    const { reconnectMinMs: minMs, reconnectMaxMs: maxMs } = context.settings;
    this.#policy = new ReconnectPolicy({ minMs, maxMs });
  }

  get failures(): number {
    return this.#policy.failures;
  }

  get retryAtMs(): number {
    return this.#retryAtMs;
  }

  get isConnected(): boolean {
    return this.#connections.some((connection) => connection.isConnected);
  }

  get isConnecting(): boolean {
    return this.#connections.some((connection) => !connection.isConnected);
  }

  get isUsable(): boolean {
    return this.#shared !== undefined || this.#policy.failures === 0 || this.isConnected;
  }

  connectTimeoutMs(): number {
    return this.#context.connectTimeoutMs;
  }

  state(): EndpointState {
    const connections = this.#connections.filter((connection) => connection.isConnected).length;
    const failed = this.#policy.failures > 0 ? 'backoff' : 'idle';
    const idle = this.#connections.length > 0 ? 'connecting' : failed;
    const known: EndpointState = {
      endpoint: this.endpoint,
      state: connections > 0 ? 'connected' : idle,
      connections,
      waitingCalls: this.#waiting.size,
      failures: connections > 0 ? 0 : this.#policy.failures,
    };
    return this.#lastError === undefined ? known : { ...known, lastError: this.#lastError.message };
  }

  /** Takes a call: sends it, or lets it wait for a connection, which it begins to make if there is none. */
  send(call: PendingCall): void {
    const shared = this.#shared;
    if (shared !== undefined) {
      shared.send(call);
      return;
    }
    const limit = this.#context.settings.maxWaitingCalls;
    if (this.#waiting.size >= limit) {
      this.#context.fail(call, queueFullError(call, limit, this.endpoint));
      return;
    }
    call.place = this;
    call.state = CallState.WAITING;
    this.#waiting.add(call);
    const free = this.#free.pop();
    if (free === undefined) this.#connectForWaiting();
    else this.freed(free);
  }

  leave(call: PendingCall): void {
    this.#waiting.delete(call);
  }

  /** Connects, unless it is connected or does so already. */
  connect(): void {
    if (this.#connections.length === 0) this.#open();
  }

  probe(nowMs: number): void {
    if (nowMs >= this.#retryAtMs) this.connect();
  }

  /** Closes everything; its calls fail with `TARSIER_CLOSED`. */
  close(reason: string): void {
    this.#isWanted = false;
    this.#context.runtime.clock.remove(this.#retry);
    this.#policy.succeeded();
    this.#retryAtMs = 0;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const connection of this.#connections.slice()) connection.close(reason);
    const nowMs = this.#context.runtime.clock.now();
    for (const call of waiting) this.#context.fail(call, closedError(call, reason, nowMs));
  }

  /** Settles when no transport holds anything any more of the connections that there are now. */
  async whenReleased(): Promise<void> {
    await Promise.all(Array.from(this.#unreleased, (connection) => connection.whenReleased()));
  }

  opened(connection: ClientConnection): void {
    this.#retryAtMs = 0;
    this.#lastError = undefined;
    this.#context.runtime.clock.remove(this.#retry);
    if (this.#context.serial === 0) this.#share(connection);
    this.#context.nodeConnected(this);
    // A listener may have closed it.
    if (this.#context.serial > 0 && connection.isFree) this.freed(connection);
  }

  /** Sends all that waited. */
  #share(connection: ClientConnection): void {
    this.#shared = connection;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const call of waiting) {
      if (call.state !== CallState.SETTLED) connection.send(call);
    }
  }

  /** Gives the next waiting call to a connection that has none. */
  freed(connection: ClientConnection): void {
    for (const call of this.#waiting) {
      this.#waiting.delete(call);
      connection.send(call);
      if (!connection.isFree) return;
    }
    this.#free.push(connection);
  }

  ended(connection: ClientConnection, end: ConnectionEnd): void {
    this.#connections = this.#connections.filter((one) => one !== connection);
    this.#free = this.#free.filter((one) => one !== connection);
    if (this.#shared === connection) this.#shared = undefined;
    const context = this.#context;
    const error = connectionError(end, context.objectName, this.endpoint);
    const reported = isWished(end) ? undefined : error;
    const delayMs = this.#judge(connection, reported);
    const moving = this.#settleCalls(connection, end);
    if (connection.wasOpened) context.nodeClosed(this, reported);
    if (end.kind === 'closed') return;
    if (connection.wasOpened) {
      for (const call of moving) context.moved(call, error);
      if (this.#waiting.size > 0) this.#connectForWaiting();
    } else if (this.#connections.length === 0) {
      this.#refused(error);
    }
    this.#connectAgain(delayMs, error);
  }

  released(connection: ClientConnection): void {
    this.#unreleased.delete(connection);
  }

  /** Draws the next wait, by whether the connection was worth making. */
  #judge(connection: ClientConnection, error: TarsException | undefined): number {
    if (error === undefined || connection.isProven) this.#policy.succeeded();
    else this.#policy.failed();
    if (error !== undefined) this.#lastError = error;
    const delayMs = this.#policy.delayMs();
    this.#retryAtMs = this.#policy.failures === 0 ? 0 : this.#context.runtime.clock.now() + delayMs;
    return delayMs;
  }

  /** Fails the calls of a connection that ended; returns those that were not sent and may go elsewhere. */
  #settleCalls(connection: ClientConnection, end: ConnectionEnd): PendingCall[] {
    const context = this.#context;
    const moving: PendingCall[] = [];
    const nowMs = context.runtime.clock.now();
    for (const call of context.calls.at(connection)) {
      if (call.state === CallState.SETTLED) continue;
      if (call.state === CallState.SENT || end.kind === 'closed') context.fail(call, lostError(call, end, nowMs));
      else moving.push(call);
    }
    return moving;
  }

  /** No connection could be made: the calls that wait go elsewhere, or fail. */
  #refused(error: TarsException): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    this.#context.nodeRefused(this, error);
    for (const call of waiting) {
      call.tried ??= new Set();
      call.tried.add(this);
      this.#context.moved(call, error);
    }
  }

  #connectAgain(delayMs: number, error: TarsException): void {
    const context = this.#context;
    if (!this.#isWanted || !context.keepsConnected || this.#connections.length > 0) return;
    const { clock } = context.runtime;
    clock.add(this.#retry, clock.now() + delayMs);
    context.nodeRetries(this, delayMs, error);
  }

  /** As many connections as the waiting calls can use. */
  #connectForWaiting(): void {
    const max = Math.max(1, this.#context.serial);
    let connecting = 0;
    for (const connection of this.#connections) if (!connection.isConnected) connecting++;
    const wanted = this.#context.serial === 0 ? 1 : this.#waiting.size;
    while (this.#connections.length < max && connecting < wanted) {
      this.#open();
      connecting++;
    }
  }

  #open(): void {
    this.#isWanted = true;
    this.#context.runtime.clock.remove(this.#retry);
    const connection = new ClientConnection(this, this.#context, this.#context.protocol(), this.#context.serial > 0);
    this.#connections.push(connection);
    this.#unreleased.add(connection);
  }
}

/** The next attempt of a node that connects by itself. */
class RetryDeadline extends Deadline {
  readonly #node: AdapterProxy;

  constructor(node: AdapterProxy) {
    super();
    this.#node = node;
  }

  override expire(): void {
    this.#node.connect();
  }
}
