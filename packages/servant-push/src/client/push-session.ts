import { Emitter, type EmitterArgs, type ReqMessage, TarsException, type TimeSource } from '@tarsier/protocol';
import type { DispatchCallback, ServantProxy } from '@tarsier/proxy';
import type { SessionRefusal } from '../session/session-refusal.js';
import { AckTimer } from './ack-timer.js';
import { credentialsOf } from './credentials.js';
import { Deferred } from './deferred.js';
import { PushRefusedException } from './push-refused-exception.js';
import type { PushSessionEvents } from './push-session-events.js';
import type { PushSessionOptions } from './push-session-options.js';
import { SessionCaller } from './session-caller.js';
import type { SessionCall, SessionNews, SessionProtocol } from './session-protocol.js';
import { after, checkMs, environmentTime, retryMs } from './session-time.js';
import { type GroupCall, Subscriptions } from './subscriptions.js';

/**
 * Idle: not opened, or refused for good. Opening: asks for a session, or to go on with one. Lost: waits for a connection, or for the time of the
 * next attempt.
 */
export type PushSessionState = 'idle' | 'opening' | 'open' | 'lost' | 'closed';

/** So many pushes without a number are remembered, until they come with one. */
const MAX_EARLY = 100_000;

/**
 * The client's half of a session over a hub: it opens it, hands each push out once and in order, acknowledges, and goes on with it over
 * another connection when the old one breaks. What was pushed meanwhile is handed out first. What cannot be had any more is told by `gap` or
 * `sessionExpired`, never left out in silence.
 *
 * Takes the protocol and the push callback of its proxy for itself; calls of the program go over the same proxy. Runs in Node and in browsers.
 */
export class PushSession extends Emitter<PushSessionEvents> implements DispatchCallback {
  readonly #prx: ServantProxy;
  readonly #caller: SessionCaller;
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
  readonly #credentials: PushSessionOptions['credentials'];
  readonly #credentialsMs: number;
  #opening: Deferred | undefined;
  /** The last attempt was put off: it was told once. */
  #isPutOff = false;
  #isPumping = false;
  /** Attempts in a row to get what the server could not decide. */
  #laterAttempts = 0;
  #stopLater: (() => void) | undefined;

  constructor(prx: ServantProxy, options: PushSessionOptions) {
    super((fault, event) => {
      // A listener of error is not told of its own fault.
      if (event !== 'error') this.#tell('error', fault);
    });
    const { protocol, groups, ackEvery = 64, ackMs = 1000, time = environmentTime } = options;
    this.#time = time;
    this.#credentials = options.credentials;
    this.#credentialsMs = options.credentialsMs ?? 10_000;
    checkMs(prx.name, 'ackMs', ackMs);
    checkMs(prx.name, 'credentialsMs', this.#credentialsMs);
    this.#prx = prx;
    this.#protocol = protocol;
    this.#caller = new SessionCaller(prx, protocol, (error) => this.#tell('error', error));
    this.#subscriptions = new Subscriptions(groups ?? []);
    this.#acks = new AckTimer(ackEvery, ackMs, time, (sequence) => {
      this.#caller.send(protocol.calls.ack(sequence));
    });
    prx.setProtocol(protocol.proxyProtocol);
    prx.setPushCallback(this);
    prx.on('goaway', this.#onGoaway);
    prx.on('end', this.#onEnd);
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
   * Opens the session. Resolves when it is open and subscribed; where there is no connection it goes on trying until then.
   *
   * @returns Rejects at once with a {@link PushRefusedException} when the server refuses: with `TARSIER_SESSION_REFUSED` or `TARSIER_PUSH_LIMIT` the
   *   session stops, until `open` is called again; with `TARSIER_PUSH_LATER` it goes on trying, and `open` may be called again to wait for it. A refusal
   *   of a group rejects it too, and the session is open. Rejects with `TARSIER_CREDENTIALS` when there are none now, and goes on trying; with
   *   `TARSIER_INVALID_ARGUMENT` when they can be none; with `TARSIER_CLOSED` when the session, the proxy or the communicator is closed.
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
   * Subscribes to a group, and again whenever a new session has to begin. However often it is called, one `unsubscribe` takes it back: the last
   * of both counts.
   *
   * @returns Rejects at once with a {@link PushRefusedException} when the server refuses: `TARSIER_SUBSCRIBE_REFUSED`, `TARSIER_PUSH_LIMIT`, or
   *   `TARSIER_PUSH_LATER`, where the session goes on asking. Rejects with `TARSIER_CLOSED` when the session is closed.
   */
  subscribe(group: string): Promise<void> {
    if (this.#state === 'closed') return Promise.reject(closed());
    const subscribed = this.#subscriptions.add(group);
    this.#pumpSoon();
    return subscribed;
  }

  /**
   * Leaves a group.
   *
   * @returns Resolves when nothing that is pushed to the group comes any more; without a connection that is when there is one again. Never rejects.
   */
  unsubscribe(group: string): Promise<void> {
    if (this.#state === 'closed') return Promise.resolve();
    // One that has stopped would be sent what it has missed of the group, if it went on.
    if (this.#state === 'idle' && this.#id !== '') this.#forget();
    const left = this.#subscriptions.remove(group);
    this.#pumpSoon();
    return left;
  }

  /** Acknowledges, and hands nothing out any more. The proxy stays as it is; close it too when nobody else needs it. */
  close(): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'open') this.#acks.flush();
    this.#state = 'closed';
    this.#acks.stop();
    this.#stopRetry?.();
    this.#stopLater?.();
    this.#attempt++;
    this.#prx.off('goaway', this.#onGoaway);
    this.#prx.off('end', this.#onEnd);
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
    this.#stopLater?.();
    this.#subscriptions.interrupted();
    const ifCurrent = <A>(run: (argument: A) => void): ((argument: A) => void) => {
      return (argument) => {
        if (attempt === this.#attempt) run(argument);
      };
    };
    const ask = ifCurrent((credentials: Uint8Array) => this.#askForSession(credentials, attempt));
    const failed = ifCurrent((error: unknown) => this.#withoutCredentials(TarsException.from(error)));
    try {
      const credentials = credentialsOf({
        ask: this.#credentials,
        limitMs: this.#credentialsMs,
        time: this.#time,
        object: this.#prx.name,
      });
      if (credentials instanceof Promise) credentials.then(ask, failed);
      else ask(credentials);
    } catch (error) {
      failed(error);
    }
  }

  #askForSession(credentials: Uint8Array, attempt: number): void {
    const { calls } = this.#protocol;
    const hasEarly = this.#early.size > 0;
    const call =
      this.#id === ''
        ? calls.open(hasEarly, credentials)
        : calls.resume(this.#id, this.#epoch, this.#position, this.#confirmed, hasEarly, credentials);
    this.#caller.call(call, (news, error) => {
      if (attempt !== this.#attempt) return;
      if (news?.kind === 'opened') this.#opened(news);
      else if (news?.kind === 'resumed') this.#resumed();
      else if (news?.kind === 'expired') this.#expired();
      else if (news?.kind === 'denied') this.#denied(new PushRefusedException(this.#prx.name, news));
      else this.#lost(error);
    });
  }

  #withoutCredentials(error: TarsException): void {
    if (error.code === 'TARSIER_CREDENTIALS') this.#putOff(error);
    else this.#stop(error);
  }

  #denied(error: PushRefusedException): void {
    if (error.isLater) this.#putOff(error);
    else this.#stop(error);
  }

  /** It cannot be now: whoever waits is told at once, and it is tried again. */
  #putOff(error: TarsException): void {
    const isFirst = !this.#isPutOff;
    this.#isPutOff = true;
    this.#lost(error);
    // Of a server that puts it off, `lost` has told enough.
    this.#settleOpening(error, isFirst && error.code === 'TARSIER_CREDENTIALS');
  }

  /** It was refused for good: nothing is tried until the program calls `open` again. */
  #stop(error: TarsException): void {
    const wasTold = this.#isTold;
    this.#isTold = false;
    this.#state = 'idle';
    this.#attempt++;
    this.#attempts = 0;
    this.#acks.stop();
    this.#stopRetry?.();
    if (wasTold) this.#tell('lost', error);
    this.#settleOpening(error, true);
  }

  /** Tells whoever waits for the session that it is not there; an event, when nobody waits. */
  #settleOpening(error: TarsException, isNew: boolean): void {
    const opening = this.#opening;
    this.#opening = undefined;
    if (opening !== undefined) opening.reject(error);
    else if (isNew) this.#tell('error', error);
  }

  /** There is no session any more; the next one begins anew. */
  #forget(): void {
    this.#id = '';
    // Another log has numbers of its own; in the same one it goes on from there, wherever the next session begins.
    this.#passed = Math.max(this.#passed, this.#position);
    this.#position = 0;
    this.#subscriptions.renew();
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
    this.#isPutOff = false;
    this.#laterAttempts = 0;
    this.#pumpSoon();
    const opening = this.#opening;
    this.#opening = undefined;
    // Whoever waits for the session wants its groups too.
    if (opening !== undefined) void this.#subscriptions.settled().then(opening.resolve, opening.reject);
    this.#isTold = true;
    this.#tell('open', { isResumed });
  }

  #expired(): void {
    this.#forget();
    const attempt = this.#attempt;
    this.#tell('sessionExpired');
    // A listener may have closed it, or opened it.
    if (attempt === this.#attempt) this.#begin();
  }

  /** There is no way to the session: it goes on with the next connection, or an attempt of its own, since another node may have one. */
  #lost(error: Error | undefined): void {
    if (this.#state === 'closed') return;
    if (this.#prx.communicator.isTerminating) {
      this.close();
      return;
    }
    const wasTold = this.#isTold;
    this.#isTold = false;
    this.#state = 'lost';
    this.#attempt++;
    this.#acks.stop();
    this.#stopRetry?.();
    this.#stopLater?.();
    this.#subscriptions.interrupted();
    this.#stopRetry = after(this.#time, retryMs(this.#attempts++), () => {
      this.#begin();
    });
    if (wasTold) this.#tell('lost', error);
  }

  // --- groups ----------------------------------------------------------------------------------------------------------------------

  /** Tells the server what has changed, at the end of the tick: whoever leaves and comes back at once has not left. */
  #pumpSoon(): void {
    if (this.#isPumping || this.#state !== 'open') return;
    this.#isPumping = true;
    queueMicrotask(() => {
      this.#isPumping = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#state === 'open') {
      const next = this.#subscriptions.next();
      if (next === undefined) return;
      this.#callGroup(next.name, next.call);
    }
  }

  #callGroup(group: string, call: GroupCall): void {
    const attempt = this.#attempt;
    let request: SessionCall;
    try {
      request = this.#protocol.calls[call](group);
    } catch (error) {
      // A name that does not fit its field: the server has never heard of it.
      this.#tellRefused(group, TarsException.from(error), false);
      return;
    }
    this.#caller.call(request, (news, error) => {
      if (attempt !== this.#attempt || this.#state !== 'open') return;
      if (news?.kind === 'subscribed') this.#confirmed++;
      if (news?.kind === 'subscribed' || news?.kind === 'unsubscribed') this.#subscriptions.done(group);
      else if (news?.kind === 'refused') this.#refused(group, news);
      else if (news?.kind === 'expired') this.#expired();
      else this.#lost(error);
      this.#pump();
    });
  }

  /** A group is refused, or was taken away while the session had no connection. */
  #refused(group: string, refusal: SessionRefusal): void {
    const error = new PushRefusedException(this.#prx.name, refusal, group);
    this.#tellRefused(group, error, refusal.isLater);
    if (refusal.isLater) this.#askAgainLater();
  }

  #tellRefused(group: string, error: TarsException, isLater: boolean): void {
    const isHeard = this.#subscriptions.refused(group, error, isLater);
    if (!isHeard && !isLater) this.#tell('error', error);
  }

  #askAgainLater(): void {
    if (this.#stopLater !== undefined) return;
    const stop = after(this.#time, retryMs(this.#laterAttempts++), () => {
      this.#stopLater = undefined;
      if (this.#subscriptions.again()) this.#pump();
    });
    this.#stopLater = () => {
      this.#stopLater = undefined;
      stop();
    };
  }

  /** The proxy ends, alone or with its communicator. */
  readonly #onEnd = (): void => {
    this.close();
  };

  readonly #onGoaway = (): void => {
    // The old connection is still there; the session moves before it closes.
    if (this.#state === 'open') this.#begin();
  };

  // --- what comes ------------------------------------------------------------------------------------------------------------------

  /** @internal As push callback of the proxy. */
  onDispatch(message: ReqMessage): void {
    const news = this.#caller.read(message.response);
    if (news?.kind === 'push') this.#pushed(news);
    else if (news?.kind === 'gap') this.#missed(news.from, news.to);
    else if (news?.kind === 'position') this.#position = Math.max(this.#position, news.sequence);
    else if (news?.kind === 'expired') this.#ended();
    else if (news?.kind === 'refused') this.#refused(news.group, news);
    else if (news?.kind === 'denied') this.#denied(new PushRefusedException(this.#prx.name, news));
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
    this.emit(name, ...(parameters as EmitterArgs<PushSessionEvents, Name>));
  }
}

function closed(): TarsException {
  return new TarsException('the session was closed', { code: 'TARSIER_CLOSED' });
}
