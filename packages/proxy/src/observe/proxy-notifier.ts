import { type Logger, type ReqMessage, type ResponsePacket, TarsException } from '@tarsier/protocol';
import type { EventEmitter } from 'eventemitter3';
import { type CallbackFaults, pushMessage, runCallback } from '../call/call-messages.js';
import type { DispatchCallback } from '../servant-proxy-callback.js';
import type { DropReason, ServantProxyEvents } from '../servant-proxy-events.js';
import type { ClientClock } from '../time/client-clock.js';
import { LimitedWarning } from './limited-warning.js';
import type { ProxyObserver } from './proxy-observer.js';
import type { ProxyStatistics } from './proxy-statistics.js';

/** What a {@link ProxyNotifier} is made of. */
export interface ProxyNotifierInit {
  readonly object: string;
  readonly emitter: EventEmitter<ServantProxyEvents>;
  readonly logger: Logger;
  readonly clock: ClientClock;
  readonly observer: ProxyObserver | undefined;
}

/**
 * Tells the program what happens at a proxy besides the results of its calls: push callback, events, log, counters.
 *
 * What callbacks and listeners throw ends here.
 */
export class ProxyNotifier implements CallbackFaults {
  readonly #object: string;
  readonly #emitter: EventEmitter<ServantProxyEvents>;
  readonly #logger: Logger;
  readonly #clock: ClientClock;
  readonly #observer: ProxyObserver | undefined;
  readonly #droppedWarning: LimitedWarning;
  readonly #connectWarning: LimitedWarning;
  readonly #resolveWarning: LimitedWarning;
  pushCallback: DispatchCallback | undefined;
  calls = 0;
  answers = 0;
  failures = 0;
  pushes = 0;
  droppedPushes = 0;
  droppedAnswers = 0;
  connects = 0;
  closes = 0;
  callbackFaults = 0;
  droppedDatagrams = 0;
  retries = 0;
  resolveFailures = 0;

  constructor({ object, emitter, logger, clock, observer }: ProxyNotifierInit) {
    this.#object = object;
    this.#emitter = emitter;
    this.#logger = logger;
    this.#clock = clock;
    this.#observer = observer;
    this.#droppedWarning = new LimitedWarning(logger);
    this.#connectWarning = new LimitedWarning(logger);
    this.#resolveWarning = new LimitedWarning(logger);
  }

  connected(endpoint: string): void {
    this.connects++;
    this.#logger.debug(`${this.#object}: connected`, { endpoint });
    this.#observer?.connected(endpoint);
    this.#guard('onConnect', () => this.pushCallback?.onConnect?.(endpoint));
    this.#guard('a listener of connect', () => this.#emitter.emit('connect', endpoint));
  }

  closed(endpoint: string, error: TarsException | undefined): void {
    this.closes++;
    if (error === undefined) this.#logger.debug(`${this.#object}: closed`, { endpoint });
    else this.#logger.warn(error.message, { endpoint, error });
    this.#guard('onClose', () => this.pushCallback?.onClose?.(endpoint, error));
    const event = error === undefined ? { endpoint } : { endpoint, error };
    this.#observer?.closed(event);
    this.#guard('a listener of close', () => this.#emitter.emit('close', event));
  }

  goaway(endpoint: string): void {
    this.#logger.info(`${this.#object}: ${endpoint} said goodbye; calls go elsewhere`, { endpoint });
    this.#guard('a listener of goaway', () => this.#emitter.emit('goaway', endpoint));
  }

  refused(endpoint: string, error: TarsException): void {
    this.#connectWarning.warn(this.#clock.now(), error.message, { endpoint });
  }

  reconnecting(endpoint: string, attempt: number, delayMs: number, error: TarsException): void {
    this.#guard('a listener of reconnecting', () =>
      this.#emitter.emit('reconnecting', { endpoint, attempt, delayMs, error }),
    );
  }

  healthChanged(endpoint: string, reason: string): void {
    if (reason === '') this.#logger.info(`${this.#object}: ${endpoint} answers again`, { endpoint });
    else this.#logger.warn(`${this.#object}: ${endpoint} is unhealthy and passed over: ${reason}`, { endpoint });
  }

  resolveFailed(resolver: string, error: Error): void {
    this.resolveFailures++;
    const text = `${this.#object}: the resolver ${resolver} failed: ${error.message}; the nodes known stay in use`;
    this.#resolveWarning.warn(this.#clock.now(), text, { resolver });
  }

  retried(requestId: number, attempt: number, endpoint: string, error: TarsException): void {
    this.retries++;
    if (this.#emitter.listenerCount('retry') === 0) return;
    this.#guard('a listener of retry', () => this.#emitter.emit('retry', { requestId, attempt, endpoint, error }));
  }

  pushed(response: ResponsePacket, endpoint: string): void {
    this.pushes++;
    this.#observer?.pushed(endpoint, response);
    const hasListener = this.#emitter.listenerCount('push') > 0;
    if (this.pushCallback === undefined && !hasListener) {
      this.droppedPushes++;
      const advice = 'a push was dropped: set a push callback with setPushCallback, or listen to push';
      this.drop(endpoint, 'no-push-callback', advice, response);
      return;
    }
    const message = pushMessage(response, endpoint, this.#clock.now());
    if (this.pushCallback !== undefined) runCallback(this.pushCallback, message, this);
    if (hasListener) this.#guard('a listener of push', () => this.#emitter.emit('push', message));
  }

  dropped(response: ResponsePacket, endpoint: string, reason: DropReason): void {
    this.droppedAnswers++;
    const text = 'an answer was dropped: no call waits for it; it is late or a duplicate';
    this.drop(endpoint, reason, text, response);
  }

  /** Tells of a packet that nobody gets; its counter has been raised. Without a response it could not be decoded. */
  drop(endpoint: string, reason: DropReason, text: string, response?: ResponsePacket): void {
    const event = { requestId: response?.iRequestId ?? 0, endpoint, reason };
    this.#observer?.dropped(endpoint, reason, response);
    this.#droppedWarning.warn(this.#clock.now(), `${this.#object}: ${text}`, event);
    if (this.#emitter.listenerCount('dropped') > 0) {
      this.#guard('a listener of dropped', () => this.#emitter.emit('dropped', event));
    }
  }

  callbackFailed(fault: unknown, message: ReqMessage): void {
    this.callbackFaults++;
    const text = fault instanceof Error ? fault.message : String(fault);
    const what = message.bPush ? 'the push callback' : `the callback of ${message.request.sFuncName}`;
    this.fault(
      new TarsException(`${this.#object}: ${what} threw: ${text}`, {
        code: 'TARSIER_CALLBACK_FAILED',
        cause: fault,
        where: { object: this.#object, requestId: message.response.iRequestId, endpoint: message.endpoint },
      }),
    );
  }

  statistics(pendingCalls: number): ProxyStatistics {
    const { calls, answers, failures, pushes, droppedPushes, droppedAnswers, droppedDatagrams } = this;
    const { connects, closes, callbackFaults, retries, resolveFailures } = this;
    return {
      calls,
      answers,
      failures,
      retries,
      pendingCalls,
      pushes,
      droppedPushes,
      droppedAnswers,
      droppedDatagrams,
      connects,
      closes,
      resolveFailures,
      callbackFaults,
    };
  }

  /** A fault that no caller can be told of. */
  fault(error: TarsException): void {
    this.#logger.error(error.message, { error });
    this.#guard('a listener of error', () => this.#emitter.emit('error', error));
  }

  /** Runs code of the program; a rejected promise that it returns counts as an exception. */
  #guard(what: string, run: () => unknown): void {
    const report = (fault: unknown): void => {
      this.callbackFaults++;
      const text = fault instanceof Error ? fault.message : String(fault);
      this.#logger.error(`${this.#object}: ${what} threw: ${text}`, { error: fault });
    };
    try {
      const result = run();
      if (result instanceof Promise) result.catch(report);
    } catch (fault) {
      report(fault);
    }
  }
}
