import type { CheckTimeoutInfo } from './check-timeout-info.js';

const TURN_MS = 0.001;

/** Why a call counts against its node. */
export type FailureKind = 'timeout' | 'transport';

/**
 * Whether one node is fit to be called, judged by its calls; after the rules of TARS, with their harm mended.
 *
 * Failures are own timeouts and lost connections; answers of any result are successes, and aborted calls are neither. A failure
 * makes the node unhealthy when one of these holds:
 *
 * - *ratio*: within `checkTimeoutInterval` at least `minTimeoutInvoke` calls failed, and they are at least `radio` of all; a single
 *   failure right after an answer does not count, because it says nothing about a node that answers otherwise;
 * - *row*: `frequenceFailInvoke` calls, if that is more than 1, failed with no answer between, over `minFrequenceFailTime` or longer.
 *
 * While it is unhealthy one call per `tryTimeInterval` goes to it; an answer to any call makes it healthy at once. So does a new
 * connection, if what made it unhealthy was the loss of one.
 *
 * Pure: times are passed in. Source: AdapterProxy::finishInvoke, checkActive (servant/libservant/AdapterProxy.cpp).
 */
export class NodeHealth {
  /** Shared by the nodes of a proxy; read at each failure. */
  readonly #info: () => CheckTimeoutInfo;
  // The interval is made of two halves, so that a failure at the begin of one is not judged without what came before it.
  #halfEndMs = -1;
  #successes = 0;
  #failures = 0;
  #formerSuccesses = 0;
  #formerFailures = 0;
  #hasSucceeded = false;
  /** Failures since the last success. */
  #row = 0;
  #rowBeginMs = 0;
  #trip: FailureKind | undefined;
  /** Which rule made it unhealthy, as text; empty while it is healthy. */
  reason = '';
  /** When an unhealthy node may be given its next call; 0 while it is healthy. */
  retryAtMs = 0;

  constructor(info: () => CheckTimeoutInfo) {
    this.#info = info;
  }

  get isHealthy(): boolean {
    return this.#trip === undefined;
  }

  /** Whether a call may be given to it now. */
  mayTry(nowMs: number): boolean {
    return nowMs >= this.retryAtMs;
  }

  /** A call is given to it while it is unhealthy: the next one waits. */
  tried(nowMs: number): void {
    if (this.#trip === undefined) return;
    // Later with each call, so that unhealthy nodes take turns when there are no others, also within one tick.
    this.retryAtMs = Math.max(nowMs + this.#info().tryTimeInterval * 1000, this.retryAtMs + TURN_MS);
  }

  /** An answer came; true when that made it healthy again. */
  succeeded(): boolean {
    this.#successes++;
    if (this.#row === 0 && this.#hasSucceeded) return false;
    this.#hasSucceeded = true;
    this.#row = 0;
    return this.#heal();
  }

  /** A connection was established; true when that made it healthy again. */
  connected(): boolean {
    return this.#trip === 'transport' && this.#heal();
  }

  /** Begins a new half of the interval when the last is over. To be called now and then, also when nothing fails. */
  roll(nowMs: number): void {
    if (nowMs < this.#halfEndMs) return;
    const halfMs = this.#info().checkTimeoutInterval * 500;
    const isFirst = this.#halfEndMs < 0;
    const isOld = nowMs >= this.#halfEndMs + halfMs;
    this.#halfEndMs = nowMs + halfMs;
    if (isFirst) return;
    this.#formerSuccesses = isOld ? 0 : this.#successes;
    this.#formerFailures = isOld ? 0 : this.#failures;
    this.#successes = 0;
    this.#failures = 0;
  }

  /** A call failed; true when that made it unhealthy. */
  failed(nowMs: number, kind: FailureKind): boolean {
    this.roll(nowMs);
    if (this.#row === 0) this.#rowBeginMs = nowMs;
    this.#row++;
    this.#failures++;
    if (this.#trip !== undefined) return false;
    const reason = this.#ratioReason() ?? this.#rowReason(nowMs);
    if (reason === undefined) return false;
    this.#trip = kind;
    this.reason = reason;
    this.retryAtMs = nowMs + this.#info().tryTimeInterval * 1000;
    return true;
  }

  #ratioReason(): string | undefined {
    const { minTimeoutInvoke, radio, checkTimeoutInterval } = this.#info();
    const failures = this.#failures + this.#formerFailures;
    const calls = failures + this.#successes + this.#formerSuccesses;
    if (failures < minTimeoutInvoke || failures < radio * calls) return undefined;
    if (failures === 1 && this.#row === 1 && this.#hasSucceeded) return undefined;
    return `${failures} of ${calls} calls failed within ${checkTimeoutInterval} s (radio ${radio})`;
  }

  #rowReason(nowMs: number): string | undefined {
    const { frequenceFailInvoke, minFrequenceFailTime } = this.#info();
    if (frequenceFailInvoke <= 1 || this.#row < frequenceFailInvoke) return undefined;
    if (nowMs - this.#rowBeginMs < minFrequenceFailTime * 1000) return undefined;
    return `${this.#row} calls in a row failed (frequenceFailInvoke ${frequenceFailInvoke})`;
  }

  #heal(): boolean {
    if (this.#trip === undefined) return false;
    this.#trip = undefined;
    this.reason = '';
    this.retryAtMs = 0;
    return true;
  }
}
