import { type ReqMessage, type ResponsePacket, TarsException, type TimeSource } from '@tarsier/protocol';
import type { DispatchCallback, KeyedProxy, ServantProxy } from '@tarsier/proxy';
import { EventEmitter } from '@tarsier/proxy/internal';
import { AckTimer } from './ack-timer.js';
import { Deferred } from './deferred.js';
import type { PushSessionEvents } from './push-session-events.js';
import type { SessionCall, SessionNews, SessionProtocol } from './session-protocol.js';
import { after, environmentTime } from './session-time.js';
import { Subscriptions } from './subscriptions.js';

/** What a session may be told. */
export interface PushSessionOptions {
  /** As `pushFrames().session`. */
  readonly protocol: SessionProtocol;
  /** Groups to subscribe to from the begin on. */
  readonly groups?: Iterable<string>;
  /** An acknowledgement is sent after so many pushes; 64 unless told … */
  readonly ackEvery?: number;
  /** … and after this time at the latest, in ms; 1000 unless told. */
  readonly ackMs?: number;
  /** Instead of the clock of the environment, for tests. */
  readonly time?: TimeSource;
}

/** Idle: not opened. Opening: asks for a session, or to go on with one. Lost: waits for a connection. */
export type PushSessionState = 'idle' | 'opening' | 'open' | 'lost' | 'closed';

/** The wait before the next attempt is drawn from 0 to this times 2^attempts, in ms. */
const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 10_000;
/** So many pushes without a number are remembered, until they come with one. */
const MAX_EARLY = 100_000;

/**
 * The client's half of a session over a hub: it opens it, hands each push out once and in order, acknowledges, and goes on with it over
 * another connection when the old one breaks. What was pushed meanwhile is handed out first. What cannot be had any more is told by `gap` or
 * `sessionExpired`, never left out in silence.
 *
 * Takes the protocol and the push callback of its proxy for itself; calls of the program go over the same proxy. Runs in Node and in browsers.
 */
export class PushSession extends EventEmitter<PushSessionEvents> implements DispatchCallback {
  readonly #prx: ServantProxy;
  /** All calls of the session go to the node that has it, as long as it is usable. */
  readonly #node: KeyedProxy;
  readonly #protocol: SessionProtocol;
  readonly #subscriptions: Subscriptions;
  readonly #acks: AckTimer;
  #state: PushSessionState = 'idle';
  #id = '';
  #epoch = '';
  #position = 0;
  /** The position of a session that is over. */
  #passed = 0;
  #windowMs = 0;
  #duplicates = 0;
  /** Subscriptions of the session that the server has confirmed. */
  #confirmed = 0;
  /** Ids of pushes that came without a number, and will come again with one. */
  readonly #early = new Set<string>();
  #attempts = 0;
  /** A listener was told that there is a session, and not that it was lost. */
  #isTold = false;
  /** Tells attempts apart: the answer to an old one means nothing. */
  #attempt = 0;
  #stopRetry: (() => void) | undefined;
  readonly #time: TimeSource;
  #opening: Deferred | undefined;

  constructor(prx: ServantProxy, options: PushSessionOptions) {
    super();
    const { protocol, groups, ackEvery = 64, ackMs = 1000, time = environmentTime } = options;
    this.#time = time;
    this.#prx = prx;
    this.#protocol = protocol;
    this.#node = prx.hash(Math.floor(Math.random() * 0xffff_ffff));
    this.#subscriptions = new Subscriptions(groups ?? []);
    this.#acks = new AckTimer(ackEvery, ackMs, time, (sequence) => {
      this.#sendAck(sequence);
    });
    prx.setProtocol(protocol.proxyProtocol);
    prx.setPushCallback(this);
    prx.on('goaway', this.#onGoaway);
  }

  get state(): PushSessionState {
    return this.#state;
  }

  /** Secret of the session; '' before there is one. */
  get id(): string {
    return this.#id;
  }

  /** The number of the last push that was handed out, or is known not to come. */
  get position(): number {
    return this.#position;
  }

  /** So long the server keeps the session without a connection, in ms. */
  get windowMs(): number {
    return this.#windowMs;
  }

  /** Pushes that came twice and were left out. */
  get duplicates(): number {
    return this.#duplicates;
  }

  /** The groups that are subscribed to, or will be as soon as there is a session. */
  get groups(): string[] {
    return this.#subscriptions.groups;
  }

  /**
   * Opens the session. Resolves when it is open and subscribed; it goes on trying until then.
   *
   * @returns Rejects with `TARSIER_CLOSED` when it is closed before that.
   */
  open(): Promise<void> {
    if (this.#state === 'closed') return Promise.reject(closed());
    if (this.#state === 'open') return Promise.resolve();
    const opened = this.#opening ?? new Deferred();
    this.#opening = opened;
    if (this.#state === 'idle') this.#begin();
    return opened.promise;
  }

  /**
   * Subscribes to a group, and again whenever a new session has to begin.
   *
   * @returns Rejects with `TARSIER_SUBSCRIBE_REFUSED` when the server refuses, `TARSIER_CLOSED` when the session is closed.
   */
  subscribe(group: string): Promise<void> {
    if (this.#state === 'closed') return Promise.reject(closed());
    const subscribed = this.#subscriptions.add(group);
    if (this.#state === 'open') this.#subscribe(group);
    return subscribed;
  }

  /** Takes it back. What is under way may still come. */
  unsubscribe(group: string): void {
    this.#subscriptions.remove(group);
    if (this.#state === 'open') this.#call(this.#protocol.calls.unsubscribe(group), () => undefined);
  }

  /** Acknowledges, and hands nothing out any more. The proxy stays as it is; close it too when nobody else needs it. */
  close(): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'open') this.#acks.flush();
    this.#state = 'closed';
    this.#acks.stop();
    this.#stopRetry?.();
    this.#attempt++;
    this.#prx.off('goaway', this.#onGoaway);
    if (this.#prx.getPushCallback() === this) this.#prx.setPushCallback(null);
    this.#subscriptions.fail(closed());
    this.#opening?.reject(closed());
    this.#opening = undefined;
  }

  // --- opening and going on ------------------------------------------------------------------------------------------------------

  /** Asks for a session, or to go on with the one that there was. */
  #begin(): void {
    this.#stopRetry?.();
    this.#state = 'opening';
    const attempt = ++this.#attempt;
    const { calls } = this.#protocol;
    const hasEarly = this.#early.size > 0;
    const call =
      this.#id === ''
        ? calls.open(hasEarly)
        : calls.resume(this.#id, this.#epoch, this.#position, this.#confirmed, hasEarly);
    this.#call(call, (news, error) => {
      if (attempt !== this.#attempt) return;
      if (news?.kind === 'opened') this.#opened(news);
      else if (news?.kind === 'resumed') this.#resumed();
      else if (news?.kind === 'expired') this.#expired();
      else this.#lost(error);
    });
  }

  #opened({ session, epoch, sequence, windowMs }: Extract<SessionNews, { kind: 'opened' }>): void {
    this.#id = session;
    this.#confirmed = 0;
    // The node of a new session may be behind the one that the last push came from.
    this.#position = epoch === this.#epoch ? Math.max(sequence, this.#passed) : sequence;
    this.#passed = 0;
    this.#epoch = epoch;
    this.#windowMs = windowMs;
    this.#acks.reset(this.#position);
    this.#subscriptions.renew();
    this.#isOpen(false);
  }

  #resumed(): void {
    this.#isOpen(true);
  }

  #isOpen(isResumed: boolean): void {
    this.#state = 'open';
    this.#attempts = 0;
    for (const group of this.#subscriptions.missing) this.#subscribe(group);
    const opening = this.#opening;
    this.#opening = undefined;
    // Whoever waits for the session wants its groups too.
    if (opening !== undefined) void this.#subscriptions.settled().then(opening.resolve, opening.reject);
    this.#isTold = true;
    this.#tell('open', { isResumed });
  }

  #expired(): void {
    this.#id = '';
    // Another log has numbers of its own; in the same one it goes on from there, wherever the next session begins.
    this.#passed = Math.max(this.#passed, this.#position);
    this.#position = 0;
    this.#tell('sessionExpired');
    if (this.#state !== 'closed') this.#begin();
  }

  /** There is no way to the session: it goes on with the next connection, or an attempt of its own, since another node may have one. */
  #lost(error: Error | undefined): void {
    if (this.#state === 'closed') return;
    const wasTold = this.#isTold;
    this.#isTold = false;
    this.#state = 'lost';
    this.#attempt++;
    this.#acks.stop();
    this.#stopRetry?.();
    const limitMs = Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** this.#attempts);
    this.#attempts++;
    const waitMs = MIN_RETRY_MS / 10 + Math.random() * limitMs;
    this.#stopRetry = after(this.#time, waitMs, () => {
      this.#begin();
    });
    if (wasTold) this.#tell('lost', error);
  }

  #subscribe(group: string): void {
    const attempt = this.#attempt;
    this.#call(this.#protocol.calls.subscribe(group), (news, error) => {
      if (attempt !== this.#attempt) return;
      if (news?.kind === 'subscribed') {
        this.#confirmed++;
        this.#subscriptions.done(group);
      } else if (news?.kind === 'refused') this.#refused(group, news.reason);
      else if (this.#state === 'open') this.#lost(error);
    });
  }

  #refused(group: string, reason: string): void {
    const error = new TarsException(`the server refused the subscription to ${group}: ${reason}`, {
      code: 'TARSIER_SUBSCRIBE_REFUSED',
      where: { object: this.#prx.name },
    });
    if (!this.#subscriptions.refused(group, error)) this.#tell('error', error);
  }

  readonly #onGoaway = (): void => {
    // The old connection is still there; the session moves before it closes.
    if (this.#state === 'open') this.#begin();
  };

  #sendAck(sequence: number): void {
    const { func, body } = this.#protocol.calls.ack(sequence);
    this.#node.rpcCallAsync(0, func, body, null);
  }

  /** Calls and hands the answer on within the order of what comes: a promise would let pushes overtake it. */
  #call({ func, body }: SessionCall, settle: (news: SessionNews | undefined, error: Error | undefined) => void): void {
    const onDispatch = ({ response, error }: ReqMessage): void => {
      if (error !== undefined) settle(undefined, error);
      else {
        const news = this.#read(response);
        settle(news, news === undefined ? new Error('the answer is none of the session') : undefined);
      }
    };
    try {
      this.#node.rpcCallAsync(this.#prx.genRequestId(), func, body, { onDispatch });
    } catch (error) {
      settle(undefined, TarsException.from(error));
    }
  }

  #read(response: ResponsePacket): SessionNews | undefined {
    try {
      return this.#protocol.read(response);
    } catch (error) {
      this.#tell('error', error);
      return undefined;
    }
  }

  // --- what comes ------------------------------------------------------------------------------------------------------------------

  /** @internal As push callback of the proxy. */
  onDispatch(message: ReqMessage): void {
    const news = this.#read(message.response);
    if (news?.kind === 'push') this.#pushed(news);
    else if (news?.kind === 'gap') this.#missed(news.from, news.to);
    else if (news?.kind === 'position') this.#position = Math.max(this.#position, news.sequence);
    else if (news?.kind === 'expired') this.#ended();
    else if (news === undefined) this.#tell('message', message);
  }

  /** The server says by itself that the session is over. */
  #ended(): void {
    if (this.#state !== 'open') return;
    this.#acks.stop();
    this.#expired();
  }

  #pushed({ sequence, topic, id, payload }: Extract<SessionNews, { kind: 'push' }>): void {
    if (this.#state === 'closed') return;
    if (sequence > 0) {
      if (sequence <= this.#position) {
        this.#duplicates++;
        return;
      }
      this.#position = sequence;
    }
    if (id !== '' && this.#isKnown(id, sequence)) {
      if (sequence > 0) this.#acks.processed(sequence);
      return;
    }
    this.#tell('push', { sequence, topic, payload });
    // Only what was handed out counts as processed.
    if (sequence > 0) this.#acks.processed(sequence);
  }

  /** Whether a push with an id was handed out before it had its number. */
  #isKnown(id: string, sequence: number): boolean {
    if (sequence > 0) return this.#early.delete(id);
    if (this.#early.has(id)) return true;
    this.#early.add(id);
    if (this.#early.size > MAX_EARLY) {
      for (const oldest of this.#early) {
        this.#early.delete(oldest);
        break;
      }
    }
    return false;
  }

  #missed(from: number, to: number): void {
    if (to <= this.#position) return;
    this.#position = to;
    this.#tell('gap', { from, to });
    this.#acks.processed(to);
  }

  /** @internal */
  onConnect(): void {
    if (this.#state === 'lost') this.#begin();
  }

  /** @internal */
  onClose(_endpoint: string, error?: TarsException): void {
    if (this.#state === 'open') this.#lost(error);
  }

  #tell<Name extends keyof PushSessionEvents>(name: Name, ...parameters: PushSessionEvents[Name]): void {
    if (this.listenerCount(name) === 0) return;
    try {
      (this as EventEmitter).emit(name, ...parameters);
    } catch (error) {
      if (name !== 'error') this.#tell('error', error);
    }
  }
}

function closed(): TarsException {
  return new TarsException('the session was closed', { code: 'TARSIER_CLOSED' });
}
