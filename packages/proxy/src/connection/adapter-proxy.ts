import type { Endpoint, ProxyProtocol, TarsException } from '@tarsier/protocol';
import { lostError, queueFullError } from '../call/call-errors.js';
import { CALL_SENT, CALL_SETTLED, type CallCarrier, type CallPlace, type PendingCall } from '../call/pending-call.js';
import type { CheckTimeoutInfo } from '../endpoints/check-timeout-info.js';
import type { EndpointState, NodeState } from '../endpoints/endpoint-state.js';
import type { Choosable } from '../endpoints/node-chooser.js';
import { type FailureKind, NodeHealth } from '../endpoints/node-health.js';
import { Alarm } from '../time/alarm.js';
import type { ClientClock } from '../time/client-clock.js';
import { ClientConnection, type ConnectionHost } from './client-connection.js';
import type { ConnectionContext } from './connection-context.js';
import { type ConnectionEnd, connectionError, GOODBYE, isRetryable, isWished } from './connection-end.js';
import { NodeCounts } from './node-counts.js';
import { ReconnectPolicy } from './reconnect-policy.js';
import { takeAll } from './take-all.js';

/** What the nodes of one proxy have in common: the proxy. */
export interface NodeContext extends ConnectionContext {
  /** 0: one connection, many calls; else so many connections, one call on each. */
  readonly serial: number;
  readonly connectTimeoutMs: number;
  /** Whether a node that was used connects again by itself, until the program closes it. */
  readonly keepsConnected: boolean;
  readonly checkTimeout: CheckTimeoutInfo;
  /** How often the program has closed it. */
  readonly closings: number;
  /** The protocol of connections made now. */
  protocol(): ProxyProtocol;
  /** Looks for another connection for a call that was not sent. */
  moved(call: PendingCall, cause: TarsException): void;
  /** A call that was sent lost its connection to this node: it is made again, or fails. */
  lost(call: PendingCall, end: ConnectionEnd, node: AdapterProxy): void;
  nodeConnected(node: AdapterProxy): void;
  nodeRefused(node: AdapterProxy, error: TarsException): void;
  /** It left the object, and nothing of it is left. */
  nodeGone(node: AdapterProxy): void;
}

/**
 * One node of a proxy: its connections, the calls that wait for one, and when to try again.
 *
 * All calls that come while it connects share the attempt. Source: AdapterProxy (servant/servant/AdapterProxy.h).
 */
export class AdapterProxy implements CallCarrier, ConnectionHost, Choosable {
  health: NodeHealth;
  /** Its weights and the like may change. */
  address: Endpoint;
  readonly #context: NodeContext;
  readonly #clock: ClientClock;
  readonly #policy: ReconnectPolicy;
  /** The next attempt, of a node that connects by itself. */
  readonly #retry = new Alarm(() => {
    this.connect();
  });
  /** Connecting or open. */
  #connections: ClientConnection[] = [];
  /** Connections on which the server has said goodbye: they carry what they have, and take nothing new. */
  readonly #retiring = new Set<ClientConnection>();
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
  isWanted = false;
  #isLeaving = false;
  readonly #counts: NodeCounts;
  readonly #isInactive: boolean;

  /** @param isInactive it must not be called: it only takes its place in the list, for as long as it exists. */
  constructor(address: Endpoint, context: NodeContext, isInactive = false) {
    this.#isInactive = isInactive;
    this.address = address;
    this.#context = context;
    this.#clock = context.runtime.clock;
    this.health = this.#newHealth();
    this.#counts = new NodeCounts(this.#clock.now());
    const { reconnectMinMs: minMs, reconnectMaxMs: maxMs } = context.settings;
    this.#policy = new ReconnectPolicy({ minMs, maxMs });
  }

  #newHealth(): NodeHealth {
    return new NodeHealth(() => this.#context.checkTimeout);
  }

  get endpoint(): string {
    return this.address.toString();
  }

  get retryAtMs(): number {
    return Math.max(this.#retryAtMs, this.health.retryAtMs);
  }

  get isConnected(): boolean {
    return this.#connections.some((connection) => connection.isConnected);
  }

  get isConnecting(): boolean {
    return this.#connections.some((connection) => !connection.isConnected);
  }

  get isUsable(): boolean {
    if (this.#isInactive) return false;
    if (!this.health.mayTry(this.#clock.recentMs)) return false;
    if (this.#shared !== undefined) return true;
    return this.#policy.failures < this.#context.checkTimeout.maxConnectExc || this.isConnected;
  }

  get nodeState(): NodeState {
    if (this.#isInactive) return 'inactive';
    if (this.#isLeaving) return 'leaving';
    if (!this.health.isHealthy) return 'unhealthy';
    if (this.isConnected) return 'connected';
    if (this.#connections.length > 0) return 'connecting';
    return this.#policy.failures > 0 || this.#retry.isWaiting ? 'backoff' : 'idle';
  }

  connectTimeoutMs(): number {
    return this.#context.connectTimeoutMs;
  }

  /** @param inFlight how many calls each place has. */
  state(inFlight: ReadonlyMap<CallPlace | undefined, number>): EndpointState {
    const { nodeState: state } = this;
    const connections = this.#all.filter((connection) => connection.isConnected).length;
    let calls = 0;
    for (const connection of this.#unreleased) calls += inFlight.get(connection) ?? 0;
    const why = this.#why(state);
    return {
      endpoint: this.endpoint,
      state,
      ...(why === undefined ? {} : { why }),
      sinceMs: Math.round(this.#counts.inStateMs(state, this.#clock.now())),
      connections,
      waitingCalls: this.#waiting.size,
      failures: connections > 0 ? 0 : this.#policy.failures,
      ...(this.#lastError === undefined ? {} : { lastError: this.#lastError.message }),
      weight: this.address.weight,
      rank: this.address.rank,
      figures: this.#counts.figures(calls),
    };
  }

  #why(state: NodeState): string | undefined {
    if (state === 'unhealthy') return this.health.reason;
    if (state === 'leaving') return 'the object has it no more';
    return state === 'backoff' ? this.#lastError?.message : undefined;
  }

  get #all(): ClientConnection[] {
    return [...this.#connections, ...this.#retiring];
  }

  /** Notes since when it is in the state that it is in. */
  #note(): void {
    this.#counts.note(this.nodeState, this.#clock.now());
  }

  healed(): void {
    this.#note();
    this.#context.notifier.healthChanged(this.endpoint, this.health.reason);
  }

  callTimedOut(nowMs: number): void {
    this.#counts.timeouts++;
    this.#failed('timeout', 1, nowMs);
  }

  #failed(kind: FailureKind, calls: number, nowMs: number): void {
    this.#counts.failures += calls;
    if (this.health.failed(nowMs, kind)) this.healed();
  }

  sampled(latencyMs: number, nowMs: number): void {
    this.#counts.sampled(latencyMs);
    this.health.roll(nowMs);
  }

  /** Takes a call: sends it, or lets it wait for a connection, which it begins to make if there is none. */
  send(call: PendingCall): void {
    this.#counts.calls++;
    const { health } = this;
    if (!health.isHealthy) health.tried(this.#clock.now());
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
    call.wait(this.#clock.now(), false);
    call.place = this;
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
    if (nowMs >= this.#retryAtMs && !this.#isInactive) this.connect();
  }

  /** Closes everything; its calls fail with `TARSIER_CLOSED`. */
  close(reason: string): void {
    this.isWanted = false;
    this.#clock.remove(this.#retry);
    this.#policy.failures = 0;
    this.#retryAtMs = 0;
    const waiting = takeAll(this.#waiting);
    for (const connection of this.#all) connection.close(reason);
    this.#context.failAll(waiting, reason);
    // What was is forgotten.
    this.health = this.#newHealth();
    this.#note();
  }

  /**
   * The object has this node no more: it takes no calls, finishes those that were sent or queued, and closes. Returns the
   * calls that waited for a connection; they may go elsewhere.
   */
  retire(): PendingCall[] {
    this.#isLeaving = true;
    this.isWanted = false;
    this.#clock.remove(this.#retry);
    this.#note();
    const waiting = takeAll(this.#waiting);
    const reason = 'its node left the object';
    for (const connection of this.#all) connection.closeWhenDone(reason);
    this.#checkGone();
    return waiting;
  }

  #checkGone(): void {
    if (this.#isLeaving && this.#unreleased.size === 0) this.#context.nodeGone(this);
  }

  /** Whether a place is a connection of this node. */
  carries(place: CallPlace | undefined): boolean {
    return this.#all.some((connection) => connection === place);
  }

  /** The clocks of connections have changed. */
  watchAnew(): void {
    for (const connection of this.#all) connection.watchAnew();
  }

  /** The time of a heartbeat and its answer in ms; undefined when it is not connected. */
  ping(timeoutMs: number): Promise<number> | undefined {
    return this.#connections.find((connection) => connection.isConnected)?.ping(timeoutMs);
  }

  /** Settles when no transport holds anything any more of the connections that there are now. */
  async whenReleased(): Promise<void> {
    await Promise.all(Array.from(this.#unreleased, (connection) => connection.whenReleased));
  }

  opened(connection: ClientConnection): void {
    this.#retryAtMs = 0;
    this.#lastError = undefined;
    this.#clock.remove(this.#retry);
    this.#counts.connects++;
    if (this.health.connected()) this.healed();
    else this.#note();
    if (this.#context.serial === 0) this.#share(connection);
    this.#context.nodeConnected(this);
    for (const old of this.#retiring) old.closeWhenDone(GOODBYE);
    // A listener may have closed it.
    if (this.#context.serial > 0 && connection.isFree) this.freed(connection);
  }

  /** Sends all that waited. */
  #share(connection: ClientConnection): void {
    this.#shared = connection;
    for (const call of takeAll(this.#waiting)) {
      if (call.state !== CALL_SETTLED) connection.send(call);
    }
  }

  saidGoodbye(connection: ClientConnection): void {
    const context = this.#context;
    this.#take(connection);
    this.#retiring.add(connection);
    const unsent = connection.takeUnsent();
    this.#note();
    const { closings } = context;
    context.notifier.goaway(this.endpoint);
    if (context.closings !== closings) {
      context.failAll(unsent);
      return;
    }
    const error = connectionError({ kind: 'closed', reason: GOODBYE }, context.objectName, this.endpoint);
    for (const call of unsent) context.moved(call, error);
    if (this.#waiting.size > 0) this.#connectForWaiting();
    // Pushes may still come over it: it stays until there is another. Thousands of clients hear a goodbye at once, so they wait a random
    // time; a call does not.
    if (this.isWanted && context.keepsConnected && this.#connections.every((one) => !one.isConnected)) {
      if (this.#connections.length === 0) this.#retryIn(this.#policy.delayMs());
      this.#note();
    } else {
      connection.closeWhenDone(GOODBYE);
    }
  }

  /** It gets no more calls. */
  #take(connection: ClientConnection): void {
    this.#connections = this.#connections.filter((one) => one !== connection);
    this.#free = this.#free.filter((one) => one !== connection);
    if (this.#shared === connection) this.#shared = undefined;
    this.#retiring.delete(connection);
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
    this.#take(connection);
    const context = this.#context;
    const error = connectionError(end, context.objectName, this.endpoint);
    error.where.state = connection.nodeState;
    const reported = isWished(end) ? undefined : error;
    const delayMs = this.#judge(connection, reported);
    const moving = this.#settleCalls(connection, end);
    this.#note();
    const { closings } = context;
    if (connection.wasOpened) context.notifier.closed(this.endpoint, reported);
    if (end.kind === 'closed') return;
    if (context.closings !== closings) {
      // A listener has closed the proxy: that holds for the calls between two connections too.
      context.failAll(moving);
      return;
    }
    if (connection.wasOpened) {
      for (const call of moving) {
        if (call.state === CALL_SENT) context.lost(call, end, this);
        else context.moved(call, error);
      }
      if (this.#waiting.size > 0) this.#connectForWaiting();
    } else if (this.#connections.length === 0) {
      this.#refused(error);
    }
    this.#connectAgain(delayMs, error);
  }

  released(connection: ClientConnection): void {
    this.#unreleased.delete(connection);
    this.#checkGone();
  }

  /** Draws the next wait, by whether the connection was worth making. */
  #judge(connection: ClientConnection, error: TarsException | undefined): number {
    if (error === undefined || connection.isProven) this.#policy.failures = 0;
    else this.#policy.failures++;
    if (error !== undefined) this.#lastError = error;
    const delayMs = this.#policy.delayMs();
    this.#retryAtMs = this.#policy.failures === 0 ? 0 : this.#clock.now() + delayMs;
    return delayMs;
  }

  /** Fails the calls of a connection that ended; returns those that may go elsewhere: they were not sent, or may be retried. */
  #settleCalls(connection: ClientConnection, end: ConnectionEnd): PendingCall[] {
    const context = this.#context;
    const moving: PendingCall[] = [];
    const nowMs = this.#clock.now();
    const calls = context.calls.at(connection);
    const lost = calls.filter((call) => call.state === CALL_SENT);
    if (lost.length > 0 && !isWished(end)) this.#failed('transport', lost.length, nowMs);
    const mayRetry = isRetryable(end);
    for (const call of calls) {
      if (call.state === CALL_SETTLED) continue;
      const stays = call.state === CALL_SENT && !(mayRetry && call.plan !== undefined && call.plan.retries > 0);
      if (stays || end.kind === 'closed') context.fail(call, lostError(call, end));
      else moving.push(call);
    }
    return moving;
  }

  /** No connection could be made: the calls that wait go elsewhere, or fail. */
  #refused(error: TarsException): void {
    const waiting = takeAll(this.#waiting);
    this.#context.nodeRefused(this, error);
    for (const call of waiting) {
      call.markTried(this);
      this.#context.moved(call, error);
    }
  }

  #connectAgain(delayMs: number, error: TarsException): void {
    const context = this.#context;
    if (!this.isWanted || !context.keepsConnected || this.#connections.length > 0) return;
    this.#retryIn(delayMs);
    this.#note();
    context.notifier.reconnecting(this.endpoint, Math.max(1, this.#policy.failures), delayMs, error);
  }

  #retryIn(delayMs: number): void {
    this.#clock.add(this.#retry, this.#clock.now() + delayMs);
  }

  /** As many connections as the waiting calls can use. */
  #connectForWaiting(): void {
    const max = Math.max(1, this.#context.serial);
    let connecting = this.#connections.filter((connection) => !connection.isConnected).length;
    const wanted = this.#context.serial === 0 ? 1 : this.#waiting.size;
    while (this.#connections.length < max && connecting < wanted) {
      this.#open();
      connecting++;
    }
  }

  #open(): void {
    this.isWanted = true;
    this.#clock.remove(this.#retry);
    const connection = new ClientConnection(this, this.#context, this.#context.protocol(), this.#context.serial > 0);
    this.#connections.push(connection);
    this.#unreleased.add(connection);
    this.#note();
  }
}
