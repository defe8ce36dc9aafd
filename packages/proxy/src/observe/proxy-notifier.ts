import {
  type Emitter,
  type EmitterArgs,
  type Logger,
  type ReqMessage,
  type ResponsePacket,
  TarsException,
} from '@tarsier/protocol';
import { callBack } from '@tarsier/protocol/internal';
import { type CallbackFaults, pushMessage, runCallback } from '../call/call-messages.js';
import type { DispatchCallback } from '../servant-proxy-callback.js';
import type { DropReason, ServantProxyEvents } from '../servant-proxy-events.js';
import type { ClientClock } from '../time/client-clock.js';
import { LimitedWarning } from './limited-warning.js';
import type { ProxyObserver } from './proxy-observer.js';
import type { ProxyStatistics } from './proxy-statistics.js';

/** What a proxy counts; see {@link ProxyStatistics}. */
export type Counts = { -readonly [Name in keyof Omit<ProxyStatistics, 'pendingCalls'>]: number };

/** What a {@link ProxyNotifier} is made of. */
export interface ProxyNotifierInit {
  readonly target: { readonly name: string };
  readonly logger: Logger;
  readonly runtime: { readonly clock: ClientClock };
  readonly observer: ProxyObserver | undefined;
}

/** Nothing has happened yet. */
export function countsAtBegin(): Counts {
  return {
    calls: 0,
    answers: 0,
    failures: 0,
    retries: 0,
    pushes: 0,
    droppedPushes: 0,
    droppedAnswers: 0,
    droppedDatagrams: 0,
    connects: 0,
    closes: 0,
    resolveFailures: 0,
    callbackFaults: 0,
  };
}

function messageOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}

/**
 * Tells the program what happens at a proxy besides the results of its calls: push callback, events, log, counters.
 *
 * What callbacks and listeners throw ends here.
 */
export class ProxyNotifier implements CallbackFaults {
  readonly #object: string;
  readonly #emitter: Emitter<ServantProxyEvents>;
  readonly #logger: Logger;
  readonly #clock: ClientClock;
  readonly #observer: ProxyObserver | undefined;
  readonly #droppedWarning: LimitedWarning;
  readonly #connectWarning: LimitedWarning;
  readonly #resolveWarning: LimitedWarning;
  pushCallback: DispatchCallback | undefined;
  /** What has been counted; whoever sees something happen counts it. */
  readonly counts: Counts = countsAtBegin();

  constructor({ target, logger, runtime, observer }: ProxyNotifierInit, emitter: Emitter<ServantProxyEvents>) {
    const { clock } = runtime;
    this.#object = target.name;
    this.#emitter = emitter;
    this.#logger = logger;
    this.#clock = clock;
    this.#observer = observer;
    this.#droppedWarning = new LimitedWarning(logger, clock);
    this.#connectWarning = new LimitedWarning(logger, clock);
    this.#resolveWarning = new LimitedWarning(logger, clock);
  }

  connected(endpoint: string): void {
    this.counts.connects++;
    this.#logger.debug(`${this.#object}: connected`, { endpoint });
    this.#observer?.connected(endpoint);
    this.#guard('onConnect', () => this.pushCallback?.onConnect?.(endpoint));
    this.#emit('connect', endpoint);
  }

  closed(endpoint: string, error: TarsException | undefined): void {
    this.counts.closes++;
    if (error === undefined) this.#logger.debug(`${this.#object}: closed`, { endpoint });
    else this.#logger.warn(error.message, { endpoint, error });
    this.#guard('onClose', () => this.pushCallback?.onClose?.(endpoint, error));
    const event = error === undefined ? { endpoint } : { endpoint, error };
    this.#observer?.closed(event);
    this.#emit('close', event);
  }

  ended(): void {
    this.#emit('end');
  }

  goaway(endpoint: string): void {
    this.#logger.info(`${this.#object}: ${endpoint} said goodbye; calls go elsewhere`, { endpoint });
    this.#emit('goaway', endpoint);
  }

  refused(endpoint: string, error: TarsException): void {
    this.#connectWarning.warn(error.message, { endpoint });
  }

  reconnecting(endpoint: string, attempt: number, delayMs: number, error: TarsException): void {
    this.#emit('reconnecting', { endpoint, attempt, delayMs, error });
  }

  healthChanged(endpoint: string, reason: string): void {
    if (reason === '') this.#logger.info(`${this.#object}: ${endpoint} answers again`, { endpoint });
    else this.#logger.warn(`${this.#object}: ${endpoint} is unhealthy and passed over: ${reason}`, { endpoint });
  }

  resolveFailed(resolver: string, error: Error): void {
    this.counts.resolveFailures++;
    const text = `${this.#object}: the resolver ${resolver} failed: ${error.message}; the nodes known stay in use`;
    this.#resolveWarning.warn(text, { resolver });
  }

  retried(requestId: number, attempt: number, endpoint: string, error: TarsException): void {
    this.counts.retries++;
    this.#emit('retry', { requestId, attempt, endpoint, error });
  }

  pushed(response: ResponsePacket, endpoint: string): void {
    this.counts.pushes++;
    this.#observer?.pushed(endpoint, response);
    const hasListener = this.#emitter.listenerCount('push') > 0;
    if (this.pushCallback === undefined && !hasListener) {
      this.counts.droppedPushes++;
      const advice = 'a push was dropped: set a push callback with setPushCallback, or listen to push';
      this.drop(endpoint, 'no-push-callback', advice, response);
      return;
    }
    const message = pushMessage(response, endpoint, this.#clock.now());
    if (this.pushCallback !== undefined) runCallback(this.pushCallback, message, this);
    if (hasListener) this.#emit('push', message);
  }

  dropped(response: ResponsePacket, endpoint: string, reason: DropReason): void {
    this.counts.droppedAnswers++;
    const text = 'an answer was dropped: no call waits for it; it is late or a duplicate';
    this.drop(endpoint, reason, text, response);
  }

  /** Tells of a packet that nobody gets; its counter has been raised. Without a response it could not be decoded. */
  drop(endpoint: string, reason: DropReason, text: string, response?: ResponsePacket): void {
    const event = { requestId: response?.iRequestId ?? 0, endpoint, reason };
    this.#observer?.dropped(endpoint, reason, response);
    this.#droppedWarning.warn(`${this.#object}: ${text}`, event);
    this.#emit('dropped', event);
  }

  callbackFailed(fault: unknown, message: ReqMessage): void {
    this.counts.callbackFaults++;
    const what = message.bPush ? 'the push callback' : `the callback of ${message.request.sFuncName}`;
    this.fault(
      new TarsException(`${this.#object}: ${what} threw: ${messageOf(fault)}`, {
        code: 'TARSIER_CALLBACK_FAILED',
        cause: fault,
        where: { object: this.#object, requestId: message.response.iRequestId, endpoint: message.endpoint },
      }),
    );
  }

  statistics(pendingCalls: number): ProxyStatistics {
    return { ...this.counts, pendingCalls };
  }

  /** A fault that no caller can be told of. */
  fault(error: TarsException): void {
    this.#logger.error(error.message, { error });
    this.#emit('error', error);
  }

  /** What a listener of the proxy threw or rejected with. It is not told as `error`, whose listener may be the one that failed. */
  listenerFailed(fault: unknown, event: PropertyKey): void {
    this.#failed(`a listener of ${String(event)}`, fault);
  }

  #failed(what: string, fault: unknown): void {
    this.counts.callbackFaults++;
    this.#logger.error(`${this.#object}: ${what} threw: ${messageOf(fault)}`, { error: fault });
  }

  #emit<Name extends keyof ServantProxyEvents>(name: Name, ...args: EmitterArgs<ServantProxyEvents, Name>): void {
    this.#emitter.emit(name, ...args);
  }

  #guard(what: string, run: () => unknown): void {
    callBack(run, (fault) => {
      this.#failed(what, fault);
    });
  }
}
